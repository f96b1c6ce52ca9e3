import { join } from "node:path";
import { type Logger } from "pino";
import { type ClickStore, createClickStore } from "../clicks/click-store.js";
import { type Config, JOURNAL_FOLDER } from "../config.js";
import { createPostbackStore, type PostbackStore } from "../conversions/postback-store.js";
import { type Waits } from "../kit/deadline.js";
import { realDisk } from "../kit/journal/disk.js";
import { createProgress } from "../kit/journal/progress.js";
import { bytesAfter, START } from "../kit/journal/segments.js";
import { type Slot, takeSlot } from "../kit/journal/slots.js";
import { createJournalWriter, type JournalWriter } from "../kit/journal/writer.js";
import { type Metrics } from "../kit/metrics.js";
import { EXIT_CONFIG, StartError } from "../kit/process.js";
import { type SteadyClock } from "../kit/steady-clock.js";
import { type UnderWay } from "../kit/under-way.js";
import { startLoaderThread } from "./loader-thread.js";
import { reserveTime } from "./reserve-time.js";
import { watchClock } from "./watch-clock.js";

/** What may wait in a journal for the database before its tracker asks for no more visitors, in bytes: some six million clicks. */
const UNLOADED_MAX = 4 * 1024 ** 3;
/** How old the oldest of that is when an operator is told, in seconds. */
const UNLOADED_WARNING_S = 10;
/** From a fast disk with a cache of its own to one that is in trouble, in seconds. */
const FLUSH_BOUNDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5];

export interface JournalOptions {
  log: Logger;
  metrics: Metrics;
  /** What clicks have their time from. */
  clock: SteadyClock;
  loaderFile: string | URL;
  /** Postbacks that have an arrival and are stored nowhere yet. */
  underWay: UnderWay;
  waits: Waits;
}

/** A tracker's journal with the thread that loads it. */
export interface Journal {
  writer: JournalWriter;
  clicks: ClickStore;
  postbacks: PostbackStore;
  /** Tells others that clicks will come from here, while the tables may not be there yet. */
  announce(): Promise<void>;
  /** Begins to load: the tables are there. Resolves when others wait for our clicks, or the database has been away for a while. */
  begin(): Promise<void>;
  /** Why no visitor should be sent here; null when all is well. The database may be away. */
  whyNotReady(): Promise<string | null>;
  /** How many connections to the database its thread uses now. */
  connectionsLent(): Promise<number>;
  /** What an operator should see to, although visitors can be sent here. */
  warnings(): Promise<string[]>;
  /** Writes and loads what is left. */
  close(): Promise<void>;
}

/** Opens a journal in the first slot that no other tracker has. @throws StartError */
export function openJournal(config: Config, options: JournalOptions): Journal {
  const { log, metrics, clock, loaderFile, underWay, waits } = options;
  const { now } = clock;
  const folder = join(config.dataDir, JOURNAL_FOLDER);
  const slot = takeOwnSlot(config.dataDir, folder);
  const progress = createProgress();
  const flushSeconds = metrics.histogram(
    "journal_flush_seconds",
    "How long a flush of the journal took.",
    FLUSH_BOUNDS,
  );
  const damaged = metrics.counter("journal_damaged_total", "Stretches of a journal that could not be read.");
  const putAside = metrics.counter("journal_put_aside_total", "Entries that the database refused for their values.");
  const settled = metrics.counter(
    "postbacks_settled_total",
    "Postbacks that were answered 202, by the code they came to.",
    ["code"],
  );
  const clockWatch = watchClock(log, metrics);
  const reservation = reserveTime(slot.folder, clock);
  let [loaded, completeUntil] = [START, now()];

  const writer = createJournalWriter({
    disk: realDisk,
    folder: slot.folder,
    progress,
    done: () => loaded,
    now: Date.now,
    flushed: (seconds) => flushSeconds.observe(seconds),
    failed: (error) => log.error({ err: error }, "A file of the journal cannot be written."),
  });
  const loader = startLoaderThread(
    loaderFile,
    { config, folder, slot: slot.name, progress: progress.memory, waits },
    {
      mark: async () => {
        const until = Math.min(now(), underWay.oldest());
        await clicks.settled();
        reservation.keep();
        return { until, position: progress.read(), clock: clock.raw() };
      },
      loaded: (position) => {
        loaded = position;
      },
      complete: ({ until, position }) => {
        [loaded, completeUntil] = [position, until];
      },
      reported: ({ clockAhead, knownUntil }) => {
        clockWatch.note(clockAhead);
        // Others count on all clicks of before to be stored.
        clock.raise(Number.isFinite(knownUntil) ? knownUntil : clock.raw() - clockAhead);
      },
      damaged: () => damaged.inc(),
      putAside: () => putAside.inc(),
      settled: (codes) => {
        for (const code of codes) settled.inc({ code });
      },
      log: (line) => relog(log, line),
    },
  );
  const clicks = createClickStore({
    journal: writer,
    storeDirectly: (click) => loader.ask("storeClick", click),
    waitMs: waits.click,
    log,
    metrics,
  });
  const unloadedBytes = () => bytesAfter(realDisk, slot.folder, loaded).catch(() => 0);
  metrics.gauge("journal_unloaded_bytes", "What is in the journal and not in the database yet.", unloadedBytes);
  const unloadedSeconds = async () => ((await unloadedBytes()) > 0 ? (now() - completeUntil) / 1000 : 0);
  metrics.gauge("journal_unloaded_seconds", "How old the oldest of that is at most.", unloadedSeconds, "max");

  return {
    writer,
    clicks,
    postbacks: createPostbackStore({
      journal: writer,
      settleNow: (received) => loader.ask("settle", received),
      logNow: (row) => loader.ask("log", row),
    }),
    whyNotReady: async () => {
      if (writer.failing()) return "The journal cannot be written: its disk is full or broken.";
      const isLong = (await unloadedBytes()) > UNLOADED_MAX;
      return isLong ? "Too much is in the journal that is not in the database." : null;
    },
    warnings: async () => {
      const seconds = await unloadedSeconds();
      const old = `The oldest of what is in the journal and not in the database is up to ${Math.round(seconds)} s old.`;
      return [...(seconds > UNLOADED_WARNING_S ? [old] : []), ...clockWatch.warnings()];
    },
    announce: () => loader.ask("announce", undefined),
    begin: () => loader.ask("begin", undefined),
    connectionsLent: () => loader.ask("connectionsLent", undefined),
    close: async () => {
      await writer.close();
      await loader.close();
      slot.release();
    },
  };
}

function takeOwnSlot(dataDir: string, folder: string): Slot {
  try {
    return takeSlot(folder);
  } catch (error) {
    const reason = (error as Error).message;
    throw new StartError(
      `DATA_DIR is "${dataDir}": the journal in it cannot be used (${reason}). It must be a folder that we may write to.`,
      EXIT_CONFIG,
    );
  }
}

/** Writes a line of another thread's into our log, as if it were ours. */
function relog(log: Logger, line: string): void {
  const { level, time: _, pid: __, hostname: ___, msg, ...rest } = JSON.parse(line);
  const name = log.levels.labels[level] as "info";
  log[name](rest, msg);
}
