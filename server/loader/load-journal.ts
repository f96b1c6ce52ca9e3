import { type EntityManager } from "@mikro-orm/sql";
import { type PostbackCode } from "../conversions/postback-codes.js";
import { isDataAtFault } from "../kit/database-errors.js";
import { type JournalBatch, type JournalEntry, type JournalReader } from "../kit/journal/reader.js";
import { isBefore, isSame, type Position } from "../kit/journal/segments.js";
import { writeTransaction } from "../kit/transaction.js";
import { findWriter, JournalMoved, moveOn, positionOf } from "./journal-writer.js";

/** What loading a journal needs; `R` is what entries are when they are ready for the database. */
export interface LoadParts<R> {
  em: EntityManager;
  reader: JournalReader;
  /** Name of its writer. */
  name: string;
  /** Does what can be done without the database. */
  ready: (entries: JournalEntry[]) => R;
  /** Stores entries in the transaction; what is stored already is left out. @returns what postbacks among them came to. */
  store: (em: EntityManager, entries: R) => Promise<PostbackCode[]>;
  /** They are stored. */
  settled: (codes: PostbackCode[]) => void;
  /** Keeps an entry that cannot be stored, in the transaction. */
  putAside: (em: EntityManager, entry: JournalEntry, reason: unknown) => Promise<void>;
  /** Told when segments that are loaded cannot be deleted; it is tried again when the next one is. */
  undeleted: (error: Error) => void;
}

/** A batch that was read from a position; with its entries ready, unless one of them cannot be. */
interface Reading<R> extends JournalBatch {
  ready?: R;
}

/** A journal on its way into the database. */
export interface JournalLoad {
  /** Small id of its writer. */
  writer: number;
  /** Whether its writer was closed, and whether it was retired, when it was opened. */
  isClosed: boolean;
  isRetired: boolean;
  position(): Position;
  /**
   * Loads the next batch. @returns how many entries there were.
   * @throws the database's error when it cannot work now: nothing was stored, and the next step tries again.
   */
  step(): Promise<number>;
}

/**
 * Opens a journal for loading, where it was left.
 *
 * Rows and position are stored in one transaction: however often a loader dies, every entry is stored once. An entry that the
 * database refuses for its values is found by halving the batch and put aside, so that it holds up nothing. While the
 * database is busy with one batch the next is made ready.
 */
export async function openJournalLoad<R>(parts: LoadParts<R>): Promise<JournalLoad> {
  const { em, reader, name, store, settled } = parts;
  const row = await findWriter(em, name);
  let position = positionOf(row);
  let ahead: { from: Position; reading: Promise<Reading<R>> } | null = null;

  async function load(entries: JournalEntry[], known?: R): Promise<void> {
    const end = entries.at(-1)?.end ?? position;
    try {
      const ready = known ?? parts.ready(entries);
      const codes = await writeTransaction(
        em,
        async (own) => {
          await moveOn(own, row.id, position, end);
          return store(own, ready);
        },
        row.id,
      );
      position = end;
      settled(codes);
    } catch (error) {
      if (error instanceof JournalMoved || !isDataAtFault(error)) throw error;
      await loadApart(entries, error);
    }
  }

  async function loadApart(entries: JournalEntry[], reason: unknown): Promise<void> {
    const [only, ...others] = entries;
    if (only && others.length === 0) return setAside(only, reason);
    const half = Math.ceil(entries.length / 2);
    await load(entries.slice(0, half));
    await load(entries.slice(half));
  }

  async function setAside(entry: JournalEntry, reason: unknown): Promise<void> {
    await writeTransaction(
      em,
      async (own) => {
        await moveOn(own, row.id, position, entry.end);
        await parts.putAside(own, entry, reason);
      },
      row.id,
    );
    position = entry.end;
  }

  /** An end that moved without entries (a broken tail, a new segment) is remembered too. */
  async function moveTo(end: Position): Promise<void> {
    await writeTransaction(em, (own) => moveOn(own, row.id, position, end));
    position = end;
  }

  async function read(from: Position): Promise<Reading<R>> {
    const batch = await reader.read(from).catch(refuseUnreadable);
    try {
      return { ...batch, ready: parts.ready(batch.entries) };
    } catch {
      return batch;
    }
  }

  /** What was read ahead, if it is what comes next. Where nothing was found there may be something by now. */
  async function take(): Promise<Reading<R>> {
    const taken = ahead && isSame(ahead.from, position) ? await ahead.reading : null;
    ahead = null;
    return taken && taken.entries.length > 0 ? taken : read(position);
  }

  function readAhead(from: Position): void {
    ahead = { from, reading: read(from) };
    ahead.reading.catch(() => {});
  }

  async function step(): Promise<number> {
    const { segment } = position;
    const { entries, ready, end, more } = await take();
    if (more) readAhead(end);
    try {
      if (entries.length > 0) await load(entries, ready);
      if (isBefore(position, end)) await moveTo(end);
    } catch (error) {
      if (!(error instanceof JournalMoved)) throw error;
      position = positionOf(await findWriter(em, name));
    }
    // Nothing waits for it: a large file is taken away slowly.
    if (position.segment !== segment) reader.deleteBefore(position).catch(parts.undeleted);
    return entries.length;
  }

  const isRetired = row.closed && row.seenAt.getTime() === 0;
  return { writer: row.id, isClosed: row.closed, isRetired, position: () => position, step };
}

/** Without its cause: an error of the disk's must not be taken for one of the database's. */
function refuseUnreadable({ message }: Error): never {
  throw new Error(`The journal cannot be read: ${message}`);
}
