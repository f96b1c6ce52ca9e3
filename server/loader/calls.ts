import { type ClickRow } from "../clicks/store-clicks.js";
import { type Config } from "../config.js";
import { type PostbackAnswer } from "../conversions/postback-answer.js";
import { type PostbackCode } from "../conversions/postback-codes.js";
import { type LogRow, type ReceivedPostback } from "../conversions/received-postback.js";
import { type Waits } from "../kit/deadline.js";
import { type Position } from "../kit/journal/segments.js";
import { type Reported } from "./journal-writer.js";

/** What the thread that loads begins with. */
export interface LoaderData {
  config: Config;
  /** Folder of all journals, and the slot of our own. */
  folder: string;
  slot: string;
  /** How far our own journal is on disk (`kit/journal/progress.ts`). */
  progress: SharedArrayBuffer;
  waits: Waits;
}

/** A moment, and the place in the journal before which all from before it is: clicks, and postbacks not stored otherwise. */
export interface Mark {
  /** Unix milliseconds. */
  until: number;
  position: Position;
  /** The tracker's clock as it is, in Unix milliseconds. */
  clock: number;
}

/** What the tracker asks of its loader. */
export interface LoaderCalls {
  /** Tells others that clicks will come from here, if the database can be reached at once: its tables may still be prepared. */
  announce(): Promise<void>;
  /** The tables are there: begins, and answers when others wait for our clicks, or the database has been away for long enough. */
  begin(): Promise<void>;
  /** Stores a click in the database, past the journal; false when that cannot be. */
  storeClick(click: ClickRow): Promise<boolean>;
  /** Processes a postback; null when the database is away. */
  settle(received: ReceivedPostback): Promise<PostbackAnswer | null>;
  /** Stores a log entry; false when the database is away. */
  log(row: LogRow): Promise<boolean>;
  /** How many connections to the database are in use now. */
  connectionsLent(): Promise<number>;
  /** Loads what is left, if the database is there, and lets go of everything. */
  close(): Promise<void>;
}

/** What the loader asks of its tracker. */
export interface TrackerCalls {
  mark(): Promise<Mark>;
  /** Our own journal is loaded up to here. */
  loaded(position: Position): void;
  /** All clicks from before this mark are stored. */
  complete(mark: Mark): void;
  /** What was said to the database of us, and what it has shown. */
  reported(reported: Reported): void;
  /** A stretch of a journal that cannot be read was kept and passed over. */
  damaged(): void;
  putAside(): void;
  /** What postbacks came to that were answered before. */
  settled(codes: PostbackCode[]): void;
  /** A line for the log, as pino writes it. */
  log(line: string): void;
}
