import { type PostbackAnswer } from "./postback-answer.js";
import { type PostbackLog } from "./postback-log.js";
import { type Postback } from "./read-postback.js";

/** A log entry to be stored: the columns of `PostbackLog` but those that follow from others. */
export type LogRow = Omit<PostbackLog, "createdAt" | "refused" | "outcome" | "cause" | "cure">;

/** What is only known when a postback has been processed. */
type Result = "flowId" | "conversionId" | "change" | "warned" | "status" | "code" | "message" | "processedAt";

/** A postback that passed the door: its key is valid and its values can be used. It can be kept as JSON. */
export interface ReceivedPostback {
  postback: Postback;
  /** Id of the click that it names. */
  clickHash: string;
  /** What should be mended though it is no reason to refuse it; left out by journals of before 2026-11-25. */
  warnings?: string[];
  /** When its values arrived, as an id: arrivals compare by it. Left out: its log entry's id. */
  arrival?: string;
  /** When it is refused at once that is not logged: its key has been refused too often. */
  quiet?: true;
  /** Its log entry as far as it is known. */
  entry: Omit<LogRow, Result>;
}

/** The log entry of a postback that goes no further than the door. */
export function turnedAway(entry: ReceivedPostback["entry"], answer: PostbackAnswer, warned: boolean): LogRow {
  return { ...entry, ...answer, warned, change: null, flowId: null, processedAt: null };
}

/** Postbacks that wait to be processed, and log entries of those that were turned away, among the entries of a journal. */
export const POSTBACK_ENTRY = 2;
export const LOG_ENTRY = 3;
