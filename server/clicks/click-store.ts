import { type Logger } from "pino";
import { withDeadline } from "../kit/deadline.js";
import { type Metrics } from "../kit/metrics.js";
import { type ClickRow } from "./store-clicks.js";

/** Clicks among the entries of a journal. */
export const CLICK_ENTRY = 1;

/** The one door through which clicks are stored. */
export interface ClickStore {
  /** Resolves when the click is safe on disk, or when there is nowhere to put it: then it is counted. Never rejects. */
  append(click: ClickRow): Promise<void>;
  /** Resolves when every click appended so far is in the journal, in the database, or counted as lost. */
  settled(): Promise<void>;
}

export interface ClickStoreParts {
  journal: { append(kind: number, payload: string): Promise<void>; settled(): Promise<void> };
  /** Stores a click in the database at once; false when that cannot be done. */
  storeDirectly: (click: ClickRow) => Promise<boolean>;
  /** How long a visitor waits for that at most, in milliseconds. */
  waitMs: number;
  log: Logger;
  metrics: Metrics;
}

/**
 * Stores clicks in the journal; when that takes none (its disk is full or broken), in the database; when that cannot be
 * reached either, the visitor is sent on all the same, and the loss is counted and said.
 */
export function createClickStore({ journal, storeDirectly, waitMs, log, metrics }: ClickStoreParts): ClickStore {
  const unrecorded = metrics.counter(
    "clicks_unrecorded_total",
    "Visitors redirected although their click could not be stored.",
  );
  const underWay = new Set<Promise<boolean>>();
  let losing = false;

  /** While clicks are being lost one at a time tries whether that is over: the others are sent on at once. */
  async function storeElsewhere(click: ClickRow): Promise<void> {
    const isStored = (!losing || underWay.size === 0) && (await storeInTime(click));
    if (!isStored) unrecorded.inc();
    note(!isStored);
  }

  /** What comes too late may be stored all the same: it is under way until that is known. */
  async function storeInTime(click: ClickRow): Promise<boolean> {
    const storing = storeDirectly(click).catch(() => false);
    underWay.add(storing);
    void storing.then(() => underWay.delete(storing));
    return withDeadline(storing, waitMs).catch(() => false);
  }

  /** Says when it begins and when it ends: a line for each visitor would fill another disk. */
  function note(isLosing: boolean): void {
    if (isLosing && !losing) log.error("Clicks cannot be stored, neither in the journal nor in the database.");
    if (!isLosing && losing) log.info("Clicks are stored again.");
    losing = isLosing;
  }

  return {
    append: async (click) => {
      try {
        await journal.append(CLICK_ENTRY, JSON.stringify(click));
        note(false);
      } catch {
        await storeElsewhere(click);
      }
    },
    settled: async () => {
      await journal.settled();
      await Promise.all(underWay);
    },
  };
}
