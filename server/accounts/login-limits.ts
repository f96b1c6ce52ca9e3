import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { addressBlock } from "../kit/address.js";
import { forbidden, httpOf } from "../kit/errors.js";

/** Wrong passwords within a quarter of an hour: for one account, and from one address. */
export const FAILURES_PER_ACCOUNT = 10;
export const FAILURES_PER_ADDRESS = 30;
const WINDOW_SECONDS = 15 * 60;

/** Whose password is tried, from where, and how many tries the request has in all: a document of a hundred counts as that. */
export interface Attempt {
  account: string;
  address: string;
  tries: number;
}

/** Guards a password check: counts each attempt before it is made, takes it back when the password was right. */
export interface LoginLimits {
  /** @throws FORBIDDEN when there were too many; then nothing is checked. */
  attempt(attempt: Attempt, check: () => Promise<boolean>): Promise<boolean>;
}

export function createLoginLimits(): LoginLimits {
  const perAccount = new RateLimiterMemory({ points: FAILURES_PER_ACCOUNT, duration: WINDOW_SECONDS });
  const perAddress = new RateLimiterMemory({ points: FAILURES_PER_ADDRESS, duration: WINDOW_SECONDS });
  return {
    attempt: async ({ account, address, tries }, check) => {
      const block = addressBlock(address);
      const name = createHash("sha256").update(account).digest("base64");
      await consume(perAddress, block, tries);
      await consume(perAccount, name, tries);
      const isRight = await check();
      if (isRight) await Promise.all([perAccount.delete(name), perAddress.reward(block, tries)]);
      return isRight;
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string, tries: number): Promise<void> {
  try {
    await limiter.consume(key, tries);
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    const minutes = Math.ceil(reason.msBeforeNext / 60_000);
    const seconds = Math.ceil(reason.msBeforeNext / 1000);
    throw forbidden(`Too many wrong passwords: try again in ${minutes} minute${minutes === 1 ? "" : "s"}.`, {
      retryAfterSeconds: seconds,
      ...httpOf(429, { "retry-after": `${seconds}` }),
    });
  }
}
