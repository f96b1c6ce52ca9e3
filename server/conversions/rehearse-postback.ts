import { type EntityManager } from "@mikro-orm/sql";
import { type Logger } from "pino";
import { PostbackKey } from "../catalog/postback-key.js";
import { readRows } from "../kit/rows.js";
import { rehearse } from "../kit/transaction.js";
import { createUnderWay } from "../kit/under-way.js";
import { withoutLimit } from "./log-limiter.js";
import { answerOf, type Outcome } from "./postback-answer.js";
import { PostbackLog } from "./postback-log.js";
import { type LogRow } from "./received-postback.js";
import { settlePostbacks, storeRefused } from "./settle-postbacks.js";
import { type PostbackRequest, trackPostback } from "./track-postback.js";

/**
 * Sends a postback down the whole road, in a transaction that is taken back: nothing of it stays.
 *
 * @param arrival  the id that its log entry would have.
 * @returns its log entry, as it would be.
 */
export function rehearsePostback(
  em: EntityManager,
  request: PostbackRequest,
  { arrival, now, log }: { arrival: string; now: () => number; log: Logger },
): Promise<PostbackLog> {
  return rehearse(em, async (own) => {
    const storeRow = (row: LogRow) => storeRefused(own, [row]);
    await trackPostback(
      {
        catalog: { postbackKey: (secret) => findKey(own, secret) },
        strangers: withoutLimit(storeRow),
        refused: { of: () => withoutLimit(storeRow) },
        store: {
          log: storeRow,
          settle: async (received) => {
            const [outcome] = await settlePostbacks(own, [{ received, processedAt: null, ifMissing: "refuse" }]);
            return answerOf(outcome as Outcome);
          },
        },
        underWay: createUnderWay(),
        log,
        now,
        nextId: () => arrival,
      },
      request,
    );
    const [entry] = await readRows(own, PostbackLog, { where: [{ property: "id", is: "=", value: arrival }] });
    if (!entry) throw new Error("The postback that was tried has left no entry.");
    return entry;
  });
}

async function findKey(em: EntityManager, secret: string): Promise<PostbackKey | undefined> {
  const [key] = await readRows(em, PostbackKey, { where: [{ property: "key", is: "=", value: secret }] });
  return key;
}
