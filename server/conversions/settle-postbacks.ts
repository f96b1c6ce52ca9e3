import { type EntityManager } from "@mikro-orm/sql";
import { type FlowTerms, readFlowTerms } from "../catalog/flow-terms.js";
import { Click } from "../clicks/click.js";
import { type Condition } from "../kit/condition.js";
import { momentOf, readId } from "../kit/id.js";
import { insertRows } from "../kit/insert-rows.js";
import { readIds, readRows } from "../kit/rows.js";
import { count } from "../kit/tally.js";
import { PostbackDialect } from "./dialect.js";
import { type ConversionReport } from "./family.js";
import { keepPending, PendingPostback } from "./pending-postback.js";
import { answerOf, type Outcome, REFUSED_MIN, withoutConversion } from "./postback-answer.js";
import { postbackCodes, reasonOf } from "./postback-codes.js";
import { PostbackLog } from "./postback-log.js";
import { originOf } from "./read-click.js";
import { type LogRow, type ReceivedPostback } from "./received-postback.js";
import { recordConversions } from "./record-conversion.js";
import { verdict } from "./verdict.js";

/** A postback to be processed. */
export interface Unsettled {
  received: ReceivedPostback;
  /** It was answered 202 when it came; null: it is answered with what becomes of it now. */
  processedAt: Date | null;
  /** What to do when its click is not stored: nothing yet, turn it away, or keep it until the click may be there. */
  ifMissing: "wait" | "refuse" | "keep";
  /** The entry that is sent through again: being refused as before is not logged anew. */
  entry?: PostbackLog;
}

/**
 * Processes postbacks in the caller's transaction: each is recorded or turned away, and logged.
 *
 * One that came before (a journal may hold it twice) is left as it is: its arrival is in the log, or it is kept.
 * @returns what became of each; null where it waits for its click and nothing was done.
 */
export async function settlePostbacks(em: EntityManager, postbacks: Unsettled[]): Promise<(Outcome | null)[]> {
  const terms = await readTerms(em, postbacks);
  const due = await withoutKnown(em, inLockingOrder(postbacks));
  const outcomes = new Map<Unsettled, Outcome>();
  for (const one of due) {
    const outcome = withoutRecording(em, one, terms.get(one));
    if (outcome) outcomes.set(one, outcome);
  }
  const recordable = due.filter((one) => !outcomes.has(one) && terms.has(one));
  const recorded = await recordConversions(
    em,
    recordable.map((one) => reportOf(one, terms.get(one) as FlowTerms)),
  );
  for (const [index, one] of recordable.entries()) outcomes.set(one, recorded[index] as Outcome);
  const processed = [...outcomes].filter(
    ([{ entry, received, processedAt }, outcome]) =>
      outcome.verdict.code !== "ACCEPTED" &&
      !(entry && isRefusedAgain(entry, outcome)) &&
      !(received.quiet && !processedAt && postbackCodes[outcome.verdict.code].status >= REFUSED_MIN),
  );
  await storeLogRows(
    em,
    processed.map(([one, outcome]) => logRow(one, outcome, terms.get(one))),
  );
  return postbacks.map((one) => outcomes.get(one) ?? null);
}

/** Whether what was refused is refused for the same again: nobody learns anything new. */
export function isRefusedAgain({ code, refused }: PostbackLog, { verdict }: Outcome): boolean {
  return refused && verdict.code === code;
}

/** The flows of the clicks that are stored. */
async function readTerms(em: EntityManager, postbacks: Unsettled[]): Promise<Map<Unsettled, FlowTerms>> {
  const flowIds = await flowsOfClicks(
    em,
    postbacks.map(({ received }) => received.clickHash),
  );
  const goalKeys = new Set(postbacks.flatMap(({ received }) => received.postback.goal ?? []));
  const terms = await readFlowTerms(em, [...new Set(flowIds.values())], [...goalKeys]);
  return new Map(
    postbacks.flatMap((one) => {
      const found = terms.get(flowIds.get(one.received.clickHash) ?? 0);
      return found ? [[one, found]] : [];
    }),
  );
}

async function withoutKnown(em: EntityManager, postbacks: Unsettled[]): Promise<Unsettled[]> {
  const late = postbacks.filter(({ processedAt }) => processedAt).map(arrivalOf);
  const known = new Set([...(await readIds(em, PostbackLog, late)), ...(await readIds(em, PendingPostback, late))]);
  return postbacks.filter((one) => {
    const isKnown = known.has(arrivalOf(one));
    known.add(arrivalOf(one));
    return !isKnown;
  });
}

/** What becomes of a postback that cannot be recorded; null for one that can be, or that waits. */
function withoutRecording(em: EntityManager, one: Unsettled, terms: FlowTerms | undefined): Outcome | null {
  const { received, ifMissing } = one;
  const { clickHash, warnings } = received;
  if (terms?.flow.deleted) return withoutConversion(verdict("FLOW_DELETED", terms.flow.name), warnings);
  if (terms || ifMissing === "wait") return null;
  if (ifMissing === "refuse") {
    const arrivedAt = momentOf(received.arrival ?? received.entry.id).getTime();
    return withoutConversion(verdict("CLICK_UNKNOWN", clickHash, originOf(clickHash, arrivedAt)), warnings);
  }
  keepPending(em, received);
  return withoutConversion(verdict("ACCEPTED"), warnings);
}

function reportOf({ received }: Unsettled, flow: FlowTerms): ConversionReport {
  const { postback, clickHash, entry, arrival = entry.id, warnings = [] } = received;
  const { dialect = PostbackDialect.WAYPOST } = entry;
  return { postback, dialect, clickHash, flow, arrival, entryId: entry.id, warnings };
}

function logRow({ received, processedAt }: Unsettled, outcome: Outcome, terms: FlowTerms | undefined): LogRow {
  const { status, code, message } = answerOf(outcome);
  return {
    ...received.entry,
    flowId: terms?.flow.id ?? null,
    conversionId: outcome.conversionId,
    change: outcome.change,
    warned: outcome.warnings.length > 0,
    status: processedAt ? postbackCodes.ACCEPTED.status : status,
    code,
    message,
    processedAt,
  };
}

/**
 * Stores the log entries of postbacks that were turned away at the door, in the caller's transaction. Operators look for them
 * in their click's flow, where a valid key names one.
 */
export async function storeRefused(em: EntityManager, rows: LogRow[]): Promise<void> {
  const known = await readIds(
    em,
    PostbackLog,
    rows.map(({ id }) => id),
  );
  const flowIds = await flowsOfClicks(
    em,
    rows.flatMap((row) => clickNamedBy(row) ?? []),
  );
  const fresh = new Map(rows.filter(({ id }) => !known.has(id)).map((row) => [row.id, row]));
  await storeLogRows(
    em,
    [...fresh.values()].map((row) => ({ ...row, flowId: flowIds.get(clickNamedBy(row) ?? "") ?? null })),
  );
}

/** The click that a postback with a valid key names, if it can be one. */
export function clickNamedBy({ postbackKeyId, clickKey }: LogRow): string | null {
  return postbackKeyId === null ? null : readId(clickKey ?? "");
}

export async function isClickThere(em: EntityManager, click: string): Promise<boolean> {
  return (await flowsOfClicks(em, [click])).size > 0;
}

/** What entries lack that a journal holds from before 2026-11-25. */
const UNSAID = {
  uid: null,
  dialect: PostbackDialect.WAYPOST,
  reading: null,
  change: null,
  warned: false,
  replayOfId: null,
};

/** An answer says only of what was decided at once whether it was taken. */
function isRefused({ code, status }: LogRow): boolean {
  return (reasonOf(code)?.status ?? status) >= REFUSED_MIN;
}

/** Stores log entries and counts them, in the caller's `writeTransaction`. */
export async function storeLogRows(em: EntityManager, rows: LogRow[]): Promise<void> {
  const stored = rows.map((row) => ({ ...UNSAID, ...row, refused: isRefused(row) }));
  await insertRows(em, PostbackLog, stored);
  count(em, PostbackLog, stored);
}

/** The flows of those clicks that are stored, by click. */
async function flowsOfClicks(em: EntityManager, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const where: Condition[] = [{ property: "id", is: "in", value: ids }];
  const clicks = await readRows(em, Click, { where, only: ["id", "flowId"] });
  return new Map(clicks.map(({ id, flowId }) => [id, flowId]));
}

/** By click and goal, so that two transactions never wait for each other in a circle; those of one of them as they arrived. */
function inLockingOrder(postbacks: Unsettled[]): Unsettled[] {
  const keyOf = ({ received: { clickHash, postback, entry, arrival = entry.id } }: Unsettled) =>
    `${clickHash} ${postback.goal ?? ""} ${arrival} ${entry.id}`;
  return [...postbacks].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function arrivalOf({ received }: Unsettled): string {
  return received.entry.id;
}
