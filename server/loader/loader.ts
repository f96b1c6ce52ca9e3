import { type EntityManager } from "@mikro-orm/sql";
import { type Logger } from "pino";
import { type ClickRow, readyClicks, storeClicks } from "../clicks/store-clicks.js";
import { type PostbackCode } from "../conversions/postback-codes.js";
import { createBatches, QueueFull } from "../kit/batch.js";
import { type Ask } from "../kit/calls.js";
import { databaseReason, failsAll, isDataAtFault, isDatabaseDown } from "../kit/database-errors.js";
import { DATABASE_CLOSE_MS, type Waits, withDeadline } from "../kit/deadline.js";
import { realDisk } from "../kit/journal/disk.js";
import { createJournalReader, type JournalEntry } from "../kit/journal/reader.js";
import { type Position, START } from "../kit/journal/segments.js";
import { type Slot } from "../kit/journal/slots.js";
import { connectionsLent, type Database } from "../kit/orm.js";
import { writeTransaction } from "../kit/transaction.js";
import { createTrouble } from "../kit/trouble.js";
import { type LoaderCalls, type Mark, type TrackerCalls } from "./calls.js";
import { announceStart, type Report, report } from "./journal-writer.js";
import { type JournalLoad, openJournalLoad } from "./load-journal.js";
import { createMarks } from "./marks.js";
import { createOrphans } from "./orphans.js";
import { createSettler } from "./settler.js";
import { putAside, readyEntries, storeEntries } from "./store-entries.js";
import { START_WITHOUT_MS } from "./waiting-rule.js";

/** Pauses of the loader, in milliseconds: when little is there to load (larger batches cost less), while the database is away, after a mistake. */
const IDLE_MS = 40;
const LITTLE = 500;
const DOWN_MS = 200;
const MISTAKE_MS = 1000;
/** How often postbacks that are kept are looked through. */
const PENDING_MS = 300;
/** How long a start that prepares its tables still tries to say that it is there. */
const ANNOUNCE_MS = 1000;
/** How long the end of the process waits for the rest of the journal: what is left is loaded by the next that starts. */
const DRAIN_MS = 4000;
const DIRECT_BATCH = { sizeMax: 256, waitingMax: 10_000, isHopeless: failsAll };

export interface LoaderParts {
  /** Folder of all journals; their writers' names begin with the installation's. */
  folder: string;
  installation: string;
  /** Our own slot, and how far it is written. */
  slot: Pick<Slot, "name" | "folder">;
  written: () => Position;
  openDatabase: () => Promise<Database>;
  tracker: Ask<TrackerCalls>;
  waits: Waits;
  log: Logger;
}

/** Brings what the tracker puts into its journal into the database, and does for it what else needs the database. */
export function createLoader(parts: LoaderParts): LoaderCalls {
  const { folder, slot, tracker, waits, log } = parts;
  let database: Database | null = null;
  let own: JournalLoad | null = null;
  /** Null until it has been asked for the first time. */
  let isDown: boolean | null = null;
  let closing = false;
  let pendingAt = 0;
  /** How often the database could not be reached, and how often when we reported last. */
  let [failures, failuresReported] = [0, 0];
  /** By how much our clock is ahead of the one that only runs. */
  let clockOffset: number | null = null;
  let opening: Promise<Database> | null = null;
  let wake = () => {};
  let running: Promise<void> = Promise.resolve();
  const started = Promise.withResolvers<void>();
  const stuck = createTrouble(log, {
    level: "error",
    begins: "The journal cannot be loaded; it is tried again until it can be.",
    ends: "The journal is loaded again.",
  });
  const refusing = createTrouble(log, {
    level: "error",
    begins: "The database refuses to store what comes in, for a reason that is not in it: it is kept in the journal.",
    ends: "The database stores what comes in again.",
  });

  const em = (): EntityManager => (database as Database).em.fork();
  const marks = createMarks({
    ask: askMark,
    position: () => own?.position() ?? START,
    passed: async (mark) => {
      if (own) await say(own, { loadedUntil: mark.until });
      void tracker("complete", mark);
    },
    atWork: async () => {
      if (own) await say(own, {});
    },
    wake: () => wake(),
    waitMs: waits.journal,
  });
  const orphans = createOrphans({
    folder,
    open: async (orphan) => {
      const load = await openLoad(orphan, () => START);
      if (!load.isClosed) await say(load, {});
      return load;
    },
    close: async (load) => {
      if (!load.isClosed) await say(load, { closed: true });
    },
  });
  const settler = createSettler({
    em,
    pass: marks.pass,
    writer: () => own?.writer ?? 0,
    setAside,
    settled,
    waits,
  });
  const storeDirectly = createBatches(async (clicks: ClickRow[]) => {
    await withDeadline(
      writeTransaction(em(), (transaction) => storeClicks(transaction, readyClicks(transaction, clicks)), own?.writer),
      waits.database,
    );
    return clicks;
  }, DIRECT_BATCH);

  /** Opens it once, however many ask meanwhile. */
  async function openDatabase(): Promise<Database> {
    if (database) return database;
    opening ??= parts.openDatabase().finally(() => {
      opening = null;
    });
    database ??= await opening;
    return database;
  }

  async function askMark(): Promise<Mark> {
    const mark = await tracker("mark", undefined);
    clockOffset = mark.clock - performance.now();
    return mark;
  }

  /** Reports a writer: our own with our clock, or one that has died and whose slot we hold. */
  async function say(load: JournalLoad, what: Omit<Report, "hasFailed">): Promise<void> {
    const isOwn = load === own;
    const failed = failures;
    const reported = await report(em(), load.writer, {
      ...what,
      ...(isOwn && clockOffset !== null ? { clock: clockOffset + performance.now() } : {}),
      hasFailed: failed > failuresReported,
    });
    failuresReported = failed;
    if (isOwn) void tracker("reported", reported);
  }

  async function setAside(
    own: EntityManager,
    entry: Pick<JournalEntry, "kind" | "payload">,
    reason: unknown,
  ): Promise<void> {
    await putAside(own, entry, reason);
    log.error({ reason: databaseReason(reason) }, "The database refuses an entry of the journal: it is put aside.");
    void tracker("putAside", undefined);
  }

  function settled(codes: PostbackCode[]): void {
    if (codes.length > 0) void tracker("settled", codes);
  }

  function openLoad({ folder, name }: Pick<Slot, "folder" | "name">, written: () => Position): Promise<JournalLoad> {
    const reader = createJournalReader({
      disk: realDisk,
      folder,
      written,
      damaged: (damage) => {
        log.error(
          { ...damage, folder },
          "A stretch of the journal cannot be read: it is kept in its folder, and passed over.",
        );
        void tracker("damaged", undefined);
      },
    });
    return openJournalLoad({
      em: em(),
      reader,
      name: `${parts.installation}/${name}`,
      ready: (entries) => readyEntries(em(), entries),
      store: storeEntries,
      putAside: setAside,
      settled,
      undeleted: ({ message: reason }) =>
        log.warn({ reason, folder }, "What is loaded of the journal cannot be deleted."),
    });
  }

  /** One round: what is new in our own journal, and a batch of a dead writer's. @returns whether there is much more. */
  async function turn(): Promise<boolean> {
    await openDatabase();
    // By writing: a member of a cluster without quorum, or a replica, may still be asked.
    if (isDown !== false && own) await say(own, {});
    if (!own) await openOwn();
    const load = own as never as JournalLoad;
    if (isDown !== false) noteUp();
    const count = await load.step();
    if (count > 0) void tracker("loaded", load.position());
    await marks.check();
    await settlePendingSometimes();
    return (await orphans.step()) || count > LITTLE;
  }

  async function openOwn(): Promise<void> {
    const load = await openLoad(slot, parts.written);
    if (clockOffset === null) await askMark();
    own = load;
    try {
      await say(load, {});
    } catch (error) {
      own = null;
      throw error;
    }
    if (load.isRetired)
      log.warn({ tracker: load.writer }, "This tracker was retired and has come back: it is waited for again.");
  }

  async function settlePendingSometimes(): Promise<void> {
    if (performance.now() - pendingAt < PENDING_MS) return;
    pendingAt = performance.now();
    await settler.settlePending();
  }

  /** Does something that the tracker waits for; `otherwise` when the database is away or too much waits for it. */
  async function attempt<T, F>(work: () => Promise<T>, otherwise: F): Promise<T | F> {
    if (isDown !== false) return otherwise;
    try {
      const done = await work();
      refusing.over();
      return done;
    } catch (error) {
      if (error instanceof QueueFull) return otherwise;
      if (isDataAtFault(error)) throw error;
      if (isDatabaseDown(error)) noteDown(error as Error);
      else refusing.met({ err: error });
      return otherwise;
    }
  }

  async function run(): Promise<void> {
    const begunAt = performance.now();
    while (!closing) {
      const ms = await turn().then(pauseFor, pauseAfter);
      if (own || performance.now() - begunAt > START_WITHOUT_MS) started.resolve();
      if (ms > 0 && !closing) await pause(ms);
    }
  }

  function pauseFor(isBusy: boolean): number {
    stuck.over();
    return isBusy ? 0 : IDLE_MS;
  }

  function pauseAfter(error: Error): number {
    if (isDatabaseDown(error)) return noteDown(error);
    stuck.met({ err: error });
    return MISTAKE_MS;
  }

  function noteDown({ message: reason }: Error): number {
    failures += 1;
    if (!isDown) log.warn({ reason }, "The database cannot be reached: what comes in is kept in the journal.");
    isDown = true;
    return DOWN_MS * (0.5 + Math.random());
  }

  function noteUp(): void {
    if (isDown) log.info("The database is there again.");
    isDown = false;
  }

  async function pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    const timer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(timer);
  }

  async function drain(load: JournalLoad): Promise<void> {
    for (const end = performance.now() + DRAIN_MS; performance.now() < end; ) {
      if ((await load.step()) === 0) return say(load, { closed: true });
    }
  }

  return {
    announce: async () => {
      const name = `${parts.installation}/${slot.name}`;
      const said = openDatabase().then(() => announceStart(em(), name));
      await withDeadline(said, ANNOUNCE_MS).catch(() => {
        failures += 1;
      });
    },
    begin: async () => {
      running = run().finally(started.resolve);
      await started.promise;
    },
    settle: (received) => attempt(() => settler.settle(received), null),
    log: (row) => attempt(() => settler.log(row).then(() => true), false),
    storeClick: (click) => attempt(() => storeDirectly(click).then(() => true), false),
    connectionsLent: async () => (database ? connectionsLent(database) : 0),
    close: async () => {
      closing = true;
      wake();
      // A statement may be under way on a connection that nobody answers any more.
      await withDeadline(running, DRAIN_MS).catch(() => {});
      if (own && isDown === false) {
        await withDeadline(drain(own), DRAIN_MS).catch((error) =>
          log.warn({ reason: error.message }, "Not all is loaded."),
        );
      }
      orphans.release();
      if (database) await withDeadline(database.close(), DATABASE_CLOSE_MS).catch(() => {});
    },
  };
}
