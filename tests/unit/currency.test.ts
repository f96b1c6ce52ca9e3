import { describe, expect, it } from "vitest";
import { readCurrency } from "../../server/catalog/currency.js";

/** Known to Node, but no longer in ISO 4217: replaced by EUR, SLE and ZWG. */
const WITHDRAWN = ["HRK", "SLL", "ZWL"];

describe("A currency", () => {
  it("may be each that Node knows", () => {
    const known = Intl.supportedValuesOf("currency").filter((code) => !WITHDRAWN.includes(code));
    expect(known.length).toBeGreaterThan(150);
    expect(known.filter((code) => readCurrency(code) === null)).toEqual([]);
  });

  it.each([
    ["xcg", "XCG"],
    ["XAD", "XAD"],
    [" ZWG ", "ZWG"],
    ["RUR", "RUB"],
    ["rur", "RUB"],
  ])("2.6 is taken when it is new, or has another code in use: %s", (text, code) => {
    expect(readCurrency(text)).toBe(code);
  });

  it.each([...WITHDRAWN, "", "US", "USDT", "840", "uſd", "ınr", "DEM", "rub,usd"])("is not %j", (text) => {
    expect(readCurrency(text)).toBeNull();
  });
});
