import { type Logger } from "pino";
import { type CatalogCache } from "../catalog/catalog-cache.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { type PostbackKey } from "../catalog/postback-key.js";
import { isDatabaseDown } from "../kit/database-errors.js";
import { momentOf } from "../kit/id.js";
import { JournalRefusal } from "../kit/journal/writer.js";
import { type UnderWay } from "../kit/under-way.js";
import { UID_MAX } from "./conversion.js";
import { dialects, isReadIn, type PostbackDialect, type PostbackParameter } from "./dialect.js";
import { asSent } from "./find-parameter.js";
import { type KeyLimiters, type LogLimiter } from "./log-limiter.js";
import { createPayload } from "./payload.js";
import { answerOf, type Outcome, type PostbackAnswer, REFUSED_MIN, withoutConversion } from "./postback-answer.js";
import { CLICK_SENT_MAX, clickKey } from "./postback-log.js";
import { type PostbackStore } from "./postback-store.js";
import { type Body, readBody, type Sent, type SentParameters } from "./read-body.js";
import { hashWithin } from "./read-click.js";
import { type PostbackReading, readPostback } from "./read-postback.js";
import { type LogRow, type ReceivedPostback, turnedAway } from "./received-postback.js";
import { PostbackRefusal, refusal, verdict } from "./verdict.js";

/** A request on a postback URL, as the door hands it on. */
export interface PostbackRequest {
  dialect: PostbackDialect;
  /** The part of the URL that is the key. */
  secret: string;
  method: string;
  ip: string;
  query: SentParameters;
  /** Takes its body, or says why its bytes cannot be taken. Nobody asks for that of a stranger. */
  takeBody: () => Promise<Body | PostbackRefusal>;
}

/** What tracking a postback needs. */
export interface PostbackParts {
  catalog: Pick<CatalogCache, "postbackKey">;
  /** Of what comes without a live key, and of what the holders of one are refused. */
  strangers: Pick<LogLimiter<LogRow>, "log">;
  refused: Pick<KeyLimiters<LogRow>, "of">;
  store: PostbackStore;
  /** Postbacks that have an arrival and no log entry yet. */
  underWay: UnderWay;
  log: Logger;
  /** Unix milliseconds. */
  now: () => number;
  /** Ids in order of arrival. */
  nextId: (ms: number) => string;
}

/** What goes back to the sender. */
export interface PostbackReply {
  answer: PostbackAnswer;
  /** The text that goes back in place of the answer, since the URL asks for it; null: the answer itself. */
  text: string | null;
}

/** What is known of a postback so far; the log entry is made from it, however far it came. */
interface Seen {
  arrival: string;
  request: PostbackRequest;
  sent: Sent;
  /** Left out: no such key, or nobody knows. */
  key?: PostbackKey | undefined;
  reading?: PostbackReading;
}

/**
 * Takes an advertiser's postback: records or updates a conversion, and logs the request with what was answered.
 *
 * Conversion and log entry are stored durably, together, when this resolves; or, while that cannot be, the postback itself.
 * It never rejects: what cannot be taken is answered with its code.
 */
export async function trackPostback(parts: PostbackParts, request: PostbackRequest): Promise<PostbackReply> {
  const { key, body, error } = await receive(parts, request);
  // It has arrived when all of it has: a slow sender holds nothing up.
  const arrival = parts.nextId(parts.now());
  const seen: Seen = { arrival, request, key, sent: { query: request.query, body: new Map() } };
  const end = parts.underWay.begin(momentOf(arrival).getTime());
  try {
    if (error) throw error;
    return { answer: await take(parts, seen, body), text: seen.reading?.answer ?? null };
  } catch (error) {
    const answer = await refuse(parts, seen, error).catch((logError) => answerOf(outcomeOf(parts.log, logError)));
    return { answer, text: answer.status < 300 ? (seen.reading?.answer ?? null) : null };
  } finally {
    end();
  }
}

/** What comes in. */
interface Received {
  key?: PostbackKey | undefined;
  /** Left out: of a stranger. */
  body?: Body | PostbackRefusal;
  /** Why nobody knows whose it is. */
  error?: unknown;
}

/** Looks up the key and takes the body of whoever has one that is live. */
async function receive({ catalog }: PostbackParts, { secret, takeBody }: PostbackRequest): Promise<Received> {
  try {
    const key = await catalog.postbackKey(secret);
    return isLive(key) ? { key, body: await takeBody() } : { key };
  } catch (error) {
    return { error };
  }
}

function isLive(key: PostbackKey | undefined): key is PostbackKey {
  return key !== undefined && !key.deleted;
}

/** The main road: parameters; then it is settled. @throws PostbackRefusal */
async function take(
  parts: PostbackParts,
  seen: Seen,
  body: Body | PostbackRefusal | undefined,
): Promise<PostbackAnswer> {
  const { request } = seen;
  // Before anything is refused: the log shows what was sent.
  if (body && !(body instanceof PostbackRefusal)) Object.assign(seen.sent, await readBody(body));
  const { key } = seen;
  checkDoor(request, key);
  if (body instanceof PostbackRefusal) throw body;
  seen.reading = readPostback(seen.sent, dialects[request.dialect], key);
  const { verdict: reason } = seen.reading;
  if (reason) throw new PostbackRefusal(reason);
  return settle(parts, seen, seen.reading, parts.refused.of(key.id));
}

/** Has a postback settled, and its entry written unless its key has been refused too often. */
async function settle(
  { store }: PostbackParts,
  seen: Seen,
  { postback, clickHash, warnings }: PostbackReading,
  limiter: LogLimiter<LogRow>,
): Promise<PostbackAnswer> {
  const { ip } = seen.request;
  const entry = logEntry(seen);
  const hasRoom = await limiter.take(ip);
  const received: ReceivedPostback = { postback, clickHash, warnings, entry };
  const answer = await store.settle(hasRoom ? received : { ...received, quiet: true });
  const isRefused = answer.status >= REFUSED_MIN;
  if (!isRefused) await limiter.giveBack(ip);
  else if (!hasRoom) limiter.holdBack({ id: entry.id, ip, make: () => turnedAway(entry, answer, warnings.length > 0) });
  return answer;
}

function checkDoor({ method }: PostbackRequest, key: PostbackKey | undefined): asserts key {
  if (method !== "GET" && method !== "POST") throw refusal("METHOD_NOT_ALLOWED", method);
  if (!key) throw refusal("KEY_UNKNOWN");
  if (key.deleted) throw refusal("KEY_DELETED");
}

/** Logs a postback that was not taken, and answers it. */
async function refuse(parts: PostbackParts, seen: Seen, error: unknown): Promise<PostbackAnswer> {
  const outcome = { ...outcomeOf(parts.log, error), warnings: seen.reading?.warnings ?? [] };
  const answer = answerOf(outcome);
  if (answer.code === "STORAGE_DOWN") return answer;
  const limiter = isLive(seen.key) ? parts.refused.of(seen.key.id) : parts.strangers;
  const { arrival: id, request } = seen;
  await limiter.log({
    id,
    ip: request.ip,
    make: () => turnedAway(logEntry(seen), answer, outcome.warnings.length > 0),
  });
  return answer;
}

function outcomeOf(log: Logger, error: unknown): Outcome {
  if (error instanceof PostbackRefusal) return withoutConversion(error.verdict);
  const isStorageDown = isDatabaseDown(error) || error instanceof JournalRefusal;
  // Whoever watches over the storage has said so once; here it would be a line for every postback.
  if (!isStorageDown) log.error({ err: error }, "A postback could not be processed.");
  return withoutConversion(verdict(isStorageDown ? "STORAGE_DOWN" : "INTERNAL"));
}

/** The log entry as far as it is known at the door. */
function logEntry({ arrival, request, sent, key, reading }: Seen): ReceivedPostback["entry"] {
  const dialect = dialects[request.dialect];
  const elsewhere = reading?.hashElsewhere ?? null;
  const click = asSent(sent, dialect, "click") ?? elsewhere;
  /** What counts of several that were sent, such as a macro and a value; else what was sent. */
  const meant = (name: PostbackParameter) =>
    reading?.parameters.find(({ parameter, means }) => parameter === name && means !== undefined)?.means ??
    asSent(sent, dialect, name);
  return {
    id: arrival,
    clickHash: click && cut(click, CLICK_SENT_MAX),
    clickKey: click && (reading?.clickHash || hashWithin(click) || elsewhere || clickKey(click)),
    goal: cutOrNull(meant("goal"), GOAL_KEY_MAX),
    uid: cutOrNull(meant("uid"), UID_MAX),
    ip: request.ip,
    method: request.method,
    dialect: request.dialect,
    reading: reading?.parameters ?? null,
    ...createPayload(new Map([...sent.query, ...sent.body]), isReadIn(dialect)),
    postbackKeyId: key?.id ?? null,
    suppressed: 0,
    replayOfId: null,
  };
}

function cutOrNull(text: string | null, max: number): string | null {
  return text === null ? null : cut(text, max);
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : [...text].slice(0, max).join("");
}
