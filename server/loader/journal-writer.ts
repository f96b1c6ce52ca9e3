import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { flag, instant, internalNoun, serialId, text, whole } from "../kit/column.js";
import { momentOf } from "../kit/id.js";
import { type Position } from "../kit/journal/segments.js";

/** Whoever writes a journal: one slot of one installation. Its row outlives the process, and so does its small id. */
@internalNoun("A journal, and how far it is loaded into this database.")
export class JournalWriter {
  @serialId() id!: number;
  @text(64, { description: "The installation's id and the slot.", unique: true, internal: true }) name!: string;
  @instant({ description: "The segment up to which it is loaded.", internal: true }) segment!: Date;
  @whole(0, 2 ** 31 - 1, { description: "The byte in that segment.", internal: true }) position!: number;
  @instant({ description: "All its clicks before this moment are stored.", internal: true }) loadedUntil!: Date;
  @instant({ description: "When its loader was last here.", internal: true }) seenAt!: Date;
  @flag({ description: "It was closed with nothing left to load.", internal: true }) closed!: boolean;
}

/** A writer that has not been seen for so long is not waited for any more. */
const FORGOTTEN_MS = 24 * 3_600_000;
/** By how much the clocks of two trackers may differ: a hash from further ahead is nobody's. */
const CLOCK_SKEW_MS = 60_000;

/** Another loader has loaded this journal meanwhile. */
export class JournalMoved extends Error {}

/** The row of a writer; made when it comes for the first time. */
export async function findWriter(em: EntityManager, name: string): Promise<JournalWriter> {
  const own = em.fork();
  const known = await own.findOne(JournalWriter, { name });
  if (known) return known;
  const epoch = new Date(0);
  try {
    await own.insert(JournalWriter, {
      name,
      segment: epoch,
      position: 0,
      loadedUntil: epoch,
      seenAt: new Date(),
      closed: false,
    } as never);
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
  }
  return own.findOneOrFail(JournalWriter, { name });
}

export function positionOf({ segment, position }: JournalWriter): Position {
  return { segment: segment.getTime(), offset: position };
}

/**
 * Moves a journal's position on, in the transaction that stores what lies between.
 *
 * It comes first there: of two loaders on one journal the second waits for the row, and finds that it has moved.
 * @throws JournalMoved
 */
export async function moveOn(em: EntityManager, id: number, from: Position, to: Position): Promise<void> {
  const moved = await em.nativeUpdate(
    JournalWriter,
    { id, segment: new Date(from.segment), position: from.offset },
    { segment: new Date(to.segment), position: to.offset },
  );
  if (moved !== 1) throw new JournalMoved(`The journal has been loaded beyond ${from.segment}:${from.offset}.`);
}

/** Notes that a writer has begun, or is at work: others wait for what it reports. */
export async function openWriter(em: EntityManager, id: number): Promise<void> {
  await em.nativeUpdate(JournalWriter, { id }, { seenAt: new Date(), closed: false });
}

/** Notes that all clicks of a writer from before a moment (Unix milliseconds) are stored, and that it is alive. */
export async function reportLoaded(em: EntityManager, id: number, untilMs: number): Promise<void> {
  await em.nativeUpdate(JournalWriter, { id }, { loadedUntil: new Date(untilMs), seenAt: new Date(), closed: false });
}

/** Notes that a writer has ended and left nothing to load: nobody needs to wait for it. */
export async function closeWriter(em: EntityManager, id: number): Promise<void> {
  await em.nativeUpdate(JournalWriter, { id, closed: false }, { closed: true });
}

/**
 * Up to which moment (Unix milliseconds) the clicks of all writers are stored: what the slowest has reported that was not
 * closed. One that died is waited for until its journal is loaded, a day at most.
 *
 * @param except  a writer whose journal the caller knows to be loaded.
 */
export async function completeUntil(em: EntityManager, except?: number): Promise<number> {
  const now = Date.now();
  const open = await openWriters(em, { except, now });
  return Math.min(now, ...open.map(({ loadedUntil }) => loadedUntil.getTime()));
}

/** The writers that are waited for: neither closed nor forgotten. @param now  Unix milliseconds. */
export function openWriters(
  em: EntityManager,
  { except, now }: { except?: number; now: number },
): Promise<JournalWriter[]> {
  const seenAt = { $gt: new Date(now - FORGOTTEN_MS) };
  const where = { closed: false, seenAt, ...(except ? { id: { $ne: except } } : {}) };
  return em.find(JournalWriter, where, { disableIdentityMap: true });
}

/** Whether a click that is not stored may still come, all being stored from before a moment. */
export function mayCome(clickHash: string, completeUntilMs: number): boolean {
  const ms = momentOf(clickHash).getTime();
  return ms >= completeUntilMs && ms < Date.now() + CLOCK_SKEW_MS;
}
