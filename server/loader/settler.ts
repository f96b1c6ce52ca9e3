import { setTimeout as sleep } from "node:timers/promises";
import { type EntityManager } from "@mikro-orm/sql";
import { arePending, hasPending, takeDecidable, WAITING_MAX } from "../conversions/pending-postback.js";
import {
  answerOf,
  endsOf,
  type Outcome,
  type PostbackAnswer,
  withoutConversion,
} from "../conversions/postback-answer.js";
import { type PostbackCode } from "../conversions/postback-codes.js";
import { type LogRow, POSTBACK_ENTRY, type ReceivedPostback } from "../conversions/received-postback.js";
import {
  clickNamedBy,
  isClickThere,
  settlePostbacks,
  storeRefused,
  type Unsettled,
} from "../conversions/settle-postbacks.js";
import { verdict } from "../conversions/verdict.js";
import { type BatchOptions, createBatches } from "../kit/batch.js";
import { failsAll, isDataAtFault } from "../kit/database-errors.js";
import { type Waits, withDeadline } from "../kit/deadline.js";
import { momentOf } from "../kit/id.js";
import { type JournalEntry } from "../kit/journal/reader.js";
import { writeTransaction } from "../kit/transaction.js";
import { completeUntil, mayStillCome } from "./journal-writer.js";

/** Postbacks, or log entries, of one transaction. A second is prepared while the database works on the first. */
const BATCH: BatchOptions = { sizeMax: 64, waitingMax: 10_000, lanes: 2, isHopeless: failsAll };
/** A loader's pause, its batch and a commit, in milliseconds. */
const MOMENT_MS = 250;

export interface SettlerParts {
  em: () => EntityManager;
  /** Has all clicks of our own journal stored that are in it now; false when that takes too long. */
  pass: () => Promise<boolean>;
  /** Small id of our own journal's writer. */
  writer: () => number;
  /** Keeps a postback that cannot be stored, in the transaction. */
  setAside: (em: EntityManager, entry: Pick<JournalEntry, "kind" | "payload">, reason: unknown) => Promise<void>;
  /** What postbacks came to that were answered before. */
  settled: (codes: PostbackCode[]) => void;
  waits: Waits;
  /** How many may wait for their click at a time. */
  waitingMax?: number;
}

/** Processes postbacks against the database: at once, or when their clicks are there. */
export interface Settler {
  settle(received: ReceivedPostback): Promise<PostbackAnswer>;
  log(row: LogRow): Promise<void>;
  /** Processes those that were kept and can be decided now. */
  settlePending(): Promise<void>;
}

export function createSettler({
  em,
  pass,
  writer,
  setAside,
  settled,
  waits,
  waitingMax = WAITING_MAX,
}: SettlerParts): Settler {
  const settleTogether = createBatches(
    (postbacks: Unsettled[]) =>
      withDeadline(
        writeTransaction(em(), (own) => settlePostbacks(own, postbacks), writer()),
        waits.postback,
      ),
    BATCH,
  );
  const logTogether = createBatches(async (rows: LogRow[]) => {
    await withDeadline(
      writeTransaction(em(), (own) => storeRefused(own, rows), writer()),
      waits.postback,
    );
    return rows;
  }, BATCH);

  /**
   * The click is not stored. It may be in our own journal, which is then loaded, or in that of another tracker: that one gets
   * a moment, and then the postback is kept.
   */
  async function settleMissing(received: ReceivedPostback): Promise<Outcome | null> {
    const isPassed = await pass();
    if (await isComing(received, isPassed)) await sleep(MOMENT_MS);
    const ifMissing = (await isComing(received, isPassed)) ? "keep" : "refuse";
    if (ifMissing === "keep" && (await arePending(em(), waitingMax))) return withoutConversion(verdict("STORAGE_DOWN"));
    return settleTogether({ received, processedAt: null, ifMissing });
  }

  async function isComing({ clickHash }: ReceivedPostback, isPassed: boolean): Promise<boolean> {
    return !isPassed || (await mayStillCome(em(), [clickHash], writer())).size > 0;
  }

  async function settleKept(countMax: number): Promise<void> {
    const outcomes = await writeTransaction(
      em(),
      async (own) => {
        const taken = await takeDecidable(own, await completeUntil(own), countMax);
        const processedAt = new Date();
        const postbacks = taken.map((received): Unsettled => ({ received, processedAt, ifMissing: "refuse" }));
        return settlePostbacks(own, postbacks);
      },
      writer(),
    );
    settled(endsOf(outcomes));
  }

  /** The first of those that were kept is refused by the database: the others need not wait for it. */
  function setAsideFirst(reason: unknown): Promise<void> {
    return writeTransaction(em(), async (own) => {
      for (const received of await takeDecidable(own, await completeUntil(own), 1)) {
        await setAside(own, { kind: POSTBACK_ENTRY, payload: Buffer.from(JSON.stringify(received)) }, reason);
      }
    });
  }

  return {
    settle: async (received) => {
      const known = await settleTogether({ received, processedAt: null, ifMissing: "wait" });
      return answerOf(known ?? ((await settleMissing(received)) as Outcome));
    },
    log: async (row) => {
      const click = clickNamedBy(row);
      // It may be in our own journal still, and operators look for the entry in its flow.
      if (click !== null && isNew(click, waits.newClick) && !(await isClickThere(em(), click))) await pass();
      await logTogether(row);
    },
    settlePending: async () => {
      if (!(await hasPending(em()))) return;
      await settleKept(BATCH.sizeMax).catch((error) => {
        if (!isDataAtFault(error)) throw error;
        return settleKept(1).catch(setAsideFirst);
      });
    },
  };
}

function isNew(click: string, ms: number): boolean {
  return momentOf(click).getTime() > Date.now() - ms;
}
