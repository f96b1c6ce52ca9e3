import { type EntityManager } from "@mikro-orm/sql";
import { flag, instant, internalNoun, serialId, text, whole } from "../kit/column.js";
import { isSqlite } from "../kit/column-types.js";
import { momentOf } from "../kit/id.js";
import { type Position } from "../kit/journal/segments.js";
import { findOrNumber } from "../kit/numbered.js";
import { writeTransaction } from "../kit/transaction.js";
import { awaitAgain, completeBefore, heldFrom, mayCome, type WriterState } from "./waiting-rule.js";

/** What is noted of a clock at most, in milliseconds: 24 days. */
const CLOCK_AHEAD_MAX = 2 ** 31 - 1;

/** Whoever writes a journal: one slot of one installation. Its row outlives the process, and so does its small id. */
@internalNoun("A journal, and how far it is loaded into this database.")
export class JournalWriter {
  @serialId() id!: number;
  @text(64, { description: "The installation's id and the slot.", unique: true, internal: true }) name!: string;
  @instant({ description: "The segment up to which it is loaded.", internal: true }) segment!: Date;
  @whole(0, 2 ** 31 - 1, { description: "The byte in that segment.", internal: true }) position!: number;
  @instant({ description: "All its clicks before this moment are stored.", internal: true }) loadedUntil!: Date;
  @instant({ description: "When its loader was last here, by the database's clock.", internal: true }) seenAt!: Date;
  @flag({ description: "It was closed with nothing left to load.", internal: true }) closed!: boolean;
  @instant({
    description: "Since when it is waited for without having been here.",
    nullable: true,
    internal: true,
  })
  awaitedFrom!: Date | null;
  @whole(-CLOCK_AHEAD_MAX, CLOCK_AHEAD_MAX, {
    description: "By how many milliseconds its clock was ahead of the database's.",
    nullable: true,
    internal: true,
  })
  clockAhead!: number | null;
}

/** Another loader has loaded this journal meanwhile. */
export class JournalMoved extends Error {}

/** The row of a writer; made when it comes for the first time. */
export function findWriter(em: EntityManager, name: string): Promise<JournalWriter> {
  const epoch = new Date(0);
  const begin = () => ({
    segment: epoch,
    position: 0,
    loadedUntil: epoch,
    seenAt: epoch,
    closed: false,
    awaitedFrom: null,
    clockAhead: null,
  });
  return findOrNumber(em, JournalWriter, { name, first: 1, begin });
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

/** What a writer says of itself. */
export interface Report {
  /** All its clicks from before this moment (Unix milliseconds, by its own clock) are stored; left out: as before. */
  loadedUntil?: number;
  /** Its own clock now, in Unix milliseconds; left out: as before. */
  clock?: number | undefined;
  /** It ends, and leaves nothing to load. */
  closed?: boolean;
  /** Whether the database could not be reached at some time since its last report. */
  hasFailed: boolean;
}

/** What a writer learns when it reports. */
export interface Reported {
  /** By how much its clock is ahead of the database's, in milliseconds. */
  clockAhead: number;
  /** Before this moment (Unix milliseconds, by its own clock) others count on having all its clicks; infinity: on nothing. */
  knownUntil: number;
}

/**
 * Notes that a writer is at work, or ends, and what it says of itself. Where nobody can say that the database was there all the
 * time, all others are waited for again: they may have started without it (`waiting-rule.ts`).
 */
export function report(em: EntityManager, id: number, { loadedUntil, clock, closed = false, hasFailed }: Report) {
  return writeTransaction(em, async (own): Promise<Reported> => {
    const { writers, now } = await readWriters(own);
    const before = writers.find((writer) => writer.id === id);
    for (const other of awaitAgain(writers, id, now, hasFailed)) {
      const awaitedFrom = new Date(now);
      const again = { closed: false, awaitedFrom, loadedUntil: new Date(other.loadedUntil) };
      // It may report itself at this moment, and knows more.
      await own.nativeUpdate(JournalWriter, { id: other.id, closed: true }, again);
      await own.nativeUpdate(JournalWriter, { id: other.id }, { awaitedFrom });
    }
    const ahead = clock === undefined ? (before?.clockAhead ?? 0) : Math.round(clock - now);
    const clockAhead = Math.max(-CLOCK_AHEAD_MAX, Math.min(ahead, CLOCK_AHEAD_MAX));
    await own.nativeUpdate(
      JournalWriter,
      { id },
      {
        ...(loadedUntil === undefined ? {} : { loadedUntil: new Date(loadedUntil) }),
        ...{ seenAt: new Date(now), awaitedFrom: new Date(now), closed, clockAhead },
      },
    );
    return { clockAhead, knownUntil: before ? heldFrom(before, writers) : Number.POSITIVE_INFINITY };
  });
}

/** Notes that a writer is starting: it is waited for from now on, whatever becomes of its start. */
export async function announceStart(em: EntityManager, name: string): Promise<void> {
  await em.nativeUpdate(JournalWriter, { name, closed: true, seenAt: { $gt: new Date(0) } }, { closed: false });
}

/** All writers as the rule wants them, and the database's clock, in Unix milliseconds. */
export async function readWriters(em: EntityManager): Promise<{ writers: WriterState[]; now: number }> {
  const clock = isSqlite(em.getPlatform())
    ? "cast((julianday('now') - 2440587.5) * 86400000 as integer)"
    : "cast(unix_timestamp(now(3)) * 1000 as signed)";
  const rows = await em.execute<Record<string, number>[]>(
    `select id, loaded_until, seen_at, awaited_from, closed, clock_ahead, ${clock} as now_ms from journal_writer`,
  );
  const writers = rows.map((row) => ({
    id: Number(row.id),
    loadedUntil: Number(row.loaded_until),
    seenAt: Number(row.seen_at),
    awaitedFrom: Number(row.awaited_from),
    closed: Boolean(Number(row.closed)),
    clockAhead: Number(row.clock_ahead),
  }));
  return { writers, now: Number(rows[0]?.now_ms ?? Date.now()) };
}

/**
 * Up to which moment (Unix milliseconds) the clicks of all writers are stored.
 *
 * @param except  a writer whose journal the caller knows to be loaded.
 */
export async function completeUntil(em: EntityManager, except?: number): Promise<number> {
  const { writers, now } = await readWriters(em);
  return completeBefore(writers, now, except);
}

/** Which of these clicks, if they are not stored, may still come. @param except  as above. */
export async function mayStillCome(em: EntityManager, clickHashes: string[], except?: number): Promise<Set<string>> {
  const { writers, now } = await readWriters(em);
  return new Set(clickHashes.filter((hash) => mayCome(momentOf(hash).getTime(), writers, now, except)));
}
