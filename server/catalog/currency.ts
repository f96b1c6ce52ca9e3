import currencies from "currency-codes";
import { excerpt } from "../kit/errors.js";

export const CURRENCY_DEFAULT = "USD";

/** Added to ISO 4217 in 2025, after the package's list of June 2024: the Arab accounting dinar, the Caribbean guilder. */
const ADDED = ["XAD", "XCG"];
/** All ISO 4217 codes. */
export const currencyCodes = new Set([...currencies.codes(), ...ADDED]);

/** Codes in use that are no longer in ISO 4217 and say the same as one that is: no rate lies between them. */
const SAME: Record<string, string> = { RUR: "RUB" };

/** An ISO 4217 code in capitals, or null. */
export function readCurrency(text: string): string | null {
  const typed = /^[A-Za-z]{3}$/.exec(text.trim())?.[0].toUpperCase() ?? "";
  const code = SAME[typed] ?? typed;
  return currencyCodes.has(code) ? code : null;
}

export const CURRENCY_RULE = "an ISO 4217 code, such as USD or EUR";

/** What is wrong with a currency an operator gives, or null. */
export function currencyProblem(text: string): string | null {
  return readCurrency(text) ? null : `"${excerpt(text)}" is not ${CURRENCY_RULE}.`;
}
