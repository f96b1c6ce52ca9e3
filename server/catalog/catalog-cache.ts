import { hash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type EntityManager } from "@mikro-orm/sql";
import { type Logger } from "pino";
import { isDatabaseDown } from "../kit/database-errors.js";
import { withDeadline } from "../kit/deadline.js";
import { type CatalogFile } from "./catalog-file.js";
import { CatalogRevision, REVISION_ID } from "./catalog-revision.js";
import { type PostbackKey } from "./postback-key.js";
import { emptyCatalog, type TrackedFlow, updateCatalog } from "./tracked-catalog.js";

/** How often a tracker asks whether anything changed. A change takes effect within this time and one reading. */
const POLL_MS = 400;
/** Unknown flows and keys are asked of the database at most so often; all that wait share one question. */
const MISS_PAUSE_MS = 50;
/** What could not be kept is tried again after so long: it may be large, and the disk full. */
const KEEP_AGAIN_MS = 5000;

/** What is known is there at once: nobody who is sent on waits a turn for it. */
type Found<T> = T | Promise<T | undefined>;

/** All flows and postback keys in memory, fresh within half a second. */
export interface CatalogCache {
  /** The flow with this key, deleted ones included. */
  flowByKey(key: string): Found<TrackedFlow>;
  /** The postback key that this secret is, deleted ones included; compared in constant time. */
  postbackKey(secret: string): Found<PostbackKey>;
  /** How long ago the database last confirmed what is in memory, in milliseconds. */
  ageMs(): number;
  close(): Promise<void>;
}

export interface CatalogParts {
  /** @throws as long as the database is not there */
  em: () => Promise<EntityManager>;
  /** Where the catalog is kept for a start without the database. */
  file: CatalogFile;
  /** How long a question waits for the database at most, in milliseconds. */
  waitMs: number;
  log: Logger;
  /** How long after it could not be kept the catalog is kept again, in milliseconds; left out: a few seconds. */
  keepAgainMs?: number;
}

/**
 * Reads the catalog and keeps it fresh.
 *
 * A miss (also one that is deleted) is answered only after the database confirmed it, so that a new flow works at once;
 * misses that come together ask once, and no more often than every 50 ms. With the database away what is in memory stays,
 * and a miss throws.
 *
 * @throws the database's error when it is away and no earlier start has kept a catalog.
 */
export async function createCatalogCache(parts: CatalogParts): Promise<CatalogCache> {
  const { em, file, waitMs, log, keepAgainMs = KEEP_AGAIN_MS } = parts;
  const secretOfProcess = randomBytes(32).toString("base64");
  // How long a look takes says something of a digest that nobody outside can know, and nothing of a key.
  const digest = (secret: string) => hash("sha256", secretOfProcess + secret, "base64");
  const catalog = emptyCatalog();
  let isKept = true;
  /** When it could not be kept the last time; null: it could. */
  let notKeptAt: number | null = null;
  let keeping: Promise<void> | null = null;
  await update().catch(loadKept);
  let confirmedAt = performance.now();
  let askedAt = confirmedAt;
  let refreshing: Promise<void> | null = null;

  async function update(): Promise<void> {
    await updateCatalog(await em(), catalog, digest);
    isKept = false;
    keeping ??= keep();
  }

  /** Keeps the catalog as it is now; changes that come meanwhile are kept together, after that. What fails stays to be kept. */
  async function keep(): Promise<void> {
    let goesOn = true;
    while (!isKept && goesOn) {
      isKept = true;
      await file.save(catalog).then(noteKept, (error: Error) => {
        goesOn = false;
        noteNotKept(error);
      });
    }
    keeping = null;
  }

  function noteKept(): void {
    if (notKeptAt !== null) log.info("The catalog is kept again.");
    notKeptAt = null;
  }

  /** Said once, however often it is tried. */
  function noteNotKept({ message: reason }: Error): void {
    if (notKeptAt === null) log.error({ reason }, "The catalog cannot be kept: it is tried again every few seconds.");
    isKept = false;
    notKeptAt = performance.now();
  }

  function keepAgain(): void {
    if (!isKept && performance.now() - (notKeptAt ?? 0) >= keepAgainMs) keeping ??= keep();
  }

  async function loadKept(error: Error): Promise<void> {
    const kept = isDatabaseDown(error) ? await file.load(digest) : null;
    if (!kept) throw error;
    Object.assign(catalog, kept);
    log.warn({ reason: error.message }, "The database cannot be reached: the tracker begins with the catalog it kept.");
  }

  /** Asks once for all who come while the question is under way. */
  function refresh(): Promise<void> {
    refreshing ??= withDeadline(ask(), waitMs).finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  async function ask(): Promise<void> {
    const startedAt = performance.now();
    askedAt = startedAt;
    const current = await (await em()).findOneOrFail(CatalogRevision, REVISION_ID);
    if (current.value !== catalog.revision) await update();
    confirmedAt = startedAt;
  }

  let nextQuestion: Promise<void> | null = null;
  /** A question that starts after now: one that is under way may have looked before the flow was made. */
  function confirmMiss(): Promise<void> {
    nextQuestion ??= (async () => {
      // Never without a pause: what runs before the first await runs before `nextQuestion` is set, and could not clear it.
      await sleep(Math.max(MISS_PAUSE_MS - (performance.now() - askedAt), 0));
      while (refreshing) await refreshing.catch(() => {});
      nextQuestion = null;
      await refresh();
    })();
    return nextQuestion;
  }

  /** What is known and in use is found at once. A deleted one may have been restored; with the database away it was not. */
  function find<T>(look: () => T | undefined, isDeleted: (found: T) => boolean): Found<T> {
    const known = look();
    if (known && !isDeleted(known)) return known;
    return confirmMiss().then(look, (error) => {
      if (!known) throw error;
      return look();
    });
  }
  const isFlowDeleted = ({ flow }: TrackedFlow) => flow.deleted;

  let failing = false;
  const poll = setInterval(() => {
    keepAgain();
    refresh().then(
      () => {
        if (failing) log.info("The catalog is fresh again.");
        failing = false;
      },
      (error: Error) => {
        if (!failing)
          log.warn(
            { reason: error.message },
            "The catalog cannot be refreshed; the tracker goes on with what it knows.",
          );
        failing = true;
      },
    );
  }, POLL_MS);

  return {
    flowByKey: (key) => find(() => catalog.flowsByKey.get(key), isFlowDeleted),
    postbackKey: (secret) => {
      const presented = digest(secret);
      return find(
        () => catalog.keysByDigest.get(presented),
        (key) => key.deleted,
      );
    },
    ageMs: () => performance.now() - confirmedAt,
    close: async () => {
      clearInterval(poll);
      await Promise.allSettled([refreshing, nextQuestion]);
      await keeping;
      if (!isKept) await keep();
    },
  };
}
