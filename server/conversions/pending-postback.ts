import { LockMode } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { factId, factReference, internalNoun, largeJson } from "../kit/column.js";
import { firstIdAt, momentOf } from "../kit/id.js";
import { type ReceivedPostback } from "./received-postback.js";

/** Waits for its click, which may be on its way from another tracker. */
@internalNoun("A postback that was answered 202 and waits for its click.")
export class PendingPostback {
  @factId("Its arrival, which is the id its log entry will have.", {}) id!: string;
  @factReference(null, { description: "The click it names.", internal: true }) clickHash!: string;
  @largeJson({ description: "The postback as it was received.", internal: true }) received!: ReceivedPostback;
}

/** How many wait at a time; beyond that a postback is answered 503, and its sender comes again. Those of a journal come in addition. */
export const WAITING_MAX = 20_000;
/** How long one waits at most, in milliseconds. */
const WAITING_MAX_MS = 24 * 3_600_000;

/** Keeps a postback until its click is there, in the caller's transaction. */
export function keepPending(em: EntityManager, received: ReceivedPostback): void {
  const { entry, clickHash } = received;
  em.persist(em.create(PendingPostback, { id: entry.id, clickHash, received } as never));
}

/** When the one that has waited longest arrived; null when none waits. */
export async function oldestPending(em: EntityManager): Promise<Date | null> {
  const [oldest] = await em.find(PendingPostback, {}, { fields: ["id"], orderBy: { id: "asc" }, limit: 1 });
  return oldest ? momentOf(oldest.id) : null;
}

export async function hasPending(em: EntityManager): Promise<boolean> {
  return (await em.find(PendingPostback, {}, { fields: ["id"], limit: 1 })).length > 0;
}

/** Whether so many wait, or more. */
export async function arePending(em: EntityManager, count: number): Promise<boolean> {
  const page = { fields: ["id" as const], orderBy: { id: "asc" as const }, limit: 1, offset: count - 1 };
  return (await em.find(PendingPostback, {}, page)).length > 0;
}

/**
 * Takes out those that can be decided, in the caller's transaction: their click is there, or is older than what any tracker
 * may still bring, or they have waited for a day. Of several trackers that try one takes them.
 *
 * @param completeUntil  Unix milliseconds: all clicks from before are stored.
 * @param countMax  at most so many, in the order in which they arrived.
 */
export async function takeDecidable(
  em: EntityManager,
  completeUntil: number,
  countMax: number,
): Promise<ReceivedPostback[]> {
  const before = firstIdAt(new Date(completeUntil));
  const waitedTooLong = firstIdAt(new Date(Date.now() - WAITING_MAX_MS));
  const decidable = await em.execute<{ id: Uint8Array }[]>(
    `select p.id from pending_postback p left join click c on c.id = p.click_hash where c.id is not null or p.click_hash < x'${before}' or p.id < x'${waitedTooLong}' order by p.id limit ${countMax}`,
  );
  if (decidable.length === 0) return [];
  const ids = decidable.map(({ id }) => Buffer.from(id).toString("hex"));
  const taken = await em.find(
    PendingPostback,
    { id: { $in: ids } },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: "asc" } },
  );
  await em.nativeDelete(PendingPostback, { id: { $in: taken.map(({ id }) => id) } });
  for (const row of taken) em.getUnitOfWork().unsetIdentity(row);
  return taken.map(({ received }) => received);
}
