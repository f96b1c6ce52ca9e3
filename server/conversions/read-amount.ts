import { currenciesOf } from "../catalog/currency-signs.js";
import { readMoney } from "../kit/money.js";
import { refusal } from "./verdict.js";

/** An amount as a postback names it. */
export interface Amount {
  /** Ten-thousandths. */
  amount: bigint;
  /** The sign or code that stands before it or after it. */
  unit: string;
  /** The currencies that this may be; empty: there is none. */
  currencies: string[];
}

/** Digits with their separators; before them or after them a currency's sign or code. */
const SHAPE = /^([^\d.,]*)([\d.,]+)([^\d.,]*)$/;
/** `1,234.50` and `1,234,567`; with the separators the other way round `1.234,50` and `1.234.567`. */
const COMMA_GROUPS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const POINT_GROUPS = /^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/;
const DECIMAL_COMMA = /^\d*,\d+$/;
/** A thousand, or a third decimal: nobody can tell. */
const AMBIGUOUS = /^\d*,\d{3}$/;

/**
 * Reads the amount in a parameter. A point is the decimal sign; a comma is where nothing else can be meant. Digits stay
 * digits: no number of JavaScript comes near.
 *
 * @throws REVENUE_AMBIGUOUS for a single comma before exactly three digits, REVENUE_UNUSABLE
 */
export function readAmount(name: string, text: string): Amount {
  const [, before = "", digits = "", after = ""] = SHAPE.exec(text) ?? [];
  const unit = before.trim() || after.trim();
  const currencies = unit ? currenciesOf(unit) : [];
  const isUnit = !unit || (currencies.length > 0 && !(before.trim() && after.trim()));
  if (isUnit && AMBIGUOUS.test(digits)) {
    const [whole = "", decimals = ""] = digits.split(",");
    const thousands = (whole + decimals).replace(/^0+(?=\d)/, "");
    throw refusal("REVENUE_AMBIGUOUS", name, text, `${whole || "0"}.${decimals}`, thousands);
  }
  const amount = isUnit ? readMoney(withPoint(digits)) : null;
  if (amount === null) throw refusal("REVENUE_UNUSABLE", name, text);
  return { amount, unit, currencies };
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
