import currencies from "currency-codes";
import { excerpt } from "../kit/errors.js";

export const CURRENCY_DEFAULT = "USD";

/** An ISO 4217 code in capitals, or null. */
export function readCurrency(text: string): string | null {
  const letters = /^[A-Za-z]{3}$/.exec(text.trim())?.[0];
  return letters && currencies.code(letters) ? letters.toUpperCase() : null;
}

export const CURRENCY_RULE = "an ISO 4217 code, such as USD or EUR";

/** What is wrong with a currency an operator gives, or null. */
export function currencyProblem(text: string): string | null {
  return readCurrency(text) ? null : `"${excerpt(text)}" is not ${CURRENCY_RULE}.`;
}
