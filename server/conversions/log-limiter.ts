import { RateLimiterMemory } from "rate-limiter-flexible";
import { addressBlock } from "../kit/address.js";

/** Entries a minute for strangers (requests without a valid postback key): from one address, and in all. */
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
  /** The entry to write, its `suppressed` filled in; or null when this one is only counted. */
  admit(entry: T): Promise<T | null>;
  /** Writes the last entry that was held back, if any, with the count of the others. */
  close(): Promise<void>;
}

/** @param write  stores an entry; called for held-back entries every ten seconds and at the end. */
export function createLogLimiter<T extends Countable>(write: (entry: T) => Promise<void>): LogLimiter<T> {
  const perAddress = new RateLimiterMemory({ points: STRANGER_ENTRIES_PER_ADDRESS, duration: WINDOW_SECONDS });
  const inAll = new RateLimiterMemory({ points: STRANGER_ENTRIES_IN_ALL, duration: WINDOW_SECONDS });
  let suppressed = 0;
  let heldBack: T | null = null;

  async function flush(): Promise<void> {
    if (!heldBack) return;
    const entry = { ...heldBack, suppressed: suppressed - 1 };
    const counted = suppressed;
    heldBack = null;
    suppressed = 0;
    await write(entry).catch(() => {
      heldBack ??= entry;
      suppressed += counted;
    });
  }
  const timer = setInterval(() => void flush(), FLUSH_MS);

  return {
    admit: async (entry) => {
      const isAdmitted = await perAddress
        .consume(addressBlock(entry.ip))
        .then(() => inAll.consume("all"))
        .then(
          () => true,
          () => false,
        );
      if (!isAdmitted) {
        suppressed += 1;
        heldBack = entry;
        return null;
      }
      const admitted = { ...entry, suppressed };
      suppressed = 0;
      heldBack = null;
      return admitted;
    },
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}
