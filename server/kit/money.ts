/**
 * Amounts are whole hundred-millionths in a bigint; outside they are decimal strings with four to eight decimals. No float
 * anywhere.
 */
export const MONEY_SCALE = 8;
/** 999999999.9999 */
export const MONEY_MAX = 99_999_999_999_990_000n;

/** Decimals that are written whatever they are. */
const DECIMALS_SHOWN_MIN = 4;
const NEEDLESS_ZEROS = new RegExp(`0{1,${MONEY_SCALE - DECIMALS_SHOWN_MIN}}$`);
/** Digits of the largest amount before the point. */
const WHOLE_DIGITS_MAX = MONEY_MAX.toString().length - MONEY_SCALE;

/**
 * Reads a plain decimal number: a point as decimal sign, trailing zeros free, at most eight decimals, no sign, no exponent.
 *
 * @returns hundred-millionths, 0 to `MONEY_MAX`; or null when it is not such a number.
 */
export function readMoney(text: string): bigint | null {
  const read = roundMoney(text);
  return read?.isExact ? read.amount : null;
}

/**
 * Reads a plain decimal number with any number of decimals, and rounds it half away from zero to what an amount holds.
 *
 * @returns hundred-millionths, 0 to `MONEY_MAX`; or null when it is no such number, or is larger when it is rounded.
 */
export function roundMoney(text: string): { amount: bigint; isExact: boolean } | null {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? /^()\.(\d+)$/.exec(text);
  if (!match) return null;
  const whole = (match[1] ?? "").replace(/^0+/, "");
  if (whole.length > WHOLE_DIGITS_MAX) return null;
  const decimals = match[2] ?? "";
  const cut = BigInt(whole + decimals.slice(0, MONEY_SCALE).padEnd(MONEY_SCALE, "0"));
  const amount = (decimals[MONEY_SCALE] ?? "0") < "5" ? cut : cut + 1n;
  return amount > MONEY_MAX ? null : { amount, isExact: /^0*$/.test(decimals.slice(MONEY_SCALE)) };
}

/** Hundred-millionths as a decimal string with at least four decimals: `250_000_000n` is `"2.5000"`, `35_000n` `"0.00035"`. */
export function formatMoney(amount: bigint): string {
  const digits = amount.toString().padStart(MONEY_SCALE + 1, "0");
  return `${digits.slice(0, -MONEY_SCALE)}.${digits.slice(-MONEY_SCALE).replace(NEEDLESS_ZEROS, "")}`;
}

const MONEY_RANGE = "a decimal number from 0 to 999999999.9999";
/** What an amount may be, in words for messages. */
export const MONEY_RULE = `${MONEY_RANGE} with at most ${MONEY_SCALE} decimals, such as 2.50`;
/** What it may be where more decimals are rounded. */
export const ROUNDED_MONEY_RULE = `${MONEY_RANGE}, such as 2.50`;
