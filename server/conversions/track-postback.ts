import { type EntityManager } from "@mikro-orm/sql";
import { type Logger } from "pino";
import { type CatalogCache, type TrackedFlow } from "../catalog/catalog-cache.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { type PostbackKey } from "../catalog/postback-key.js";
import { Click } from "../clicks/click.js";
import { readId } from "../kit/id.js";
import { isDatabaseDown } from "../kit/orm.js";
import { writeTransaction } from "../kit/transaction.js";
import { type LogLimiter } from "./log-limiter.js";
import { createPayload } from "./payload.js";
import { PostbackRefusal, postbackCodes, refusal, type Verdict, verdict } from "./postback-codes.js";
import { CLICK_SENT_MAX, clickKey, PostbackLog } from "./postback-log.js";
import { readBody, type SentParameters } from "./read-body.js";
import { asSent, type Postback, readPostback } from "./read-postback.js";
import { recordConversion } from "./record-conversion.js";

/** A request on a postback URL, as the door hands it on. */
export interface PostbackRequest {
  /** The part of the URL after `/postback/`. */
  secret: string;
  method: string;
  ip: string;
  query: SentParameters;
  contentType: string | undefined;
  body: Buffer;
  /** Why the body is not there, when it could not be taken. */
  bodyRefusal?: PostbackRefusal;
}

/** What is answered, as JSON. */
export interface PostbackAnswer extends Verdict {
  status: number;
  conversionId: string | null;
}

export type LogRow = Omit<PostbackLog, "createdAt">;

/** What tracking a postback needs. */
export interface PostbackParts {
  em: EntityManager;
  catalog: CatalogCache;
  strangers: LogLimiter<LogRow>;
  log: Logger;
  /** Unix milliseconds. */
  now: () => number;
  /** Ids in order of arrival. */
  nextId: (ms: number) => string;
}

/** What is known of a postback so far; the log entry is made from it, however far it came. */
interface Seen {
  arrival: string;
  request: PostbackRequest;
  sent: SentParameters;
  key?: PostbackKey;
  flow?: TrackedFlow;
}

/**
 * Takes an advertiser's postback: records or updates a conversion, and logs the request with what was answered.
 *
 * Conversion and log entry are stored durably, together, when this resolves. It never rejects: what cannot be taken is
 * answered with its code.
 */
export async function trackPostback(parts: PostbackParts, request: PostbackRequest): Promise<PostbackAnswer> {
  const seen: Seen = { arrival: parts.nextId(parts.now()), request, sent: request.query };
  try {
    const unreadable = await readSent(seen);
    seen.key = await parts.catalog.postbackKey(request.secret);
    checkDoor(request, seen.key);
    if (unreadable) throw unreadable;
    const postback = readPostback(seen.sent);
    seen.flow = await findFlow(parts, postback);
    if (seen.flow.flow.deleted) throw refusal("FLOW_DELETED", seen.flow.flow.name);
    return await store(parts, seen, seen.flow, postback);
  } catch (error) {
    return refuse(parts, seen, error);
  }
}

/**
 * Reads the parameters as sent, body over query: the log keeps them, also those of a postback that is turned away.
 *
 * @returns why the body cannot be read, if so.
 */
async function readSent(seen: Seen): Promise<PostbackRefusal | undefined> {
  const { query, contentType, body, bodyRefusal } = seen.request;
  if (bodyRefusal) return bodyRefusal;
  try {
    seen.sent = new Map([...query, ...(await readBody(contentType, body))]);
  } catch (error) {
    if (error instanceof PostbackRefusal) return error;
    throw error;
  }
}

function checkDoor({ method }: PostbackRequest, key: PostbackKey | undefined): void {
  if (method !== "GET" && method !== "POST") throw refusal("METHOD_NOT_ALLOWED", method);
  if (!key) throw refusal("KEY_UNKNOWN");
  if (key.deleted) throw refusal("KEY_DELETED");
}

/** The flow of the click that a postback names, deleted ones included. */
async function findFlow({ em, catalog }: PostbackParts, { click: sent }: Postback): Promise<TrackedFlow> {
  const id = readId(sent);
  if (!id) throw refusal("CLICK_MALFORMED", sent);
  const click = await em.fork().findOne(Click, { id }, { fields: ["flowId"] });
  const flow = click && (await catalog.flowById(click.flowId));
  if (!flow) throw refusal("CLICK_UNKNOWN", id);
  return flow;
}

function store(parts: PostbackParts, seen: Seen, flow: TrackedFlow, postback: Postback): Promise<PostbackAnswer> {
  const report = { postback, flow, arrival: seen.arrival, clickHash: readId(postback.click) as string };
  return writeTransaction(parts.em, async (em) => {
    const recorded = await recordConversion(em, report);
    em.persist(em.create(PostbackLog, logRow(seen, recorded) as never));
    return answer(recorded);
  });
}

async function refuse(parts: PostbackParts, seen: Seen, error: unknown): Promise<PostbackAnswer> {
  const reason = reasonOf(parts.log, error);
  const refused = { verdict: reason, conversionId: null };
  if (reason.code === "STORAGE_DOWN") return answer(refused);
  try {
    const row = logRow(seen, refused);
    const isStranger = !seen.key || seen.key.deleted;
    const admitted = isStranger ? await parts.strangers.admit(row) : row;
    if (admitted) await storeLogRow(parts.em, admitted);
    return answer(refused);
  } catch (logError) {
    return answer({ verdict: reasonOf(parts.log, logError), conversionId: null });
  }
}

/** Stores one log entry. */
export async function storeLogRow(em: EntityManager, row: LogRow): Promise<void> {
  await em.fork().insert(PostbackLog, row as never);
}

function reasonOf(log: Logger, error: unknown): Verdict {
  if (error instanceof PostbackRefusal) return error.verdict;
  const code = isDatabaseDown(error) ? "STORAGE_DOWN" : "INTERNAL";
  log.error({ err: error }, "A postback could not be processed.");
  return verdict(code);
}

/** What became of a postback. */
interface Outcome {
  verdict: Verdict;
  conversionId: string | null;
}

function answer({ verdict: { code, message }, conversionId }: Outcome): PostbackAnswer {
  return { status: postbackCodes[code].status, code, message, conversionId };
}

function logRow(seen: Seen, { verdict: reason, conversionId }: Outcome): LogRow {
  const { arrival, request, sent, key, flow } = seen;
  const click = asSent(sent, "click");
  return {
    id: arrival,
    flowId: flow?.flow.id ?? null,
    clickHash: click && cut(click, CLICK_SENT_MAX),
    clickKey: click && clickKey(click),
    goal: cutOrNull(asSent(sent, "goal"), GOAL_KEY_MAX),
    status: postbackCodes[reason.code].status,
    code: reason.code,
    message: reason.message,
    ip: request.ip,
    method: request.method,
    ...createPayload(sent),
    conversionId,
    postbackKeyId: key?.id ?? null,
    suppressed: 0,
  };
}

function cutOrNull(text: string | null, max: number): string | null {
  return text === null ? null : cut(text, max);
}

function cut(text: string, max: number): string {
  return [...text].slice(0, max).join("");
}
