import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createLoginLimits,
  FAILURES_PER_ACCOUNT,
  FAILURES_PER_ADDRESS,
  FAILURES_PER_KNOWN,
  type LoginLimits,
} from "../../server/accounts/login-limits.js";

const QUARTER_MS = 15 * 60_000;
const ACCOUNT = "ana@example.com";

/** Tries a password. @returns whether it was right; or what the limits say instead. */
async function attempt(
  limits: LoginLimits,
  isRight: boolean,
  { account = ACCOUNT, address = newAddress(), tries = 1 } = {},
): Promise<string> {
  const check = vi.fn(async () => isRight);
  const answer = await limits.attempt({ account, address, tries }, check).then(
    (right) => (right ? "right" : "wrong"),
    (error: { message: string; extensions: { code: string; retryAfterSeconds: number } }) => {
      expect(error.extensions.retryAfterSeconds).toBeGreaterThan(0);
      expect(error.message).toMatch(/^Too many wrong passwords: try again in \d+ minutes?\.$/);
      return error.extensions.code;
    },
  );
  expect(check).toHaveBeenCalledTimes(answer === "FORBIDDEN" ? 0 : 1);
  return answer;
}

/** The answers to so many attempts, one after the other. */
async function answersTo(count: number, ask: (index: number) => Promise<string>): Promise<string[]> {
  const answers: string[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await ask(index));
  return answers;
}

let addresses = 0;
/** An address that no other attempt came from. */
function newAddress(): string {
  addresses += 1;
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

describe("The limits of signing in", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("let nobody guess at an account from many addresses, and let no right password in either then", async () => {
    const limits = createLoginLimits();
    const wrong = await answersTo(FAILURES_PER_ACCOUNT, () => attempt(limits, false));
    expect(wrong).toEqual(Array(FAILURES_PER_ACCOUNT).fill("wrong"));
    expect(await attempt(limits, false)).toBe("FORBIDDEN");
    expect(await attempt(limits, true)).toBe("FORBIDDEN");
    expect(await attempt(limits, true, { account: "other@example.com" })).toBe("right");
  });

  it.each([
    ["one address", () => "203.0.113.9"],
    ["one IPv6 network", (index: number) => `2001:db8:1:2:${index.toString(16)}::1`],
  ])("let nobody guess at many accounts from %s", async (_, addressOf) => {
    const limits = createLoginLimits();
    const from = (index: number) => ({ account: `${index}@example.com`, address: addressOf(index) });
    const wrong = await answersTo(FAILURES_PER_ADDRESS, (index) => attempt(limits, false, from(index)));
    expect(wrong).toEqual(Array(FAILURES_PER_ADDRESS).fill("wrong"));
    expect(await attempt(limits, true, from(999))).toBe("FORBIDDEN");
  });

  it("count each IPv6 network by itself, and each IPv4 address", async () => {
    const limits = createLoginLimits();
    for (const address of ["2001:db8:1:3::1", "203.0.113.8"]) {
      await attempt(limits, false, { account: "a", address, tries: FAILURES_PER_ADDRESS });
    }
    for (const address of ["2001:db8:1:4::1", "203.0.113.9"]) {
      expect(await attempt(limits, true, { account: "b", address })).toBe("right");
    }
  });

  it("count a request with a hundred tries as a hundred, and check none of them", async () => {
    const limits = createLoginLimits();
    const address = newAddress();
    expect(await attempt(limits, true, { address, tries: 100 })).toBe("FORBIDDEN");
    expect(await attempt(limits, true, { address })).toBe("FORBIDDEN");
    expect(await attempt(limits, true, { tries: FAILURES_PER_ACCOUNT + 1 })).toBe("FORBIDDEN");
    expect(await attempt(limits, true)).toBe("FORBIDDEN");
  });

  it("count a request with as many tries as are left, and not one more", async () => {
    const limits = createLoginLimits();
    expect(await attempt(limits, false, { tries: FAILURES_PER_ACCOUNT - 1 })).toBe("wrong");
    expect(await attempt(limits, false)).toBe("wrong");
    expect(await attempt(limits, true)).toBe("FORBIDDEN");
  });

  it("count guesses that come at once", async () => {
    const limits = createLoginLimits();
    const answers = await Promise.all(Array.from({ length: 40 }, () => attempt(limits, false)));
    expect(answers.filter((answer) => answer === "wrong")).toHaveLength(FAILURES_PER_ACCOUNT);
    expect(answers.filter((answer) => answer === "FORBIDDEN")).toHaveLength(40 - FAILURES_PER_ACCOUNT);
  });

  it("forget an account's wrong passwords after the right one", async () => {
    const limits = createLoginLimits();
    for (let round = 0; round < 3; round += 1) {
      await answersTo(FAILURES_PER_ACCOUNT - 1, () => attempt(limits, false));
      expect(await attempt(limits, true)).toBe("right");
    }
  });

  it("do not count right passwords against an address, and forget none of its wrong ones for them", async () => {
    const limits = createLoginLimits();
    const address = "203.0.113.77";
    const right = await answersTo(FAILURES_PER_ADDRESS + 5, () => attempt(limits, true, { address }));
    expect(new Set(right)).toEqual(new Set(["right"]));
    const turns = await answersTo(FAILURES_PER_ADDRESS * 2, (index) =>
      attempt(limits, index % 2 === 1, { address, account: `${index >> 1}` }),
    );
    expect(new Set(turns.slice(0, -1).filter((_, index) => index % 2))).toEqual(new Set(["right"]));
    expect(turns.at(-1)).toBe("FORBIDDEN");
  });

  it("4.6 count a browser that is known by itself, and when it has guessed too often like any other", async () => {
    const limits = createLoginLimits();
    const known = (isRight: boolean, address?: string) =>
      limits.attempt(
        { account: ACCOUNT, address: address ?? newAddress(), tries: 1, browser: "b" },
        async () => isRight,
      );
    await answersTo(FAILURES_PER_ACCOUNT, () => attempt(limits, false));
    expect(await known(true)).toBe(true);
    expect(await attempt(limits, true)).toBe("FORBIDDEN");
    for (let tries = 0; tries < FAILURES_PER_KNOWN; tries += 1) expect(await known(false)).toBe(false);
    await expect(known(true)).rejects.toThrow("Too many wrong passwords");
  });

  it("4.6 count a session by itself, whose guesses close no sign-in", async () => {
    const limits = createLoginLimits();
    const inside = (session: number, isRight: boolean, tries = 1) =>
      limits.attemptInside({ session, tries }, async () => isRight);
    for (let tries = 0; tries < FAILURES_PER_KNOWN; tries += 1) expect(await inside(1, false)).toBe(false);
    await expect(inside(1, true)).rejects.toThrow("Too many wrong passwords");
    expect(await inside(2, true)).toBe(true);
    await expect(inside(3, true, FAILURES_PER_KNOWN + 1)).rejects.toThrow("Too many wrong passwords");
    expect(await attempt(limits, true)).toBe("right");
  });

  it("4.8 say once that they are reached, until they open again", async () => {
    vi.useFakeTimers();
    const limits = createLoginLimits();
    const closed = vi.fn();
    const guess = () =>
      limits.attempt({ account: ACCOUNT, address: newAddress(), tries: 4 }, async () => false, closed).catch(() => {});
    await answersTo(6, async () => String(await guess()));
    expect(closed.mock.calls).toEqual([["account"]]);
    vi.advanceTimersByTime(QUARTER_MS);
    await answersTo(6, async () => String(await guess()));
    expect(closed.mock.calls).toEqual([["account"], ["account"]]);
  });

  it("end a quarter of an hour after the first wrong password", async () => {
    vi.useFakeTimers();
    const limits = createLoginLimits();
    await answersTo(FAILURES_PER_ACCOUNT, () => attempt(limits, false));
    vi.advanceTimersByTime(QUARTER_MS - 1);
    expect(await attempt(limits, true)).toBe("FORBIDDEN");
    vi.advanceTimersByTime(1);
    expect(await attempt(limits, true)).toBe("right");
  });
});
