import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { addressBlock } from "../kit/address.js";

/** Entries a minute for strangers (requests without a live key): from one address, and in all. */
export const STRANGER_ENTRIES_PER_ADDRESS = 30;
export const STRANGER_ENTRIES_IN_ALL = 600;
/** Entries a minute for what the holders of one key are refused. */
export const REFUSED_ENTRIES_PER_KEY = 1200;
const WINDOW_SECONDS = 60;
const FLUSH_MS = 10_000;

/** An entry as the limiter sees it. */
interface Countable {
  /** By whose time it is held back. */
  id: string;
  ip: string;
  suppressed: number;
}

/** What is known of an entry before it is made: one that is not written need not be. */
export type Entry<T extends Countable> = Pick<T, "id" | "ip"> & { make: () => T };

/**
 * Keeps strangers, and who has found a key, from filling the disk with log entries, and from hiding among them: what is not logged is
 * counted in the `suppressed` of the entry after, so that entries + suppressed = requests.
 */
export interface LogLimiter<T extends Countable> {
  /** Writes an entry, or only counts it. */
  log(entry: Entry<T>): Promise<void>;
  /** Takes the room of an entry that somebody else writes; false when there is none: then it is to be held back. */
  take(ip: string): Promise<boolean>;
  /** There was no entry to write. */
  giveBack(ip: string): Promise<void>;
  /** Counts an entry that was not written. */
  holdBack(entry: Entry<T>): void;
  /** Writes the last entry that was held back, if any, with the count of the others. */
  close(): Promise<void>;
}

/** So many entries a minute of those that `keyOf` gives the same name. */
export interface Limit {
  points: number;
  keyOf: (ip: string) => string;
}

export const STRANGERS: Limit[] = [
  { points: STRANGER_ENTRIES_PER_ADDRESS, keyOf: addressBlock },
  { points: STRANGER_ENTRIES_IN_ALL, keyOf: () => "all" },
];

/**
 * @param write  stores an entry; called for held-back entries too, every ten seconds and at the end.
 * @param hold  told of an entry that is held back, by its id. @returns what ends that: it was written, or is only counted.
 */
export function createLogLimiter<T extends Countable>(
  limits: Limit[],
  write: (entry: T) => Promise<void>,
  hold: (id: string) => () => void = () => () => {},
): LogLimiter<T> {
  const limiters = limits.map(({ points, keyOf }) => ({
    keyOf,
    limiter: new RateLimiterMemory({ points, duration: WINDOW_SECONDS }),
  }));
  let suppressed = 0;
  let heldBack: Entry<T> | null = null;
  let letGo = () => {};
  let flushing: Promise<void> = Promise.resolve();

  /** Writes an entry with what was counted so far; what cannot be written is counted on. */
  async function writeCounted({ make }: Entry<T>): Promise<void> {
    const counted = suppressed;
    suppressed = 0;
    heldBack = null;
    const written = letGo;
    letGo = () => {};
    try {
      await write({ ...make(), suppressed: counted });
    } catch (error) {
      suppressed += counted;
      throw error;
    } finally {
      written();
    }
  }

  function keep(entry: Entry<T>): void {
    letGo();
    heldBack = entry;
    letGo = hold(entry.id);
  }

  function holdBack(entry: Entry<T>): void {
    suppressed += 1;
    keep(entry);
  }

  function flush(): Promise<void> {
    flushing = flushing.then(async () => {
      if (!heldBack) return;
      const entry = heldBack;
      suppressed -= 1;
      await writeCounted(entry).catch(() => {
        suppressed += 1;
        keep(heldBack ?? entry);
      });
    });
    return flushing;
  }
  const timer = setInterval(() => void flush(), FLUSH_MS);

  async function take(ip: string): Promise<boolean> {
    for (const { limiter, keyOf } of limiters) if (!(await isWithin(limiter, keyOf(ip)))) return false;
    return true;
  }

  return {
    log: async (entry) => ((await take(entry.ip)) ? writeCounted(entry) : holdBack(entry)),
    take,
    giveBack: async (ip) => {
      for (const { limiter, keyOf } of limiters) await limiter.reward(keyOf(ip));
    },
    holdBack,
    close: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

/** Writes every entry. */
export function withoutLimit<T extends Countable>(write: (entry: T) => Promise<void>): LogLimiter<T> {
  return {
    log: ({ make }) => write(make()),
    take: async () => true,
    giveBack: async () => {},
    holdBack: () => {},
    close: async () => {},
  };
}

/** The limits of what the holders of keys are refused, one for each key. */
export interface KeyLimiters<T extends Countable> {
  /** @param keyId  of a live key, of which there are few. */
  of(keyId: number): LogLimiter<T>;
  close(): Promise<void>;
}

/** The parameters are those of `createLogLimiter`, and how many entries a key has in a minute. */
export function createKeyLimiters<T extends Countable>(
  write: (entry: T) => Promise<void>,
  hold?: (id: string) => () => void,
  points = REFUSED_ENTRIES_PER_KEY,
): KeyLimiters<T> {
  const limiters = new Map<number, LogLimiter<T>>();
  return {
    of: (keyId) => {
      const known = limiters.get(keyId) ?? createLogLimiter<T>([{ points, keyOf: () => "all" }], write, hold);
      limiters.set(keyId, known);
      return known;
    },
    close: async () => void (await Promise.all([...limiters.values()].map((limiter) => limiter.close()))),
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
