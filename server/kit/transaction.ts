import { setTimeout as sleep } from "node:timers/promises";
import { type EntityManager } from "@mikro-orm/sql";
import { openTally, writeTally } from "./tally.js";
import { tryAgain } from "./try-again.js";
import { writerOf } from "./writer.js";

/**
 * Runs one writing transaction, again where the database gave way (deadlock, lock wait, a conflict in a cluster), at a
 * statement or at COMMIT. What `work` counts
 * (`tally.ts`) is written at its end.
 *
 * @param writer  whose counters take it; left out: those of this process.
 */
export async function writeTransaction<T>(
  em: EntityManager,
  work: (em: EntityManager) => Promise<T>,
  writer = writerOf(em),
): Promise<T> {
  const counting = async (own: EntityManager) => {
    openTally(own);
    const result = await work(own);
    await own.flush();
    await writeTally(own, writer);
    return result;
  };
  return tryAgain(() => em.fork().transactional(counting as never));
}

class Rehearsed extends Error {}

/** Runs what a writing transaction would do, and takes all of it back. @returns what it came to. */
export async function rehearse<T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> {
  let results: T[] = [];
  await writeTransaction(em, async (own) => {
    results = [await work(own)];
    await own.flush();
    throw new Rehearsed();
  }).catch((error) => {
    if (!(error instanceof Rehearsed)) throw error;
  });
  return results[0] as T;
}

/** How long one who waits for SQLite's only write lock sleeps at most before looking again, in milliseconds. */
const TURN_MS = 100;

/**
 * Lets others write, between two transactions of one long work: SQLite has no queue, and whoever goes straight on takes the
 * lock again before they look.
 */
export function giveWay(): Promise<void> {
  return sleep(TURN_MS);
}
