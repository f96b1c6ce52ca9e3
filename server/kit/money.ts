/** Amounts are whole ten-thousandths in a bigint; outside they are decimal strings with four decimals. No float anywhere. */
export const MONEY_SCALE = 4;
export const MONEY_MAX = 9_999_999_999_999n;

/**
 * Reads a plain decimal number: a point as decimal sign, trailing zeros free, at most four decimals, no sign, no exponent.
 *
 * @returns ten-thousandths, 0 to 9,999,999,999,999; or null when it is not such a number.
 */
export function readMoney(text: string): bigint | null {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? /^()\.(\d+)$/.exec(text);
  if (!match) return null;
  const whole = (match[1] ?? "").replace(/^0+/, "");
  const decimals = match[2] ?? "";
  if (whole.length > 9 || !/^0*$/.test(decimals.slice(MONEY_SCALE))) return null;
  return BigInt(whole + decimals.slice(0, MONEY_SCALE).padEnd(MONEY_SCALE, "0"));
}

/** Ten-thousandths as a decimal string: `25000n` is `"2.5000"`. */
export function formatMoney(amount: bigint): string {
  const digits = amount.toString().padStart(MONEY_SCALE + 1, "0");
  return `${digits.slice(0, -MONEY_SCALE)}.${digits.slice(-MONEY_SCALE)}`;
}

/** What an amount may be, in words for messages. */
export const MONEY_RULE = "a decimal number from 0 to 999999999.9999 with at most 4 decimals, such as 2.50";
