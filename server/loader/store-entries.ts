import { type EntityManager } from "@mikro-orm/sql";
import { CLICK_ENTRY } from "../clicks/click-store.js";
import { type ClickRow, type ReadyClicks, readyClicks, storeClicks } from "../clicks/store-clicks.js";
import { endsOf } from "../conversions/postback-answer.js";
import { type PostbackCode } from "../conversions/postback-codes.js";
import { LOG_ENTRY, type LogRow, POSTBACK_ENTRY, type ReceivedPostback } from "../conversions/received-postback.js";
import { settlePostbacks, storeRefused } from "../conversions/settle-postbacks.js";
import { databaseReason } from "../kit/database-errors.js";
import { newId } from "../kit/id.js";
import { type JournalEntry } from "../kit/journal/reader.js";
import { mayStillCome } from "./journal-writer.js";
import { PutAside } from "./put-aside.js";

/** An entry as a journal holds it, or as it was put aside. */
type Entry = Pick<JournalEntry, "kind" | "payload">;

/** An entry that says nothing we know how to store. */
class UnreadableEntry extends Error {}

/** What each kind of entry is called. */
const kindNames: Record<number, string> = {
  [CLICK_ENTRY]: "click",
  [POSTBACK_ENTRY]: "postback",
  [LOG_ENTRY]: "log entry",
};

/** Entries that are ready for the database. */
export interface ReadyEntries {
  clicks: ReadyClicks | null;
  postbacks: ReceivedPostback[];
  rows: LogRow[];
}

/**
 * Reads entries of a journal and makes them ready for the database, while it may be busy with others.
 *
 * @throws UnreadableEntry
 */
export function readyEntries(em: EntityManager, entries: Entry[]): ReadyEntries {
  const unknown = entries.find(({ kind }) => !kindNames[kind]);
  if (unknown) throw new UnreadableEntry("An entry is of a kind that nobody knows.");
  const clicks = ofKind<ClickRow>(entries, CLICK_ENTRY);
  return {
    clicks: clicks.length > 0 ? readyClicks(em, clicks) : null,
    postbacks: ofKind<ReceivedPostback>(entries, POSTBACK_ENTRY),
    rows: ofKind<LogRow>(entries, LOG_ENTRY),
  };
}

/**
 * Stores entries in the caller's transaction, clicks first: a postback may name one of them. What is stored already is
 * left out.
 *
 * @returns what the postbacks came to; of those that are kept nothing yet.
 */
export async function storeEntries(
  em: EntityManager,
  { clicks, postbacks, rows }: ReadyEntries,
): Promise<PostbackCode[]> {
  if (clicks) await storeClicks(em, clicks);
  const codes = postbacks.length > 0 ? await settleLate(em, postbacks) : [];
  if (rows.length > 0) await storeRefused(em, rows);
  return codes;
}

async function settleLate(em: EntityManager, postbacks: ReceivedPostback[]): Promise<PostbackCode[]> {
  const coming = await mayStillCome(
    em,
    postbacks.map(({ clickHash }) => clickHash),
  );
  const processedAt = new Date();
  const outcomes = await settlePostbacks(
    em,
    postbacks.map((received) => ({
      received,
      processedAt,
      ifMissing: coming.has(received.clickHash) ? "keep" : "refuse",
    })),
  );
  return endsOf(outcomes);
}

function ofKind<T>(entries: Entry[], wanted: number): T[] {
  return entries.filter(({ kind }) => kind === wanted).map((entry) => read<T>(entry));
}

/** Keeps an entry that cannot be stored, in the caller's transaction. */
export async function putAside(em: EntityManager, entry: Entry, reason: unknown): Promise<void> {
  await em.insert(PutAside, {
    id: newId(Date.now()),
    kind: kindNames[entry.kind] ?? `kind ${entry.kind}`,
    reason: databaseReason(reason),
    payload: payloadOf(entry),
    retried: false,
  } as never);
}

/** Stores an entry that was put aside, in the caller's transaction. @throws what keeps it from being stored */
export async function storeAgain(em: EntityManager, { kind: name, payload }: PutAside): Promise<void> {
  const kind = Number(Object.keys(kindNames).find((known) => kindNames[Number(known)] === name));
  await storeEntries(em, readyEntries(em, [{ kind, payload: Buffer.from(JSON.stringify(payload)) }]));
}

function read<T>({ payload }: Entry): T {
  try {
    return JSON.parse(payload.toString()) as T;
  } catch (error) {
    throw new UnreadableEntry(`An entry is no JSON: ${(error as Error).message}`);
  }
}

function payloadOf(entry: Entry): unknown {
  try {
    return read(entry);
  } catch {
    return { unreadable: entry.payload.toString("base64") };
  }
}
