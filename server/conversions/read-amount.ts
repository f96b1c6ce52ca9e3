import { currenciesOf } from "../catalog/currency-signs.js";
import { readMoney } from "../kit/money.js";
import { refusal } from "./verdict.js";

/** An amount as a postback names it. */
export interface Amount {
  /** Ten-thousandths. */
  amount: bigint;
  /** The sign or code that stands before it or after it, or both. */
  unit: string;
  /** The currencies that this may be; empty: there is none. */
  currencies: string[];
  /** It stands beside a comma with nothing on its other side: some templates name two amounts. */
  isOneOfTwo: boolean;
}

/** Digits with their separators; before them and after them what may be signs and codes, with a point behind a short form: `kr.` */
const SHAPE = /^([^\d.,]*)(?:(?<=\p{L})\.\s+)?((?:(?<!\p{L})[.,]|\d)[\d.,]*)([^\d.,]*)(?:(?<=\p{L})\.)?$/u;
const CODE_FIRST = /^([A-Za-z]{3})(?!\p{L})(.+)$/su;
const CODE_LAST = /^(.+)(?<!\p{L})([A-Za-z]{3})$/su;
/** `1,234.50` and `1,234,567`; with the separators the other way round `1.234,50` and `1.234.567`. */
const COMMA_GROUPS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const POINT_GROUPS = /^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/;
const DECIMAL_COMMA = /^\d*,\d+$/;
/** A thousand, or a third decimal: nobody can tell. */
const AMBIGUOUS = /^\d*,\d{3}$/;
/** `12.50,` and `,7.50`: with a decimal point, so that the comma cannot be one, and without three decimals. */
const ONE_OF_TWO = /^(?:,\d+\.\d{1,2}|\d+\.\d{1,2},)$/;

/**
 * Reads the amount in a parameter. A point is the decimal sign; a comma is where nothing else can be meant. Digits stay
 * digits: no number of JavaScript comes near.
 *
 * @throws REVENUE_AMBIGUOUS for a single comma before exactly three digits, REVENUE_UNUSABLE, REVENUE_CURRENCY
 */
export function readAmount(name: string, text: string): Amount {
  const [, before = "", digits = "", after = ""] = SHAPE.exec(text) ?? [];
  const units = [...unitsOf(before), ...unitsOf(after)];
  const areUnits = units.every((unit) => currenciesOf(unit).length > 0);
  if (areUnits && AMBIGUOUS.test(digits)) {
    const [whole = "", decimals = ""] = digits.split(",");
    const thousands = (whole + decimals).replace(/^0+(?=\d)/, "");
    throw refusal("REVENUE_AMBIGUOUS", name, text, `${whole || "0"}.${decimals}`, thousands);
  }
  const isOneOfTwo = ONE_OF_TWO.test(digits);
  const amount = areUnits ? readMoney(isOneOfTwo ? digits.replace(",", "") : withPoint(digits)) : null;
  if (amount === null) throw refusal("REVENUE_UNUSABLE", name, text);
  return { amount, unit: units.join(" "), currencies: currenciesOfAll(name, text, units), isOneOfTwo };
}

/** What stands on one side of the digits: a sign, a code, or both. */
function unitsOf(side: string): string[] {
  const text = side.trim();
  if (text === "" || currenciesOf(text).length > 0) return text ? [text] : [];
  const [, first, last] = CODE_FIRST.exec(text) ?? CODE_LAST.exec(text) ?? [];
  return first && last ? [first.trim(), last.trim()] : [text];
}

/** The currencies that all of them may stand for. @throws REVENUE_CURRENCY */
function currenciesOfAll(name: string, text: string, units: string[]): string[] {
  return units.map(currenciesOf).reduce((common, next, place) => {
    const shared = place === 0 ? next : common.filter((currency) => next.includes(currency));
    if (shared.length > 0) return shared;
    throw refusal("REVENUE_CURRENCY", name, text, units.slice(0, place).join(" "), units[place] ?? "");
  }, []);
}

/** The digits with a point as decimal sign and no other separator, where they can be read in one way. */
function withPoint(digits: string): string {
  if (DECIMAL_COMMA.test(digits)) return digits.replace(",", ".");
  if (COMMA_GROUPS.test(digits)) return digits.replaceAll(",", "");
  // One group after a point is its decimals: 1.234 is 1.234.
  if (POINT_GROUPS.test(digits) && digits.replace(".", "").search(/[.,]/) >= 0) {
    return digits.replaceAll(".", "").replace(",", ".");
  }
  return digits;
}
