import { type EntityManager } from "@mikro-orm/sql";
import { PostbackKey } from "../catalog/postback-key.js";
import { readRows } from "../kit/rows.js";
import { dialects, isReadIn } from "./dialect.js";
import { keptValue } from "./parameter-reader.js";
import { isCut } from "./payload.js";
import { answerOf, type Outcome, withoutConversion } from "./postback-answer.js";
import { type PostbackCode } from "./postback-codes.js";
import { type PostbackLog } from "./postback-log.js";
import { type Sent } from "./read-body.js";
import { readPostback } from "./read-postback.js";
import { type LogRow, type ReceivedPostback, turnedAway } from "./received-postback.js";
import { isRefusedAgain, settlePostbacks, storeRefused } from "./settle-postbacks.js";
import { verdict } from "./verdict.js";

/** What became of an entry that was sent through again. */
export interface Replayed {
  /** Id of the entry. */
  id: string;
  /** Null: it cannot be sent again. */
  outcome: Outcome | null;
  /** Id of the new entry, where there is one. */
  newId: string | null;
  /** Why it cannot be sent again. */
  reason: string | null;
}

/** Entries that hold too little of their postback to read it again, and why. */
const notKept: Partial<Record<PostbackCode, string>> = {
  KEY_UNKNOWN: "Its postback key is not known, and the log does not keep it: have it sent again.",
  METHOD_NOT_ALLOWED: "It was sent by a method that carries no postback: have it sent by GET.",
  BODY_TOO_LARGE: "Its body was too large to be kept: have it sent again with its parameters alone.",
  BODY_UNREADABLE: "Its body could not be read, and would be the same again: have it sent in a form that can be.",
  PARAMETER_NOT_TEXT: "A parameter of it is no text, and would be the same again: have its value sent alone.",
};
const CUT = "A parameter of it that is read was too long to be kept whole: have it sent again.";

/** A postback that is sent through again: to be settled, or turned away at the door. */
type Again = { received: ReceivedPostback } | { row: LogRow; outcome: Outcome };

/**
 * Sends postbacks of the log through again, in the caller's `writeTransaction`: read as they would be now, each as a new entry
 * that names the first, unless it is refused for the same as before. What they say counts from when it arrived, so nothing
 * that came later is undone, and the same again is a repeat.
 *
 * @param nextId  makes the ids of the new entries.
 */
export async function replayPostbacks(
  em: EntityManager,
  entries: PostbackLog[],
  nextId: () => string,
): Promise<Replayed[]> {
  const keys = await readKeys(em, entries);
  const replays = entries.map((entry) => {
    const key = keys.get(entry.postbackKeyId ?? 0);
    const reason = whyNot(entry);
    return { entry, reason, again: reason === null && key ? readAgain(entry, key, nextId()) : null };
  });
  const toSettle = replays.flatMap(({ entry, again }) =>
    again && "received" in again ? { entry, received: again.received } : [],
  );
  const settled = await settlePostbacks(
    em,
    toSettle.map((one) => ({ ...one, processedAt: null, ifMissing: "refuse" })),
  );
  const outcomes = new Map(toSettle.map(({ entry }, index) => [entry, settled[index] as Outcome]));
  await storeRefused(
    em,
    replays.flatMap(({ entry, again }) =>
      again && "row" in again && !isRefusedAgain(entry, again.outcome) ? again.row : [],
    ),
  );
  return replays.map(({ entry, reason, again }) => {
    const { id } = entry;
    if (!again) return { id, outcome: null, newId: null, reason };
    const [outcome, row] =
      "received" in again ? [outcomes.get(entry) as Outcome, again.received.entry] : [again.outcome, again.row];
    return { id, outcome, newId: isRefusedAgain(entry, outcome) ? null : row.id, reason };
  });
}

function whyNot({ code, payload, payloadCut, postbackKeyId, dialect }: PostbackLog): string | null {
  const reason = notKept[code as PostbackCode] ?? (postbackKeyId === null ? notKept.KEY_UNKNOWN : null) ?? null;
  if (reason || !payloadCut) return reason;
  // What else was sent is not read, now or then.
  const isRead = isReadIn(dialects[dialect]);
  return Object.entries(payload).some(([name, value]) => isRead(name) && isCut(value)) ? CUT : null;
}

function readAgain(entry: PostbackLog, key: PostbackKey, id: string): Again {
  const arrival = entry.replayOfId ?? entry.id;
  const {
    postback,
    clickHash,
    verdict: refused,
    parameters,
    warnings,
  } = readPostback(sentOf(entry), dialects[entry.dialect], key);
  const again = {
    ...asEntry(entry),
    id,
    replayOfId: arrival,
    reading: parameters,
    clickKey: clickHash || entry.clickKey,
  };
  const reason = key.deleted ? verdict("KEY_DELETED") : refused;
  if (!reason) return { received: { postback, clickHash, warnings, arrival, entry: again } };
  const outcome = withoutConversion(reason, warnings);
  return { row: turnedAway(again, answerOf(outcome), outcome.warnings.length > 0), outcome };
}

/** What an entry says of its request, without what became of it. */
function asEntry(entry: PostbackLog) {
  const { clickHash, goal, uid, ip, method, dialect, payload, payloadCut, postbackKeyId } = entry;
  return { clickHash, goal, uid, ip, method, dialect, payload, payloadCut, postbackKeyId, suppressed: 0 };
}

/**
 * What was sent, as far as it was read: how it was read says in which place each parameter stood. The payload has one place of
 * each name, and its values whole.
 */
function sentOf({ payload, reading }: PostbackLog): Sent {
  const sent: Sent = { body: new Map(), query: new Map() };
  for (const { name, place, value, code } of reading ?? []) {
    // Its name says where it stands, and is none of the payload's.
    if (code === "CLICK_ELSEWHERE" || code === "BODY_UNREADABLE") continue;
    const kept = payload[name];
    if (code === "PARAMETER_TWICE") sent[place].set(name, Array.isArray(kept) ? kept : [value, value]);
    else sent[place].set(name, [typeof kept === "string" && keptValue(kept) !== value ? value : kept]);
  }
  for (const [name, value] of Object.entries(payload)) {
    if (!sent.body.has(name) && !sent.query.has(name)) sent.query.set(name, Array.isArray(value) ? value : [value]);
  }
  return sent;
}

async function readKeys(em: EntityManager, entries: PostbackLog[]): Promise<Map<number, PostbackKey>> {
  const ids = new Set(entries.flatMap(({ postbackKeyId }) => postbackKeyId ?? []));
  const keys = await readRows(em, PostbackKey, { where: [{ property: "id", is: "in", value: [...ids] }] });
  return new Map(keys.map((key) => [key.id, key]));
}
