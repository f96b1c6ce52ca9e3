import { type EntityManager } from "@mikro-orm/sql";
import { type FlowTerms, readFlowTerms } from "../catalog/flow-terms.js";
import { Click } from "../clicks/click.js";
import { readId } from "../kit/id.js";
import { count } from "../kit/tally.js";
import { keepPending, keptIds } from "./pending-postback.js";
import { type Outcome } from "./postback-answer.js";
import { postbackCodes, type Verdict, verdict } from "./postback-codes.js";
import { PostbackLog } from "./postback-log.js";
import { type LogRow, type ReceivedPostback } from "./received-postback.js";
import { recordConversion } from "./record-conversion.js";

/** Answers from here on say that a postback was not taken. */
const REFUSED_MIN = 400;

/** A postback to be processed. */
export interface Unsettled {
  received: ReceivedPostback;
  /** It was answered 202 when it came; null: it is answered with what becomes of it now. */
  processedAt: Date | null;
  /** What to do when its click is not stored: nothing yet, turn it away, or keep it until the click may be there. */
  ifMissing: "wait" | "refuse" | "keep";
}

/**
 * Processes postbacks in the caller's transaction: each is recorded or turned away, and logged.
 *
 * One that came before (a journal may hold it twice) is left as it is: its arrival is in the log, or it is kept.
 * @returns what became of each; null where it waits for its click and nothing was done.
 */
export async function settlePostbacks(em: EntityManager, postbacks: Unsettled[]): Promise<(Outcome | null)[]> {
  const late = postbacks.filter(({ processedAt }) => processedAt).map(arrivalOf);
  const known = new Set([...(await loggedIds(em, late)), ...(await keptIds(em, late))]);
  const flowIds = await flowsOfClicks(
    em,
    postbacks.map(({ received }) => received.clickHash),
  );
  const terms = await readFlowTerms(em, [...new Set(flowIds.values())]);
  const outcomes = new Map<Unsettled, Outcome | null>();
  for (const one of inLockingOrder(postbacks)) {
    const flowId = flowIds.get(one.received.clickHash);
    if (!known.has(arrivalOf(one)))
      outcomes.set(one, await settle(em, one, flowId === undefined ? undefined : terms.get(flowId)));
  }
  return postbacks.map((one) => outcomes.get(one) ?? null);
}

async function settle(em: EntityManager, one: Unsettled, terms: FlowTerms | undefined): Promise<Outcome | null> {
  const { received, ifMissing } = one;
  if (!terms && ifMissing === "wait") return null;
  if (!terms && ifMissing === "keep") {
    keepPending(em, received);
    return { verdict: verdict("ACCEPTED"), conversionId: null };
  }
  const outcome = terms ? await record(em, received, terms) : turnedAway(verdict("CLICK_UNKNOWN", received.clickHash));
  storeLogRow(em, logRow(one, outcome, terms));
  return outcome;
}

async function record(em: EntityManager, received: ReceivedPostback, terms: FlowTerms): Promise<Outcome> {
  if (terms.flow.deleted) return turnedAway(verdict("FLOW_DELETED", terms.flow.name));
  const { postback, clickHash, entry } = received;
  return recordConversion(em, { postback, clickHash, flow: terms, arrival: entry.id });
}

function turnedAway(reason: Verdict): Outcome {
  return { verdict: reason, conversionId: null };
}

function logRow({ received, processedAt }: Unsettled, outcome: Outcome, terms: FlowTerms | undefined): LogRow {
  const { code, message } = outcome.verdict;
  const answered = processedAt ? "ACCEPTED" : code;
  return {
    ...received.entry,
    flowId: terms?.flow.id ?? null,
    conversionId: outcome.conversionId,
    status: postbackCodes[answered].status,
    code: answered,
    message,
    outcome: processedAt ? code : null,
    processedAt,
  };
}

/**
 * Stores the log entries of postbacks that were turned away at the door, in the caller's transaction. Operators look for them
 * in their click's flow, where a valid key names one.
 */
export async function storeRefused(em: EntityManager, rows: LogRow[]): Promise<void> {
  const known = await loggedIds(
    em,
    rows.map(({ id }) => id),
  );
  const clickOf = ({ postbackKeyId, clickKey }: LogRow) => (postbackKeyId === null ? null : readId(clickKey ?? ""));
  const flowIds = await flowsOfClicks(
    em,
    rows.flatMap((row) => clickOf(row) ?? []),
  );
  for (const row of rows) {
    if (!known.has(row.id)) storeLogRow(em, { ...row, flowId: flowIds.get(clickOf(row) ?? "") ?? null });
  }
}

/** Stores one log entry and counts it, with the caller's `writeTransaction`. */
export function storeLogRow(em: EntityManager, row: LogRow): void {
  const stored = { ...row, refused: row.status >= REFUSED_MIN };
  em.persist(em.create(PostbackLog, stored as never));
  count(em, PostbackLog, [stored]);
}

async function loggedIds(em: EntityManager, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await em.find(PostbackLog, { id: { $in: ids } }, { fields: ["id"], disableIdentityMap: true });
  return new Set(rows.map(({ id }) => id));
}

/** The flows of those clicks that are stored, by click. */
async function flowsOfClicks(em: EntityManager, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const clicks = await em.find(Click, { id: { $in: ids } }, { fields: ["id", "flowId"], disableIdentityMap: true });
  return new Map(clicks.map(({ id, flowId }) => [id, flowId]));
}

/** By conversion, so that two transactions never wait for each other in a circle; those for one conversion as they arrived. */
function inLockingOrder(postbacks: Unsettled[]): Unsettled[] {
  const keyOf = ({ received: { clickHash, postback, entry } }: Unsettled) =>
    `${clickHash} ${postback.goal ?? ""} ${postback.uid ?? ""} ${entry.id}`;
  return [...postbacks].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function arrivalOf({ received }: Unsettled): string {
  return received.entry.id;
}
