import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { addressBlock } from "../kit/address.js";

/** Entries a minute for strangers (requests that are answered 401): from one address, and in all. */
export const STRANGER_ENTRIES_PER_ADDRESS = 30;
export const STRANGER_ENTRIES_IN_ALL = 600;
const WINDOW_SECONDS = 60;
const FLUSH_MS = 10_000;

/** An entry as the limiter sees it. */
interface Countable {
  ip: string;
  suppressed: number;
}

/**
 * Keeps strangers from filling the disk with log entries, and from hiding among them: what is not logged is counted in
 * the `suppressed` of the entry after, so that entries + suppressed = requests.
 */
export interface LogLimiter<T extends Countable> {
  /** Writes an entry, or only counts it. */
  log(entry: T): Promise<void>;
  /** Writes the last entry that was held back, if any, with the count of the others. */
  close(): Promise<void>;
}

/**
 * @param write  stores an entry; called for held-back entries too, every ten seconds and at the end.
 * @param hold  told of an entry that is held back. @returns what ends that: it was written, or is only counted.
 */
export function createLogLimiter<T extends Countable>(
  write: (entry: T) => Promise<void>,
  hold: (entry: T) => () => void = () => () => {},
): LogLimiter<T> {
  const perAddress = new RateLimiterMemory({ points: STRANGER_ENTRIES_PER_ADDRESS, duration: WINDOW_SECONDS });
  const inAll = new RateLimiterMemory({ points: STRANGER_ENTRIES_IN_ALL, duration: WINDOW_SECONDS });
  let suppressed = 0;
  let heldBack: T | null = null;
  let letGo = () => {};
  let flushing: Promise<void> = Promise.resolve();

  /** Writes an entry with what was counted so far; what cannot be written is counted on. */
  async function writeCounted(entry: T): Promise<void> {
    const counted = suppressed;
    suppressed = 0;
    heldBack = null;
    const written = letGo;
    letGo = () => {};
    try {
      await write({ ...entry, suppressed: counted });
    } catch (error) {
      suppressed += counted;
      throw error;
    } finally {
      written();
    }
  }

  function holdBack(entry: T): void {
    letGo();
    heldBack = entry;
    letGo = hold(entry);
  }

  function flush(): Promise<void> {
    flushing = flushing.then(async () => {
      if (!heldBack) return;
      const entry = heldBack;
      suppressed -= 1;
      await writeCounted(entry).catch(() => {
        suppressed += 1;
        holdBack(heldBack ?? entry);
      });
    });
    return flushing;
  }
  const timer = setInterval(() => void flush(), FLUSH_MS);

  return {
    log: async (entry) => {
      if ((await isWithin(perAddress, addressBlock(entry.ip))) && (await isWithin(inAll, "all")))
        return writeCounted(entry);
      suppressed += 1;
      holdBack(entry);
    },
    close: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

/** Counts one for the key; false when it was too many. */
async function isWithin(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  try {
    await limiter.consume(key);
    return true;
  } catch (reason) {
    if (reason instanceof RateLimiterRes) return false;
    throw reason;
  }
}
