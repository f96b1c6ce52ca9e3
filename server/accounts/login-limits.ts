import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { addressBlock } from "../kit/address.js";
import { forbidden } from "../kit/errors.js";

/** Wrong passwords within a quarter of an hour: for one account, and from one address. */
export const FAILURES_PER_ACCOUNT = 10;
export const FAILURES_PER_ADDRESS = 30;
const WINDOW_SECONDS = 15 * 60;

/** Guards a password check: counts each attempt before it is made, takes it back when the password was right. */
export interface LoginLimits {
  /** @throws FORBIDDEN when there were too many; then nothing is checked. */
  attempt(account: string, address: string, check: () => Promise<boolean>): Promise<boolean>;
}

export function createLoginLimits(): LoginLimits {
  const perAccount = new RateLimiterMemory({ points: FAILURES_PER_ACCOUNT, duration: WINDOW_SECONDS });
  const perAddress = new RateLimiterMemory({ points: FAILURES_PER_ADDRESS, duration: WINDOW_SECONDS });
  return {
    attempt: async (account, address, check) => {
      const block = addressBlock(address);
      const name = createHash("sha256").update(account).digest("base64");
      await consume(perAddress, block);
      await consume(perAccount, name);
      const isRight = await check();
      if (isRight) await Promise.all([perAccount.delete(name), perAddress.reward(block)]);
      return isRight;
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    const minutes = Math.ceil(reason.msBeforeNext / 60_000);
    throw forbidden(`Too many wrong passwords: try again in ${minutes} minute${minutes === 1 ? "" : "s"}.`, {
      retryAfterSeconds: Math.ceil(reason.msBeforeNext / 1000),
    });
  }
}
