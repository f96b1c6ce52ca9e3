import "reflect-metadata";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAmount } from "../server/conversions/read-amount.js";
import { formatMoney, MONEY_MAX } from "../server/kit/money.js";

const amountOf = (text: string) => formatMoney(readAmount("payout", text).amount);

describe("An amount", () => {
  it.each([
    ["2", "2.0000"],
    ["2.5", "2.5000"],
    [".5", "0.5000"],
    ["1.234", "1.2340"],
    ["1.2345", "1.2345"],
    ["2,50", "2.5000"],
    ["2,5", "2.5000"],
    [",50", "0.5000"],
    ["1234,56", "1234.5600"],
    ["2,5000", "2.5000"],
    ["1,234.50", "1234.5000"],
    ["1,234.567", "1234.5670"],
    ["1,234,567", "1234567.0000"],
    ["1,234,567.8", "1234567.8000"],
    ["1.234,50", "1234.5000"],
    ["1.234,567", "1234.5670"],
    ["1.234.567", "1234567.0000"],
    ["1.234.567,8", "1234567.8000"],
    ["999,999,999.9999", "999999999.9999"],
    ["999.999.999,9999", "999999999.9999"],
  ])("is read where it can mean one thing only: %s is %s", (text, amount) => {
    expect(amountOf(text)).toBe(amount);
  });

  it.each([
    ["$2.50", "$", undefined],
    ["2.50$", "$", undefined],
    ["$ 1,234.50", "$", undefined],
    ["2,50 €", "€", "EUR"],
    ["€2.50", "€", "EUR"],
    ["2.50\u00a0€", "€", "EUR"],
    ["£2.50", "£", undefined],
    ["¥250", "¥", undefined],
    ["250 ₽", "₽", "RUB"],
    ["₹250", "₹", "INR"],
    ["₴250", "₴", "UAH"],
    ["R$ 2,50", "R$", "BRL"],
    ["US$2.50", "US$", "USD"],
    ["USD 2.50", "USD", "USD"],
    ["2,50 eur", "eur", "EUR"],
    ["2.50EUR", "EUR", "EUR"],
  ])("may have a sign or code before it or after it: %s", (text, unit, currency) => {
    const read = readAmount("payout", text);
    expect(read.unit).toBe(unit);
    expect(read.currencies.length === 1 ? read.currencies[0] : undefined).toBe(currency);
    if (!currency) expect(read.currencies.length).toBeGreaterThan(1);
  });

  it.each([
    ["1,234", "1.234", "1234"],
    ["12,345", "12.345", "12345"],
    ["0,500", "0.500", "500"],
    ["1234,500", "1234.500", "1234500"],
    [",500", "0.500", "500"],
    ["$1,234", "1.234", "1234"],
    ["1,234 EUR", "1.234", "1234"],
  ])("with one comma before exactly three digits is shown in both readings: %s", (text, decimal, thousands) => {
    expect(() => readAmount("payout", text)).toThrow(
      `The parameter "payout" is "${text}", which can be read as ${decimal} and as ${thousands}`,
    );
  });

  it("is exact, however it is written: no float comes near", () => {
    const group = (whole: string, separator: string) => whole.replace(/\B(?=(\d{3})+$)/g, separator);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MONEY_MAX }), fc.constantFrom("", "$", "€ ", "EUR"), (amount, unit) => {
        const [whole = "", decimals = ""] = formatMoney(amount).split(".");
        for (const written of [
          `${whole}.${decimals}`,
          `${whole},${decimals}`,
          `${group(whole, ",")}.${decimals}`,
          `${group(whole, ".")},${decimals}`,
        ]) {
          expect(readAmount("payout", unit + written).amount).toBe(amount);
        }
      }),
    );
  });
});
