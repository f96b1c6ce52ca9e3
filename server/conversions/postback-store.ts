import { answerOf, type PostbackAnswer, withoutConversion } from "./postback-answer.js";
import { LOG_ENTRY, type LogRow, POSTBACK_ENTRY, type ReceivedPostback } from "./received-postback.js";
import { verdict } from "./verdict.js";

/** Where postbacks go from the door. */
export interface PostbackStore {
  /**
   * Records a postback durably. @returns what became of it, or that it is kept and will be processed by itself.
   * @throws when nothing can be stored anywhere
   */
  settle(received: ReceivedPostback): Promise<PostbackAnswer>;
  /** Stores the log entry of a postback that was turned away. @throws when nothing can be stored anywhere */
  log(row: LogRow): Promise<void>;
}

export interface PostbackStoreParts {
  journal: { append(kind: number, payload: string): Promise<void> };
  /** The same two in the database; null and false when that is away, and nothing is known of what was tried. */
  settleNow: (received: ReceivedPostback) => Promise<PostbackAnswer | null>;
  logNow: (row: LogRow) => Promise<boolean>;
}

/** Stores postbacks in the database; while that is away in the journal, which it reads when it is back. */
export function createPostbackStore({ journal, settleNow, logNow }: PostbackStoreParts): PostbackStore {
  return {
    settle: async (received) => {
      const settled = await settleNow(received);
      if (settled) return settled;
      await journal.append(POSTBACK_ENTRY, JSON.stringify(received));
      return answerOf(withoutConversion(verdict("ACCEPTED"), received.warnings));
    },
    log: async (row) => {
      if (!(await logNow(row))) await journal.append(LOG_ENTRY, JSON.stringify(row));
    },
  };
}
