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
import { type LogLimiter } from "./log-limiter.js";
import { createPayload } from "./payload.js";
import { answerOf, type Outcome, type PostbackAnswer, withoutConversion } from "./postback-answer.js";
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
  /** Or why its bytes could not be taken. */
  body: Body | PostbackRefusal;
}

/** What tracking a postback needs. */
export interface PostbackParts {
  catalog: Pick<CatalogCache, "postbackKey">;
  strangers: Pick<LogLimiter<LogRow>, "log">;
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
  key?: PostbackKey;
  reading?: PostbackReading;
}

/**
 * Takes an advertiser's postback: records or updates a conversion, and logs the request with what was answered.
 *
 * Conversion and log entry are stored durably, together, when this resolves; or, while that cannot be, the postback itself.
 * It never rejects: what cannot be taken is answered with its code.
 */
export async function trackPostback(parts: PostbackParts, request: PostbackRequest): Promise<PostbackReply> {
  const seen: Seen = { arrival: parts.nextId(parts.now()), request, sent: { query: request.query, body: new Map() } };
  const end = parts.underWay.begin(momentOf(seen.arrival).getTime());
  try {
    return { answer: await take(parts, seen), text: seen.reading?.answer ?? null };
  } catch (error) {
    const answer = await refuse(parts, seen, error).catch((logError) => answerOf(outcomeOf(parts.log, logError)));
    return { answer, text: answer.status < 300 ? (seen.reading?.answer ?? null) : null };
  } finally {
    end();
  }
}

/** The main road: key, parameters; then it is settled. @throws PostbackRefusal */
async function take(parts: PostbackParts, seen: Seen): Promise<PostbackAnswer> {
  const { request } = seen;
  const { body } = request;
  // Before anything is refused: the log shows what was sent.
  if (!(body instanceof PostbackRefusal)) Object.assign(seen.sent, await readBody(body));
  seen.key = await parts.catalog.postbackKey(request.secret);
  checkDoor(request, seen.key);
  if (body instanceof PostbackRefusal) throw body;
  seen.reading = readPostback(seen.sent, dialects[request.dialect], seen.key);
  const { postback, clickHash, verdict: reason, warnings } = seen.reading;
  if (reason) throw new PostbackRefusal(reason);
  return parts.store.settle({ postback, clickHash, warnings, entry: logEntry(seen) });
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
  const row = turnedAway(logEntry(seen), outcome);
  if (answer.status === 401) await parts.strangers.log(row);
  else await parts.store.log(row);
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
