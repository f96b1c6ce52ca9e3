import { currenciesOf } from "../catalog/currency-signs.js";
import { type CurrencyWord } from "../catalog/currency-words.js";
import { mappedWord, WORD_MAX } from "../catalog/words.js";
import { roundMoney } from "../kit/money.js";
import { decodeEscapes } from "../kit/parameters.js";
import { refusal } from "./verdict.js";

/** An amount as a postback names it. */
export interface Amount {
  /** Hundred-millionths. */
  amount: bigint;
  /** Whether that is all of it; else it has been rounded. */
  isExact: boolean;
  /** The sign or code that stands before it or after it, or both. */
  unit: string;
  /** The currencies that this may be; empty: there is none. */
  currencies: string[];
  /** It stands beside a comma with nothing on its other side: some templates name two amounts. */
  isOneOfTwo: boolean;
}

/**
 * Digits with their separators, which may be spaces and apostrophes too; before them and after them what may be signs and codes,
 * with a point behind a short form: `kr.`
 */
const SHAPE =
  /^([^\d.,]*)(?:(?<=\p{L})\.\s+)?((?:(?<!\p{L})[.,]|\d)(?:[\d.,]|(?<=\d)[\p{Zs}'’ʼ](?=\d))*)([^\d.,]*)(?:(?<=\p{L})\.)?$/u;
const CODE_FIRST = /^([A-Za-z]{3})(?!\p{L})(.+)$/su;
const CODE_LAST = /^(.+)(?<!\p{L})([A-Za-z]{3})$/su;
/** `1,234.50` and `1,234,567`; with the separators the other way round `1.234,50` and `1.234.567`. */
const COMMA_GROUPS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const POINT_GROUPS = /^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/;
/** `1 234 567,89` and `1'234.50`: what stands between the thousands is no decimal sign, so a comma behind them is. */
const GAP_GROUPS = /^\d{1,3}(?:(?:\p{Zs}\d{3})+|(?:['’ʼ]\d{3})+)(?:[.,]\d+)?$/u;
const GAP = /[^\d.,]/gu;
const DECIMAL_COMMA = /^\d*,\d+$/;
/** A thousand, or a third decimal: nobody can tell. */
const AMBIGUOUS = /^\d*,\d{3}$/;
/** `12.50,` and `,7.50`: with a decimal point, so that the comma cannot be one, and without three decimals. */
const ONE_OF_TWO = /^(?:,\d+\.\d{1,2}|\d+\.\d{1,2},)$/;

/** Signs of a minus, ASCII's and those of typographers, and what accountants write in their place. */
const MINUS = /^([^-−‐‑‒–—⁻﹘﹣－]*)[-−‐‑‒–—⁻﹘﹣－]([^-−‐‑‒–—⁻﹘﹣－]*)$/u;
const BRACKETS = /^([^()]*)\(([^()]+)\)([^()]*)$/u;
/** Dashes in the place of decimals, as prices have them in much of Europe: `12,-`, `CHF 12.–`, `12:- kr`. */
const DASHES_FOR_DECIMALS = /(?<=\d)([.,:])[-–—]{1,2}(?=[^\d.,:]*$)/u;
/** What nobody sees, such as the marks of direction that languages from right to left put around amounts. */
const INVISIBLE = /\p{Cf}+/gu;

/**
 * Reads the amount in a parameter. A point is the decimal sign; a comma is where nothing else can be meant. Digits stay
 * digits: no number of JavaScript comes near. More decimals than an amount holds are rounded half away from zero.
 *
 * @param words  what the postback key says of words for currencies.
 * @throws REVENUE_AMBIGUOUS for a single comma before exactly three digits, REVENUE_NEGATIVE, REVENUE_UNUSABLE, REVENUE_CURRENCY,
 *   and CURRENCY_UNKNOWN for a code that is none
 */
export function readAmount(name: string, text: string, words: readonly CurrencyWord[] = []): Amount {
  const known = knownBy(words);
  const plain = plainAmount(text);
  const { digits, units, areUnits } = partsOf(plain, known);
  if (areUnits && AMBIGUOUS.test(digits)) {
    const [whole = "", decimals = ""] = digits.split(",");
    const thousands = (whole + decimals).replace(/^0+(?=\d)/, "");
    throw refusal("REVENUE_AMBIGUOUS", name, text, `${whole || "0"}.${decimals}`, thousands);
  }
  const isOneOfTwo = ONE_OF_TWO.test(digits);
  const money = areUnits ? roundMoney(isOneOfTwo ? digits.replace(",", "") : withPoint(digits)) : null;
  const [code = "", ...others] = units;
  if (!areUnits && others.length === 0 && CODE.test(code) && roundMoney(withPoint(digits)))
    throw refusal("CURRENCY_UNKNOWN", name, text, `"${code}" is the code of no currency`);
  if (!money) throw refusal(isNegative(plain, known) ? "REVENUE_NEGATIVE" : "REVENUE_UNUSABLE", name, text);
  return { ...money, unit: units.join(" "), currencies: currenciesOfAll(name, text, units, known), isOneOfTwo };
}

/** An amount without what changes nothing: what nobody sees, a further encoding for URLs, dashes for no decimals. */
function plainAmount(text: string): string {
  if (PLAIN.test(text)) return text;
  const shown = decodeEscapes(text).replace(INVISIBLE, "").trim();
  return shown.replace(DASHES_FOR_DECIMALS, (_, sign) => (sign === "." ? ".00" : ",00"));
}

const PLAIN = /^[\d.,]*$/;
/** What looks like the code of a currency, as cryptocurrencies have them. */
const CODE = /^[A-Za-z]{3,4}$/;
/** No sign or word is longer, however its accents are written: what is, is not looked up. */
const UNIT_MAX = 4 * WORD_MAX;

/** The currencies that a sign, code or word may stand for; empty: nobody knows it. */
type Known = (unit: string) => string[];

/** @param words  the postback key's: they come first, so that it can say which of several currencies `$` is. */
function knownBy(words: readonly CurrencyWord[]): Known {
  return (unit) => {
    if (unit.length > UNIT_MAX) return [];
    const mapped = mappedWord(words, unit);
    return mapped ? [mapped.currency] : currenciesOf(unit);
  };
}

/** An amount's digits with their separators, and the signs and codes beside them. Without digits it is none. */
function partsOf(text: string, known: Known): { digits: string; units: string[]; areUnits: boolean } {
  const [, before = "", digits = "", after = ""] = SHAPE.exec(text) ?? [];
  const units = [...unitsOf(before, known), ...unitsOf(after, known)];
  return { digits, units, areUnits: units.every((unit) => known(unit).length > 0) };
}

/** Whether it would be an amount without a minus: `-4.50`, `$-4.50`, `4.50-`, `(4.50)`. */
function isNegative(text: string, known: Known): boolean {
  const [, before = "", after = ""] = MINUS.exec(text) ?? [];
  const isBetweenDigits = /\d/.test(before) && /\d/.test(after);
  const inBrackets = BRACKETS.exec(text)?.slice(1).join("");
  const positive = inBrackets ?? (isBetweenDigits ? "" : before + after);
  const { digits, areUnits } = partsOf(positive.trim(), known);
  return areUnits && /\d/.test(digits);
}

/** What stands on one side of the digits: a sign, a code, or both. */
function unitsOf(side: string, known: Known): string[] {
  const text = side.trim();
  if (text === "" || known(text).length > 0) return text ? [text] : [];
  const [, first, last] = CODE_FIRST.exec(text) ?? CODE_LAST.exec(text) ?? [];
  return first && last ? [first.trim(), last.trim()] : [text];
}

/** The currencies that all of them may stand for. @throws REVENUE_CURRENCY */
function currenciesOfAll(name: string, text: string, units: string[], known: Known): string[] {
  return units.map(known).reduce((common, next, place) => {
    const shared = place === 0 ? next : common.filter((currency) => next.includes(currency));
    if (shared.length > 0) return shared;
    throw refusal("REVENUE_CURRENCY", name, text, units.slice(0, place).join(" "), units[place] ?? "");
  }, []);
}

/** The digits with a point as decimal sign and no other separator, where they can be read in one way. */
function withPoint(digits: string): string {
  if (GAP_GROUPS.test(digits)) return digits.replace(GAP, "").replace(",", ".");
  if (DECIMAL_COMMA.test(digits)) return digits.replace(",", ".");
  if (COMMA_GROUPS.test(digits)) return digits.replaceAll(",", "");
  // One group after a point is its decimals: 1.234 is 1.234.
  if (POINT_GROUPS.test(digits) && digits.replace(".", "").search(/[.,]/) >= 0) {
    return digits.replaceAll(".", "").replace(",", ".");
  }
  return digits;
}
