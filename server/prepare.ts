import { setTimeout as sleep } from "node:timers/promises";
import { DriverException } from "@mikro-orm/core";
import { type Logger } from "pino";
import { type FirstStart, makeFirstUser } from "./accounts/first-start.js";
import { hasCatalogFile } from "./catalog/catalog-file.js";
import { foldMissingDestinations } from "./catalog/flow-search.js";
import { type Config } from "./config.js";
import { databaseFailure, openWaypostDatabase } from "./database.js";
import { migrate } from "./kit/migrate.js";
import { createTrouble } from "./kit/trouble.js";
import { protectData } from "./private-data.js";

const RIGHTS = "Its user needs every right on it, CREATE, ALTER, INDEX and DROP included.";

export interface PrepareOptions {
  firstUser: boolean;
  tell?: (first: FirstStart) => void;
  /** How long a database that is away is waited for, in milliseconds. */
  patienceMs?: number;
}

/** How long a start that could do without the database waits for it, in milliseconds. */
const CAN_DO_WITHOUT_MS = 3000;
const RETRY_MS = 5000;

/** The work on the database that a start begins with. */
export interface Preparation {
  /** What it came to; null: it is still going on, and the database is away. */
  result: { first: FirstStart | null } | null;
  /** Resolves when the tables are there. */
  done: Promise<unknown>;
}

/**
 * Prepares the database; where a tracker has kept its catalog, a database that is away is waited for beside the start, for
 * as long as it takes.
 */
export async function prepareOrGoWithout(config: Config, log: Logger, options: PrepareOptions): Promise<Preparation> {
  if (!hasCatalogFile(config.dataDir)) {
    return { result: { first: await prepareDatabase(config, log, options) }, done: Promise.resolve() };
  }
  const prepare = () => prepareDatabase(config, log, { ...options, patienceMs: Number.POSITIVE_INFINITY });
  const preparing = prepare();
  const result = await Promise.race([preparing.then((first) => ({ first })), sleep(CAN_DO_WITHOUT_MS, null)]);
  const unfit = createTrouble(log, {
    level: "error",
    begins: "The database cannot be used; trying again until it can be.",
    ends: "The database can be used.",
  });
  /** Found out too late to stop the start: whoever redirects goes on. */
  async function tryAgain({ message: reason }: Error): Promise<unknown> {
    unfit.met({ reason });
    await sleep(RETRY_MS);
    return prepare().then(unfit.over, tryAgain);
  }
  return { result, done: preparing.catch(tryAgain) };
}

/**
 * Brings the database up to date, fills in what a migration cannot, and, where `firstUser` asks for it, makes the first user and postback key of an empty
 * system. Any number of processes may do so at once.
 *
 * @param tell  says it to the operator before anything can end the process: nobody can say it again.
 * @returns what the operator has to be told after the very first start, else null.
 * @throws StartError when the database does not let us.
 */
export async function prepareDatabase(
  config: Config,
  log: Logger,
  { firstUser, tell = () => {}, patienceMs }: PrepareOptions,
): Promise<FirstStart | null> {
  protectData(config, log);
  const database = await openWaypostDatabase(config, log, { patienceMs });
  try {
    return await migrate(database, log, async () => {
      await foldMissingDestinations(database.em.fork());
      const first = firstUser ? await makeFirstUser(database.em, config) : null;
      if (first) tell(first);
      return first;
    });
  } catch (error) {
    if (!(error instanceof DriverException)) throw error;
    log.debug({ err: error }, "The database cannot be prepared.");
    throw databaseFailure(config, error, "cannot be brought up to date", RIGHTS);
  } finally {
    await database.close();
  }
}
