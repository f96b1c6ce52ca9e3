import { describe, expect, it } from "vitest";
import { formatAmount, sizeOfAmount } from "../../admin/cells/amount.js";

describe("An amount in the admin", () => {
  it.each([
    ["0.0000", "0.00"],
    ["2.5000", "2.50"],
    ["0.1230", "0.123"],
    ["0.00035", "0.00035"],
    ["1234567.12345678", "1,234,567.12345678"],
    ["999999999.9999", "999,999,999.9999"],
    ["209999999999789999999.0001", "209,999,999,999,789,999,999.0001"],
  ])("2.7 has two decimals, and more where they are not zero: %s is %s", (amount, shown) => {
    expect(formatAmount(amount)).toBe(shown);
  });

  it("2.7 is compared by its size, however many decimals it has", () => {
    const amounts = ["0.00035", "0.1000", "10.0000", "9.99999999", "0.0000"];
    const bySize = amounts.toSorted((a, b) => (sizeOfAmount(a) < sizeOfAmount(b) ? 1 : -1));
    expect(bySize).toEqual(["10.0000", "9.99999999", "0.1000", "0.00035", "0.0000"]);
  });
});
