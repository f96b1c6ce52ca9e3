import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type EntityManager } from "@mikro-orm/sql";

/** Made here and not by a migration: migrations need the lease. */
export const LEASE_TABLE = "lease";
const LEASE_MS = 30_000;
const RETRY_MS = 100;
const WAIT_MAX_MS = 10 * 60_000;

/**
 * Runs `work` in one process at a time, over all processes on one database.
 *
 * The lock is a row with an expiry, taken by compare-and-set and renewed while the work goes on: it works on every server
 * that speaks MySQL's protocol, clusters included, and a process that dies holding it is waited for half a minute at most.
 */
export async function withLease<T>(em: EntityManager, name: string, work: () => Promise<T>): Promise<T> {
  const holder = randomUUID();
  await em.execute(
    "create table if not exists lease (name varchar(64) not null primary key, holder varchar(36) not null, expires_ms bigint not null)",
    [],
    "run",
  );
  for (const end = Date.now() + WAIT_MAX_MS; !(await take(em, name, holder)); ) {
    if (Date.now() > end) throw new Error(`The lease "${name}" was not to be had for ${WAIT_MAX_MS / 60_000} minutes.`);
    await sleep(RETRY_MS);
  }
  const renewal = setInterval(() => void take(em, name, holder).catch(() => {}), LEASE_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await em.execute("delete from lease where name = ? and holder = ?", [name, holder], "run");
  }
}

/** Takes or renews the lease; true when it is ours now. */
async function take(em: EntityManager, name: string, holder: string): Promise<boolean> {
  const now = Date.now();
  await em
    .getKysely<{ lease: { name: string; holder: string; expires_ms: number } }>()
    .updateTable("lease")
    .set({ holder, expires_ms: now + LEASE_MS })
    .where("name", "=", name)
    .where((where) => where.or([where("holder", "=", holder), where("expires_ms", "<", now)]))
    .execute();
  const find = () => em.execute<{ holder: string }[]>("select holder from lease where name = ?", [name]);
  const [row] = await find();
  if (row) return row.holder === holder;
  try {
    await em.execute(
      "insert into lease (name, holder, expires_ms) values (?, ?, ?)",
      [name, holder, now + LEASE_MS],
      "run",
    );
    return true;
  } catch (error) {
    if ((await find()).length === 0) throw error;
    return false;
  }
}
