/** An amount, as the API writes it ("2.5000", "0.00035"), for people: grouped, two decimals, more where they are not zero. */
export function formatAmount(amount: string): string {
  const [whole = "0", decimals = ""] = amount.split(".");
  const kept = decimals.replace(/0+$/, "").padEnd(2, "0");
  return `${BigInt(whole).toLocaleString("en")}.${kept}`;
}

/** An amount in hundred-millionths, to compare it with others. */
export function sizeOfAmount(amount: string): bigint {
  const [whole = "0", decimals = ""] = amount.split(".");
  return BigInt(whole + decimals.padEnd(8, "0"));
}
