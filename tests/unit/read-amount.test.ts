import "reflect-metadata";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAmount } from "../../server/conversions/read-amount.js";
import { PostbackRefusal } from "../../server/conversions/verdict.js";
import { formatMoney, MONEY_MAX } from "../../server/kit/money.js";

/** As long as a body may be: who goes over the text again for each of its characters does not come to an end here. */
const LONGEST = 65_536;

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
    ["12.50,", "12.5000"],
    [",7.50", "7.5000"],
    [",7.5", "7.5000"],
    ["$12.50,", "12.5000"],
  ])("is read where it can mean one thing only: %s is %s", (text, amount) => {
    expect(amountOf(text)).toBe(amount);
  });

  it.each([
    ["1 234,50", "1234.5000"],
    ["1 234.50", "1234.5000"],
    ["1 234", "1234.0000"],
    ["1\u00a0234,50", "1234.5000"],
    ["1\u202f234,50", "1234.5000"],
    ["1\u2009234\u2009567,89", "1234567.8900"],
    ["1\u2007234", "1234.0000"],
    ["12\u00a0345\u202f678.9", "12345678.9000"],
    ["1 234 567.89", "1234567.8900"],
    ["1 234,567", "1234.5670"],
    ["999 999 999,9999", "999999999.9999"],
    ["1'234.50", "1234.5000"],
    ["1'234,50", "1234.5000"],
    ["1'234", "1234.0000"],
    ["1’234’567.89", "1234567.8900"],
    ["1ʼ234", "1234.0000"],
    ["1 234,50 €", "1234.5000"],
    ["€ 1 234,50", "1234.5000"],
    ["CHF 1'234.50", "1234.5000"],
    ["kr. 1 234,50", "1234.5000"],
    ["12 345,00 zł", "12345.0000"],
    ["5 000 FCFA", "5000.0000"],
    ["USD1 234", "1234.0000"],
    ["12,-", "12.0000"],
    ["12.–", "12.0000"],
    ["CHF 1'234.—", "1234.0000"],
    ["1.234,-- €", "1234.0000"],
    ["12:- kr", "12.0000"],
    ["1.234:-", "1234.0000"],
    ["\u200e12.50\u200e", "12.5000"],
    ["12.50\u200b", "12.5000"],
    ["\u202a1.234,50\u202c", "1234.5000"],
    ["12%2C50", "12.5000"],
    ["%E2%82%AC1%20234,50", "1234.5000"],
  ])(
    "2.7 may have spaces or apostrophes between its thousands, a comma is decimal then, and dashes are no decimals: %s is %s",
    (text, amount) => {
      expect(amountOf(text)).toBe(amount);
    },
  );

  it.each([
    ["7.643215", "7.643215", true],
    ["0.00035", "0.00035", true],
    ["0.00000001", "0.00000001", true],
    ["12.10000000000000000000", "12.1000", true],
    ["12.0999999999999996447", "12.1000", false],
    ["12,0999999999999996447", "12.1000", false],
    ["1,234.123456785", "1234.12345679", false],
    ["1 234,123456784999", "1234.12345678", false],
    ["0.30000000000000004", "0.3000", false],
    ["0.000000001", "0.0000", false],
    ["0.000000005", "0.00000001", false],
    ["$12.0999999999999996447", "12.1000", false],
    ["0.1234567891 EUR", "0.12345679", false],
    ["999999999.999900004", "999999999.9999", false],
  ])("2.7 is held to 8 decimals, and rounded half away from zero: %s is %s", (text, amount, isExact) => {
    const read = readAmount("payout", text);
    expect([formatMoney(read.amount), read.isExact]).toEqual([amount, isExact]);
  });

  it.each([
    ["999999999.999900005", "rounded beyond the largest"],
    ["999999999.99991", "beyond the largest"],
    ["999999999.99990001", "just beyond the largest"],
    ["1 000 000 000", "beyond the largest"],
    ["12 50", "a space that parts no thousands"],
    ["1 23 456", "groups of two"],
    ["1234 567", "four digits before a space"],
    ["1 234 56", "a short group at the end"],
    ["1  234", "two spaces"],
    ["1\t234", "a tab"],
    ["1\n234", "a new line"],
    ["12'50", "an apostrophe that parts no thousands"],
    ["1'234 567", "two kinds of separators"],
    ["1 234.567,89", "two kinds of separators"],
    ["1.234 567", "a space behind a point"],
    ["1,234 567", "a space behind a comma"],
    ["1 234 567.8.9", "two points"],
    ["1 234,56,7", "two commas"],
    ["1_000", "an underscore"],
    ["1`000", "a backtick"],
    ["1,23,456.78", "Indian groups"],
    ["12,50,", "a comma on its other side"],
    ["5,", "nothing behind a comma"],
    ["5.", "nothing behind a point"],
    ["1e2", "an exponent"],
    ["1E+2", "an exponent"],
    ["1.5e-7", "an exponent"],
    ["+5", "a plus"],
    ["٣", "digits of another script"],
    ["３.５", "wide digits"],
    ["5%", "a percentage"],
    ["5-7", "a range"],
    ["5 - 7", "a range"],
    ["12,-5", "a dash within"],
    ["12,50,-", "dashes behind decimals"],
    ["12--", "dashes alone behind it"],
    ["(5)(6)", "two brackets"],
    ["12,50%2", "a percentage of two"],
    ["bonus -5", "a word"],
    ["--5", "two minuses"],
    ["-1e2", "an exponent behind a minus"],
    ["-", "a minus alone"],
    ["()", "brackets alone"],
  ])("2.7 is refused where it is no amount: %j, %s", (text) => {
    expect(() => readAmount("payout", text)).toThrow(/^The parameter "payout" is ".*": it must be a decimal number/s);
  });

  it.each([
    "-4.5",
    "-10",
    "-0",
    "-2,50",
    "-1,234",
    "-1 234,50",
    "- 4.50",
    "\u22124.50",
    "\u20134.50",
    "-$5",
    "$-5",
    "$ -5.00",
    "USD -5",
    "-5 EUR",
    "5.00-",
    "5.00- EUR",
    "(4.50)",
    "($4.50)",
    "(1 234,50 €)",
    "—4.50",
    "‒4.50",
    "$(5.00)",
    "(5.00) USD",
    "-12,-",
  ])("2.8 is refused as negative, with what takes a conversion back: %s", (text) => {
    expect(() => readAmount("payout", text)).toThrow(
      `The parameter "payout" is "${text}", which is negative: to take a conversion back, send the same uid with status=rejected.`,
    );
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
    ["12,50 zł", "zł", "PLN"],
    ["12,50zł", "zł", "PLN"],
    ["12 Kč", "Kč", "CZK"],
    ["12 Kc\u030c", "Kc\u030c", "CZK"],
    ["1.250,00 Ft", "Ft", "HUF"],
    ["S/ 12.50", "S/", "PEN"],
    ["RM12", "RM", "MYR"],
    ["kr 12", "kr", undefined],
    ["Kr 12", "Kr", undefined],
    ["12,50 kr.", "kr", undefined],
    ["kr. 12,50", "kr", undefined],
    ["Rs 500", "Rs", undefined],
    ["500 руб.", "руб", undefined],
    ["500 грн", "грн", "UAH"],
    ["12 lei", "lei", undefined],
    ["F CFA 500", "F CFA", undefined],
    ["US$ 5", "US$", "USD"],
    ["$5 USD", "$ USD", "USD"],
    ["USD$5", "USD $", "USD"],
    ["USD $ 5", "USD $", "USD"],
    ["5 $CAD", "$ CAD", "CAD"],
    ["US$5 usd", "US$ usd", "USD"],
    ["SEK 12 kr", "SEK kr", "SEK"],
    ["12 kr SEK", "kr SEK", "SEK"],
    ["12,50 zł PLN", "zł PLN", "PLN"],
    ["C$5", "C$", undefined],
    ["US $5", "US $", "USD"],
    ["U$S 5", "U$S", "USD"],
    ["5 dollars", "dollars", undefined],
    ["12,50 Euro", "Euro", "EUR"],
    ["AU$5", "AU$", "AUD"],
    ["S$5", "S$", "SGD"],
    ["12 RMB", "RMB", "CNY"],
    ["￥250", "￥", undefined],
    ["250円", "円", "JPY"],
    ["12,50 TL", "TL", "TRY"],
    ["12,50zl", "zl", "PLN"],
    ["12.50 Fr.", "Fr", "CHF"],
    ["KSh 12", "KSh", "KES"],
    ["12.50 лв.", "лв", "BGN"],
    ["\u200f12.50 \u200f₪", "₪", "ILS"],
  ])("may have a sign or code before it or after it: %s", (text, unit, currency) => {
    const read = readAmount("payout", text);
    expect(read.unit).toBe(unit);
    expect(read.currencies.length === 1 ? read.currencies[0] : undefined).toBe(currency);
    if (!currency) expect(read.currencies.length).toBeGreaterThan(1);
  });

  it.each([
    ["$5 EUR", "$", "EUR"],
    ["€5 USD", "€", "USD"],
    ["USD 5 €", "USD", "€"],
    ["kr 5 PLN", "kr", "PLN"],
    ["USD $5 CAD", "USD $", "CAD"],
  ])("whose sign and code contradict each other is refused: %s", (text, sign, code) => {
    expect(() => readAmount("payout", text)).toThrow(
      `with "${sign}", but the currency that is named beside it is ${code}`,
    );
  });

  it.each([
    ["0.0012BTC", "BTC"],
    ["12.50 USDT", "USDT"],
    ["usdc 1 234,50", "usdc"],
    ["12,50 XYZ", "XYZ"],
  ])("2.6 whose code nobody knows is refused with the way to map it: %s", (text, code) => {
    expect(() => readAmount("payout", text)).toThrow(
      `The parameter "payout" is "${text}", and "${code}" is the code of no currency: send a currency that has an ISO 4217 code beside the amount, or have the postback key's currency words say which one it is.`,
    );
    expect(readAmount("payout", text, [{ word: code.toLowerCase(), currency: "USD" }]).currencies).toEqual(["USD"]);
  });

  it.each([
    ["5K", "a thousand, or a currency"],
    ["P5", "a letter that is the sign of one currency alone"],
    ["R 5", "another"],
    ["Rs.50", "a point behind a short form, or a decimal sign"],
    ["USD.50", "the same behind a code"],
    ["$5 XYZ", "a code that is none"],
    ["bonus 5 USD", "a word"],
    ["$5 $x", "something behind a sign"],
    ["krSEK 5", "what nobody can part"],
    ["12.50,7.50", "two amounts"],
    ["12.500,", "a thousand without decimals"],
    [",7.500", "three decimals behind a comma"],
    ["12.50,,", "two commas"],
    [",", "a comma alone"],
    [",12.50,", "a comma on each side"],
  ])("is refused where something else could be meant: %s, %s", (text) => {
    expect(() => readAmount("payout", text)).toThrow(
      `The parameter "payout" is "${text}": it must be a decimal number`,
    );
  });

  it.each(["x", " x", "$ ", "USD ", "kr. ", "USD x\n", ",", "1 ", "'1", "-", "- "])(
    "is refused, however long it is: %j",
    (part) => {
      for (const around of [(long: string) => long, (long: string) => `5${long}`, (long: string) => `USD${long}5`]) {
        const long = around(part.repeat(LONGEST / part.length));
        expect(() => readAmount("payout", long)).toThrow("it must be a decimal number");
      }
    },
  );

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

  it("is read or refused, whatever text comes", () => {
    const pieces = fc.constantFrom(..."0123456789.,-+ '()$€", "\u00a0", "USD", "kr.", "−", "\ud800", "\n", "e");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        try {
          const { amount } = readAmount("payout", parts.join(""));
          expect(amount >= 0n && amount <= MONEY_MAX).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(PostbackRefusal);
        }
      }),
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
          `${group(whole, " ")},${decimals}`,
          `${group(whole, "\u202f")}.${decimals}`,
          `${group(whole, "'")}.${decimals}`,
        ]) {
          expect(readAmount("payout", unit + written).amount).toBe(amount);
        }
      }),
    );
  });
});
