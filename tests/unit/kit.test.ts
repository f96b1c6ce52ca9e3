import { type IncomingMessage } from "node:http";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressBlock, createAddressOf } from "../../server/kit/address.js";
import { excerpt } from "../../server/kit/errors.js";
import { foldCase } from "../../server/kit/filter.js";
import { createIdSequence, firstIdAt, ID_PATTERN, momentOf, newId, readId } from "../../server/kit/id.js";
import { formatMoney, MONEY_MAX, readMoney, roundMoney } from "../../server/kit/money.js";
import { joinSum, splitSum } from "../../server/kit/wide-sum.js";

const MS_MAX = 2 ** 48 - 1;
const moments = fc.integer({ min: 0, max: MS_MAX });

describe("Ids of facts", () => {
  it("are 32 lowercase hexadecimal characters that tell their millisecond", () => {
    fc.assert(
      fc.property(moments, (ms) => {
        const id = newId(ms);
        expect(id).toMatch(ID_PATTERN);
        expect(momentOf(id).getTime()).toBe(ms);
      }),
    );
  });

  it("sort by time, as text and from the first id of a moment on", () => {
    fc.assert(
      fc.property(moments, moments, (one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        if (early < late) expect(newId(early) < newId(late)).toBe(true);
        expect(firstIdAt(new Date(late)) <= newId(late)).toBe(true);
        if (early < late) expect(newId(early) < firstIdAt(new Date(late))).toBe(true);
      }),
    );
  });

  it("never repeat: 100,000 of one millisecond are 100,000", () => {
    expect(new Set(Array.from({ length: 100_000 }, () => newId(1_800_000_000_000))).size).toBe(100_000);
  });

  it("take all their 80 random bits from chance", () => {
    const ids = Array.from({ length: 2000 }, () => BigInt(`0x${newId(0).slice(12)}`));
    for (let bit = 0n; bit < 80n; bit += 1n) {
      const set = ids.filter((id) => (id >> bit) & 1n).length;
      expect(Math.abs(set - 1000), `bit ${bit}`).toBeLessThan(200);
    }
  });

  it("of a sequence rise strictly, within a millisecond and when the clock goes back a little", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1_800_000_000_000, max: 1_800_000_000_003 }), { maxLength: 200 }),
        (clock) => {
          const ids = clock.map(createIdSequence());
          for (const [index, id] of ids.entries()) {
            expect(id).toMatch(ID_PATTERN);
            if (index > 0) expect(id > (ids[index - 1] as string)).toBe(true);
          }
        },
      ),
    );
    const next = createIdSequence();
    const burst = Array.from({ length: 100_000 }, () => next(1_800_000_000_000));
    expect(burst.every((id, index) => index === 0 || id > (burst[index - 1] as string))).toBe(true);
    expect(new Set(burst.map((id) => momentOf(id).getTime()))).toEqual(new Set([1_800_000_000_000]));
  });

  it("of a sequence follow a clock that was set back by more than five seconds, and rise again from there", () => {
    const next = createIdSequence();
    const ms = 1_800_000_000_000;
    const moments = [ms, ms - 5000, ms - 3_600_000, ms - 3_600_001, ms - 3_500_000].map((now) =>
      momentOf(next(now)).getTime(),
    );
    expect(moments).toEqual([ms, ms, ms - 3_600_000, ms - 3_600_000, ms - 3_500_000]);
  });

  it("of two sequences never meet", () => {
    const [one, other] = [createIdSequence(), createIdSequence()];
    const ids = Array.from({ length: 1000 }, () => [one(5), other(5)]).flat();
    expect(new Set(ids).size).toBe(2000);
  });

  it.each([
    ["before 1970", -1, "0".repeat(32)],
    ["1970", 0, "0".repeat(32)],
    ["a moment", 255, `${"0".repeat(10)}ff${"0".repeat(20)}`],
    ["beyond what an id can hold", MS_MAX + 10, `${"f".repeat(12)}${"0".repeat(20)}`],
  ])("begin at %s with their first", (_, ms, id) => {
    expect(firstIdAt(new Date(ms))).toBe(id);
  });

  it.each([
    ["as it is", "a".repeat(32), "a".repeat(32)],
    ["upper case and spaces", `\t ${"AB".repeat(16)} \n`, "ab".repeat(16)],
    ["too short", "a".repeat(31), null],
    ["too long", "a".repeat(33), null],
    ["a letter beyond f", `g${"a".repeat(31)}`, null],
    ["full-width digits", "１".repeat(32), null],
    ["a space within", `${"a".repeat(16)} ${"a".repeat(15)}`, null],
    ["a second line", `${"a".repeat(32)}\nb`, null],
    ["nothing", "", null],
  ])("are read: %s", (_, text, id) => {
    expect(readId(text)).toBe(id);
  });
});

describe("Money", () => {
  const ONE = 100_000_000n;
  const amounts = fc.bigInt({ min: 0n, max: MONEY_MAX });

  it.each([
    [0n, "0.0000"],
    [1n, "0.00000001"],
    [35_000n, "0.00035"],
    [100_000n, "0.0010"],
    [12_345_678n, "0.12345678"],
    [ONE, "1.0000"],
    [250_000_000n, "2.5000"],
    [MONEY_MAX, "999999999.9999"],
    [1000n * MONEY_MAX, "999999999999.9000"],
  ])("is written with four decimals, and more only where they are not zero: %s is %s", (amount, text) => {
    expect(formatMoney(amount)).toBe(text);
  });

  it.each([
    ["0", 0n],
    ["0.00000001", 1n],
    ["999999999.9999", MONEY_MAX],
    ["999999999.99990000000", MONEY_MAX],
    ["999999999.99990001", null],
    ["999999999.99999999", null],
    ["1000000000", null],
    ["0.000000001", null],
    ["", null],
    [".", null],
    ["1.", null],
    ["-0", null],
    ["+1", null],
    ["1e2", null],
    ["1 ", null],
    ["1\n", null],
  ])("is read from any plain decimal of what an amount holds: %j is %s", (text, amount) => {
    expect(readMoney(text)).toBe(amount);
  });

  it.each([
    ["0.000000004", 0n, false],
    ["0.000000005", 1n, false],
    ["0.000000015", 2n, false],
    ["0.00000000499999999999", 0n, false],
    ["12.0999999999999996447", 1_210_000_000n, false],
    ["7.643215", 764_321_500n, true],
    ["0.999999995", ONE, false],
    ["999999999.999900004", MONEY_MAX, false],
  ])("is rounded half away from zero where it has more decimals: %s", (text, amount, isExact) => {
    expect(roundMoney(text)).toEqual({ amount, isExact });
  });

  it.each(["999999999.999900005", "999999999.999999999", "9999999999.1"])(
    "is not rounded beyond the largest: %s",
    (text) => {
      expect(roundMoney(text)).toBeNull();
    },
  );

  it("is rounded to the nearest, whatever the decimals", () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.stringMatching(/^\d{9,30}$/), (whole, decimals) => {
        const scale = 10n ** BigInt(decimals.length - 8);
        const exact = BigInt(whole) * ONE * scale + BigInt(decimals);
        expect(roundMoney(`${whole}.${decimals}`)).toEqual({
          amount: (exact + scale / 2n) / scale,
          isExact: exact % scale === 0n,
        });
      }),
    );
  });

  it("is added up exactly in two parts, neither of which comes near 64 bits", () => {
    const counts = fc.bigInt({ min: 1n, max: 2n ** 31n });
    fc.assert(
      fc.property(fc.array(fc.tuple(amounts, counts), { maxLength: 5 }), (many) => {
        const parts = many.map(([amount, count]) => splitSum(amount).map((part) => part * count));
        const [rest = 0n, whole = 0n] = [0, 1].map((place) =>
          parts.reduce((sum, part) => sum + (part[place] ?? 0n), 0n),
        );
        expect(joinSum(rest, whole)).toBe(many.reduce((sum, [amount, count]) => sum + amount * count, 0n));
      }),
    );
    for (const part of splitSum(MONEY_MAX)) expect(part * 2n ** 31n).toBeLessThan(2n ** 61n);
    for (const part of splitSum(MONEY_MAX)) expect(part * 9_200_000_000n).toBeLessThan(2n ** 63n);
    for (const part of splitSum(ONE - 1n)) expect(part * 2n ** 31n).toBeLessThan(2n ** 61n);
  });

  it("is read and written without losing a hundred-millionth", () => {
    fc.assert(fc.property(amounts, (amount) => readMoney(formatMoney(amount)) === amount));
  });

  it("agrees with big integers, whatever zeros stand around the digits", () => {
    const digits = (max: number) => fc.stringMatching(/^\d+$/).map((text) => text.slice(0, max));
    fc.assert(
      fc.property(digits(9), digits(8), fc.nat(40), fc.nat(40), (whole, decimals, before, after) => {
        const text = `${"0".repeat(before)}${whole}.${decimals}${"0".repeat(after)}`;
        const amount = BigInt(whole) * ONE + BigInt(decimals.padEnd(8, "0"));
        expect(readMoney(text)).toBe(amount > MONEY_MAX ? null : amount);
      }),
    );
  });

  it("refuses a ninth decimal and a tenth digit before the point", () => {
    fc.assert(
      fc.property(
        fc.nat(999_999_998),
        fc.integer({ min: 1, max: 9 }),
        fc.stringMatching(/^\d{8}$/),
        (whole, last, decimals) => {
          expect(readMoney(`${whole}.${decimals}${last}`)).toBeNull();
          expect(readMoney(`${last}${String(whole).padStart(9, "0")}`)).toBeNull();
        },
      ),
    );
  });

  it("is never read from anything but ASCII digits and a point", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        if (!/^[0-9]*\.?[0-9]+$/.test(text)) expect(readMoney(text)).toBeNull();
      }),
    );
  });

  it("reads 60,000 digits in a time that grows with their number only", () => {
    const long = `0.${"0".repeat(60_000)}1`;
    for (let round = 0; round < 50; round += 1) expect(readMoney(long)).toBeNull();
    expect(readMoney(`1.5${"0".repeat(60_000)}`)).toBe(150_000_000n);
    expect(readMoney(`${"0".repeat(60_000)}1`)).toBe(ONE);
  });
});

describe("An excerpt of a foreign value", () => {
  it("is short, well-formed, of one line and without control characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.integer({ min: 1, max: 80 }), (text, max) => {
        const shown = excerpt(text, max);
        expect(shown.length).toBeLessThanOrEqual(max + 1);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/\p{Cc}/u);
        if (text.isWellFormed() && text.length <= max && !/\p{Cc}/u.test(text)) expect(shown).toBe(text);
      }),
    );
  });

  it("says when something is missing", () => {
    expect(excerpt("x".repeat(80))).toBe("x".repeat(80));
    expect(excerpt("x".repeat(81))).toBe(`${"x".repeat(80)}…`);
    expect(excerpt("a\r\nb\u0000c\u001b[31m\u0085")).toBe("a??b?c?[31m?");
    expect(excerpt("\ud800")).toBe("\ufffd");
  });
});

describe("The visitor's address", () => {
  const from = (remoteAddress: string, forwarded?: string | string[]) =>
    ({ socket: { remoteAddress }, headers: { "x-forwarded-for": forwarded } }) as unknown as IncomingMessage;

  it.each([
    ["nobody is trusted", [], "10.0.0.1", "1.1.1.1", "10.0.0.1"],
    ["no header", ["10.0.0.0/8"], "10.0.0.1", undefined, "10.0.0.1"],
    ["an empty header", ["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"],
    ["one trusted hop", ["10.0.0.0/8"], "10.0.0.1", "1.1.1.1", "1.1.1.1"],
    ["a stranger's header", ["10.0.0.0/8"], "2.2.2.2", "1.1.1.1", "2.2.2.2"],
    ["a forged hop on the left", ["10.0.0.0/8"], "10.0.0.1", "8.8.8.8, 1.1.1.1", "1.1.1.1"],
    ["two trusted hops", ["10.0.0.0/8"], "10.0.0.1", "8.8.8.8, 1.1.1.1, 10.0.0.2", "1.1.1.1"],
    ["all hops trusted", ["10.0.0.0/8"], "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["garbage ends the walk", ["10.0.0.0/8"], "10.0.0.1", "1.1.1.1, garbage, 10.0.0.2", "10.0.0.2"],
    ["an empty hop ends the walk", ["10.0.0.0/8"], "10.0.0.1", "1.1.1.1,", "10.0.0.1"],
    ["repeated headers are one list", ["10.0.0.0/8"], "10.0.0.1", ["8.8.8.8", "1.1.1.1"], "1.1.1.1"],
    ["an IPv4 peer seen as IPv6", ["10.0.0.0/8"], "::ffff:10.0.0.1", "1.1.1.1", "1.1.1.1"],
    ["an IPv6 range", ["fd00::/8"], "fd00::1", "2001:db8::7", "2001:db8::7"],
    ["a port behind IPv4", ["10.0.0.1"], "10.0.0.1", "1.1.1.1:443", "1.1.1.1"],
    ["brackets and a port", ["10.0.0.1"], "10.0.0.1", "[2001:db8::7]:443", "2001:db8::7"],
    ["a zone", ["10.0.0.1"], "10.0.0.1", "fe80::1%eth0", "fe80::1"],
    ["an IPv4 address in hexadecimal IPv6", ["10.0.0.1"], "10.0.0.1", "::ffff:0102:0304", "1.2.3.4"],
    ["one written in full", ["10.0.0.1"], "10.0.0.1", "0:0:0:0:0:FFFF:1.2.3.4", "1.2.3.4"],
    ["capitals and zeros", ["10.0.0.1"], "10.0.0.1", "2001:0DB8:0:0:0:0:0:7", "2001:db8::7"],
    ["a trusted hop in another form", ["10.0.0.0/8"], "::ffff:a00:1", "1.1.1.1, ::FFFF:0a00:0002", "1.1.1.1"],
    ["octal digits", ["10.0.0.1"], "10.0.0.1", "010.1.1.1", "10.0.0.1"],
    ["a short form of IPv4", ["10.0.0.1"], "10.0.0.1", "127.1", "10.0.0.1"],
  ])("is read with %s", (_, trusted, peer, forwarded, address) => {
    expect(createAddressOf(trusted)(from(peer, forwarded))).toBe(address);
  });

  it("is never taken from what a stranger sends, whatever he sends", () => {
    const hops = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), { maxLength: 5 });
    fc.assert(
      fc.property(hops, (forwarded) => {
        expect(createAddressOf(["10.0.0.0/8"])(from("2.2.2.2", forwarded.join(",")))).toBe("2.2.2.2");
        const behind = [...forwarded, "9.9.9.9"].join(",");
        expect(createAddressOf(["10.0.0.0/8"])(from("10.0.0.1", behind))).toBe("9.9.9.9");
      }),
    );
  });

  it.each([
    ["1.2.3.4", "1.2.3.4"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["::1", "::/64"],
    ["", ""],
  ])("%s is limited as %s", (address, block) => {
    expect(addressBlock(address)).toBe(block);
  });
});

describe("Folding for search", () => {
  it.each([
    ["Straße", "STRASSE"],
    ["ΟΔΟΣ", "οδος"],
    ["ΟΔΟΣ", "οδοσ"],
    ["École", "ÉCOLE"],
    ["e\u0301cole", "École"],
    ["Ｆｕｌｌ", "full"],
    ["ﬁne", "FINE"],
    ["ПРИВЕТ", "привет"],
    ["Ⅷ", "viii"],
  ])("makes %s and %s one", (one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
  });

  it.each([
    ["e", "é"],
    ["%", "_"],
    ["ß", "s"],
    ["n", "ñ"],
  ])("keeps %s and %s apart", (one, other) => {
    expect(foldCase(one)).not.toBe(foldCase(other));
  });

  it("does nothing the second time", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => foldCase(foldCase(text)) === foldCase(text)));
  });
});
