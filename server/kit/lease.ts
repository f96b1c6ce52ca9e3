import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { gaveWay } from "./database-errors.js";
import { EXIT_UNAVAILABLE, StartError, withoutInterruption } from "./process.js";

/** Made here and not by a migration: migrations need the lease. */
export const LEASE_TABLE = "lease";
const LEASE_MS = 30_000;
const RETRY_MS = 100;
/** Processes that start together wait for each other for a moment: nobody needs to know. */
const TELL_MS = 1000;
const WAIT_MAX_MS = 10 * 60_000;

/**
 * Runs `work` in one process at a time, over all processes on one database; a signal to end waits until it is done.
 *
 * The lock is a row with an expiry, taken by compare-and-set and renewed while the work goes on: it works on every server
 * that speaks MySQL's protocol, clusters included, and a process that dies holding it is waited for half a minute at most.
 *
 * @param waiting  is told once when another has held it for a second.
 * @throws StartError when it is not to be had for ten minutes.
 */
export async function withLease<T>(
  em: EntityManager,
  name: string,
  work: () => Promise<T>,
  waiting = () => {},
): Promise<T> {
  const holder = randomUUID();
  const told = setTimeout(waiting, TELL_MS);
  const begin = () => {
    clearTimeout(told);
    return work();
  };
  try {
    await insist(name, () => makeTable(em));
    // Taking it counts as work: one who ended in that moment would leave it taken.
    const done = await insist(name, () => withoutInterruption(() => once(em, name, holder, begin)));
    if (done.status === "rejected") throw done.reason;
    return done.value;
  } finally {
    clearTimeout(told);
  }
}

/** Takes the lease, does the work and gives it back. @returns what the work came to; null where the lease is another's. */
async function once<T>(em: EntityManager, name: string, holder: string, work: () => Promise<T>) {
  if (!(await take(em, name, holder))) return null;
  let renewed: Promise<unknown> = Promise.resolve();
  const renewal = setInterval(() => {
    renewed = take(em, name, holder).catch(() => {});
  }, LEASE_MS / 3);
  const [done] = await Promise.allSettled([work()]);
  clearInterval(renewal);
  await renewed;
  await insist(name, () => release(em, name, holder));
  return done;
}

/** Tries until something is done. SQLite's one write lock may be another process's for as long as its migration takes. */
async function insist<T>(name: string, attempt: () => Promise<T | null>): Promise<T> {
  for (const end = Date.now() + WAIT_MAX_MS; ; ) {
    const done = await attempt().catch((error) => {
      if (gaveWay(error)) return null;
      throw error;
    });
    if (done !== null) return done;
    if (Date.now() > end) {
      const minutes = WAIT_MAX_MS / 60_000;
      throw new StartError(`The lease "${name}" was not to be had for ${minutes} minutes.`, EXIT_UNAVAILABLE);
    }
    await sleep(RETRY_MS);
  }
}

async function makeTable(em: EntityManager): Promise<true> {
  await em.execute(
    "create table if not exists lease (name varchar(64) not null primary key, holder varchar(36) not null, expires_ms bigint not null)",
    [],
    "run",
  );
  return true;
}

/** Takes or renews the lease; true when it is ours now. */
async function take(em: EntityManager, name: string, holder: string): Promise<boolean> {
  const now = Date.now();
  await em.execute(
    "update lease set holder = ?, expires_ms = ? where name = ? and (holder = ? or expires_ms < ?)",
    [holder, now + LEASE_MS, name, holder, now],
    "run",
  );
  const [row] = await em.execute<{ holder: string }[]>("select holder from lease where name = ?", [name]);
  return row ? row.holder === holder : insert(em, name, holder, now + LEASE_MS);
}

/** Makes the row of a lease that nobody has ever taken; false when another process was first. */
async function insert(em: EntityManager, name: string, holder: string, expiresMs: number): Promise<boolean> {
  try {
    await em.execute("insert into lease (name, holder, expires_ms) values (?, ?, ?)", [name, holder, expiresMs], "run");
    return true;
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) return false;
    throw error;
  }
}

/** The row stays: many that insert over a deleted one at once are a deadlock on InnoDB. */
async function release(em: EntityManager, name: string, holder: string): Promise<true> {
  await em.execute("update lease set expires_ms = 0 where name = ? and holder = ?", [name, holder], "run");
  return true;
}
