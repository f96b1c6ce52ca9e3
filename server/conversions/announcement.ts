import { type EntityManager } from "@mikro-orm/sql";
import { factId, internalNoun } from "../kit/column.js";
import { firstIdAt, momentOf } from "../kit/id.js";

/** One that a process has left behind is not waited for any longer than this, in milliseconds. */
const FORGOTTEN_MS = 5 * 60_000;

/** Trackers report up to when their facts are stored; what an API process is about to change is announced here. */
@internalNoun("Facts that an API process is changing.")
export class Announcement {
  @factId("Its id; the moment in it is when the change began.", {}) id!: string;
}

/**
 * Changes facts from an API process. Until it is done `completeUntil` stays before its beginning, on every process.
 *
 * @param id  a new one.
 * @param work  what is changed; its arrivals are made in it.
 */
export async function announced<T>(em: EntityManager, id: string, work: () => Promise<T>): Promise<T> {
  await em.fork().insert(Announcement, { id });
  try {
    return await work();
  } finally {
    await em.fork().nativeDelete(Announcement, { $or: [{ id }, { id: { $lt: forgottenBefore(momentOf(id)) } }] });
  }
}

/** When the oldest change that is under way began; null when none is. */
export async function oldestAnnounced(em: EntityManager): Promise<Date | null> {
  const where = { id: { $gte: forgottenBefore(new Date()) } };
  const [oldest] = await em.find(Announcement, where, { orderBy: { id: "asc" }, limit: 1, disableIdentityMap: true });
  return oldest ? momentOf(oldest.id) : null;
}

function forgottenBefore(now: Date): string {
  return firstIdAt(new Date(now.getTime() - FORGOTTEN_MS));
}
