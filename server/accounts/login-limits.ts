import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { addressBlock } from "../kit/address.js";
import { forbidden, httpOf } from "../kit/errors.js";

/** Wrong passwords within a quarter of an hour: for one account, from one address, and of one browser or session that is known. */
export const FAILURES_PER_ACCOUNT = 10;
export const FAILURES_PER_ADDRESS = 30;
export const FAILURES_PER_KNOWN = 10;
const WINDOW_SECONDS = 15 * 60;

/** Whose password is tried, from where, and how many tries the request has in all: a document of a hundred counts as that. */
export interface Attempt {
  account: string;
  address: string;
  tries: number;
  /** The browser, if it has signed in to this account before: it has a limit of its own, and those of others do not count. */
  browser?: string | null;
}

/** Guards a password check: counts each attempt before it is made, takes it back when the password was right. */
export interface LoginLimits {
  /**
   * @param closed  told once of each limit that is reached.
   * @throws FORBIDDEN when there were too many; then nothing is checked.
   */
  attempt(attempt: Attempt, check: () => Promise<boolean>, closed?: Closed): Promise<boolean>;
  /** The same for one who is signed in already: the session counts, and no sign-in anywhere. */
  attemptInside(
    attempt: Pick<Attempt, "tries"> & { session: number },
    check: () => Promise<boolean>,
    closed?: Closed,
  ): Promise<boolean>;
}

/** @param limit  which was reached. */
type Closed = (limit: "account" | "address" | "session") => void;

export function createLoginLimits(): LoginLimits {
  const perAccount = new RateLimiterMemory({ points: FAILURES_PER_ACCOUNT, duration: WINDOW_SECONDS });
  const perAddress = new RateLimiterMemory({ points: FAILURES_PER_ADDRESS, duration: WINDOW_SECONDS });
  const perKnown = new RateLimiterMemory({ points: FAILURES_PER_KNOWN, duration: WINDOW_SECONDS });
  return {
    attempt: async ({ account, address, tries, browser = null }, check, closed) => {
      const known = `browser ${browser}`;
      if (browser !== null && (await isLeft(perKnown, known, tries))) {
        const isRight = await check();
        if (isRight) await perKnown.delete(known);
        return isRight;
      }
      const block = addressBlock(address);
      const name = createHash("sha256").update(account).digest("base64");
      await consume(perAddress, block, tries, () => closed?.("address"));
      await consume(perAccount, name, tries, () => closed?.("account"));
      const isRight = await check();
      if (isRight) await Promise.all([perAccount.delete(name), perAddress.reward(block, tries)]);
      return isRight;
    },
    attemptInside: async ({ session, tries }, check, closed) => {
      const known = `session ${session}`;
      await consume(perKnown, known, tries, () => closed?.("session"));
      const isRight = await check();
      if (isRight) await perKnown.delete(known);
      return isRight;
    },
  };
}

function isLeft(limiter: RateLimiterMemory, key: string, tries: number): Promise<boolean> {
  return limiter.consume(key, tries).then(
    () => true,
    () => false,
  );
}

async function consume(limiter: RateLimiterMemory, key: string, tries: number, closed: () => void): Promise<void> {
  try {
    await limiter.consume(key, tries);
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    if (reason.consumedPoints - tries <= limiter.points) closed();
    const minutes = Math.ceil(reason.msBeforeNext / 60_000);
    const seconds = Math.ceil(reason.msBeforeNext / 1000);
    throw forbidden(`Too many wrong passwords: try again in ${minutes} minute${minutes === 1 ? "" : "s"}.`, {
      retryAfterSeconds: seconds,
      ...httpOf(429, { "retry-after": `${seconds}` }),
    });
  }
}
