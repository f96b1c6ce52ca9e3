import { setImmediate } from "node:timers/promises";
import { type EntityManager } from "@mikro-orm/sql";
import { withDeadline } from "../kit/deadline.js";
import { DatabaseBusy, isDatabaseDown } from "../kit/orm.js";
import { type ClickRow, storeClicks } from "./store-clicks.js";

/** The one door through which clicks are stored. */
export interface ClickStore {
  /** Resolves when the click is safe on disk; rejects when it is not stored. */
  append(click: ClickRow): Promise<void>;
}

/** Rows of one statement; and clicks that may wait, beyond which more are refused instead of filling the memory. */
const BATCH_MAX = 256;
const WAITING_MAX = 10_000;

/** A click on its way, with what its visitor waits for. */
interface Waiting {
  click: ClickRow;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/**
 * Stores clicks by one awaited insert at a time: what arrives while one is under way goes into the next together, so that
 * many visitors share one commit. No timer; a lone click is written once the requests that came with it are read (SQLite works
 * synchronously: without that turn each would be a batch of its own).
 */
export function createClickStore(em: EntityManager): ClickStore {
  const own = em.fork();
  const waiting: Waiting[] = [];
  let storing = false;

  async function storeAll(): Promise<void> {
    storing = true;
    while (waiting.length > 0) {
      await setImmediate();
      await store(waiting.splice(0, BATCH_MAX));
    }
    storing = false;
  }

  /** One statement stores all or none; when it fails for a row, each is tried alone, so that no click suffers for another. */
  async function store(batch: Waiting[]): Promise<void> {
    try {
      await storeClicks(
        own,
        batch.map(({ click }) => click),
      );
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1 || isDatabaseDown(error)) for (const { reject } of batch) reject(error);
      else for (const one of batch) await store([one]);
    }
  }

  return {
    append: async (click) => {
      if (waiting.length >= WAITING_MAX) throw new DatabaseBusy(`${WAITING_MAX} clicks wait for the database.`);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ click, resolve, reject });
      if (!storing) void storeAll();
      await withDeadline(promise);
    },
  };
}
