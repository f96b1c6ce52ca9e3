import { type EntityManager } from "@mikro-orm/sql";
import { type Logger } from "pino";
import { type CatalogCache, type TrackedFlow } from "../catalog/catalog-cache.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { type PostbackKey } from "../catalog/postback-key.js";
import { Click } from "../clicks/click.js";
import { withDeadline } from "../kit/deadline.js";
import { readId } from "../kit/id.js";
import { isDatabaseDown } from "../kit/orm.js";
import { writeTransaction } from "../kit/transaction.js";
import { type LogLimiter } from "./log-limiter.js";
import { createPayload } from "./payload.js";
import { PostbackRefusal, postbackCodes, refusal, type Verdict, verdict } from "./postback-codes.js";
import { CLICK_SENT_MAX, clickKey, PostbackLog } from "./postback-log.js";
import { readBody, type Sent, type SentParameters } from "./read-body.js";
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
  /** Has all clicks stored that were redirected until now. */
  pass: () => Promise<boolean>;
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
  sent: Sent;
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
  const seen: Seen = { arrival: parts.nextId(parts.now()), request, sent: { query: request.query, body: new Map() } };
  try {
    return await withDeadline(take(parts, seen));
  } catch (error) {
    return withDeadline(refuse(parts, seen, error)).catch((logError) => answer(outcomeOf(parts.log, logError)));
  }
}

/** The main road: key, parameters, click, flow; then everything is stored. @throws PostbackRefusal */
async function take(parts: PostbackParts, seen: Seen): Promise<PostbackAnswer> {
  const { request } = seen;
  const unreadable = await readSent(seen);
  seen.key = await parts.catalog.postbackKey(request.secret);
  checkDoor(request, seen.key);
  if (unreadable) throw unreadable;
  const postback = readPostback(seen.sent);
  seen.flow = await findFlow(parts, postback.click);
  if (seen.flow.flow.deleted) throw refusal("FLOW_DELETED", seen.flow.flow.name);
  return store(parts, seen, seen.flow, postback);
}

/**
 * Reads the parameters as sent: the log keeps them, also those of a postback that is turned away.
 *
 * @returns why the body cannot be read, if so.
 */
async function readSent(seen: Seen): Promise<PostbackRefusal | undefined> {
  const { contentType, body, bodyRefusal } = seen.request;
  if (bodyRefusal) return bodyRefusal;
  try {
    seen.sent.body = await readBody(contentType, body);
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
async function findFlow({ em, catalog, pass }: PostbackParts, sent: string): Promise<TrackedFlow> {
  const id = readId(sent);
  if (!id) throw refusal("CLICK_MALFORMED", sent);
  const find = () => em.fork().findOne(Click, { id }, { fields: ["flowId"] });
  const click = (await find()) ?? ((await pass()) ? await find() : null);
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

/** Logs a postback that was not taken, and answers it. */
async function refuse(parts: PostbackParts, seen: Seen, error: unknown): Promise<PostbackAnswer> {
  const outcome = outcomeOf(parts.log, error);
  if (outcome.verdict.code === "STORAGE_DOWN") return answer(outcome);
  if (!seen.key || seen.key.deleted) {
    await parts.strangers.log(logRow(seen, outcome));
  } else {
    seen.flow ??= await flowOfClick(parts, seen.sent);
    await storeLogRow(parts.em, logRow(seen, outcome));
  }
  return answer(outcome);
}

/** The flow of the click that a refused postback names, if it names one: operators look for it in the flow's log. */
async function flowOfClick(parts: PostbackParts, sent: Sent): Promise<TrackedFlow | undefined> {
  try {
    return await findFlow(parts, asSent(sent, "click") ?? "");
  } catch (error) {
    if (error instanceof PostbackRefusal) return undefined;
    throw error;
  }
}

/** Stores one log entry. */
export async function storeLogRow(em: EntityManager, row: LogRow): Promise<void> {
  await em.fork().insert(PostbackLog, row as never);
}

function outcomeOf(log: Logger, error: unknown): Outcome {
  if (error instanceof PostbackRefusal) return { verdict: error.verdict, conversionId: null };
  log.error({ err: error }, "A postback could not be processed.");
  return { verdict: verdict(isDatabaseDown(error) ? "STORAGE_DOWN" : "INTERNAL"), conversionId: null };
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
    ...createPayload(new Map([...sent.query, ...sent.body])),
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
