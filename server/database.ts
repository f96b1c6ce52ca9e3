import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger } from "pino";
import { Session } from "./accounts/session.js";
import { User } from "./accounts/user.js";
import { CatalogRevision } from "./catalog/catalog-revision.js";
import { Flow } from "./catalog/flow.js";
import { Goal } from "./catalog/goal.js";
import { Path } from "./catalog/path.js";
import { PostbackKey } from "./catalog/postback-key.js";
import { Click } from "./clicks/click.js";
import { type Config, SQLITE_FILE, withoutPassword } from "./config.js";
import { Announcement } from "./conversions/announcement.js";
import { Conversion } from "./conversions/conversion.js";
import { ConversionChange } from "./conversions/conversion-change.js";
import { PendingPostback } from "./conversions/pending-postback.js";
import { PostbackLog } from "./conversions/postback-log.js";
import { counterTablesOf } from "./kit/counters.js";
import { isDatabaseDown } from "./kit/database-errors.js";
import { migrationsFor } from "./kit/migrate.js";
import { type Database, openDatabase } from "./kit/orm.js";
import { EXIT_UNAVAILABLE, StartError } from "./kit/process.js";
import { createTrouble } from "./kit/trouble.js";
import { CountingProcess } from "./loader/counting-process.js";
import { JournalWriter } from "./loader/journal-writer.js";
import { PutAside } from "./loader/put-aside.js";
import { migrations } from "./migrations/migrations.js";

/** All nouns, in the order of the story. */
export const entities = [
  Flow,
  Path,
  Goal,
  PostbackKey,
  CatalogRevision,
  Click,
  ...counterTablesOf(Click),
  Conversion,
  ...counterTablesOf(Conversion),
  ConversionChange,
  PostbackLog,
  ...counterTablesOf(PostbackLog),
  PendingPostback,
  Announcement,
  JournalWriter,
  CountingProcess,
  PutAside,
  User,
  Session,
];

/** How long a start waits for a database that is starting too. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 500;

export interface WaypostDatabaseOptions {
  /** How long it is waited for while it is away, in milliseconds. */
  patienceMs?: number | undefined;
  /** How long a statement on a server takes at most, in milliseconds; left out: as long as it takes. */
  statementMs?: number | undefined;
}

/**
 * Opens Waypost's database, waiting for it a while when it is away.
 *
 * @throws StartError when it cannot be had.
 */
export async function openWaypostDatabase(
  config: Config,
  log: Logger,
  { patienceMs = PATIENCE_MS, statementMs }: WaypostDatabaseOptions = {},
): Promise<Database> {
  const { database: address } = config;
  const away = createTrouble(log, {
    begins: "The database cannot be reached yet; trying again until it can be.",
    ends: "The database is there.",
  });
  for (const end = Date.now() + patienceMs; ; ) {
    try {
      const database = await openWaypostDatabaseOnce(config, log, statementMs);
      away.over();
      return database;
    } catch (error) {
      const mayCome = address.kind === "mysql" && isDatabaseDown(error);
      if (!mayCome || Date.now() > end) {
        throw databaseFailure(config, error, "cannot be used", "Start it, or mend DATABASE_URL.");
      }
      away.met({ reason: reasonOf(error) });
      await sleep(RETRY_MS);
    }
  }
}

/** The same without waiting. @throws the driver's error */
export function openWaypostDatabaseOnce(
  { database: address }: Config,
  log: Logger,
  statementMs?: number,
): Promise<Database> {
  return openDatabase(address, { entities, migrations: migrationsFor(address.kind, migrations), log, statementMs });
}

/**
 * The one line about a database that fails us at the start: the variable that names it, what it cannot do and why, the cure.
 *
 * @param cure  of a server; a file needs a folder that we may write to.
 */
export function databaseFailure(config: Config, error: unknown, what: string, cure: string): StartError {
  const { database: address, dataDir } = config;
  const failure = `${what} (${reasonOf(error)}).`;
  const line =
    address.kind === "mysql"
      ? `DATABASE_URL is "${withoutPassword(address.url)}": the database ${failure} ${cure}`
      : address.file === join(dataDir, SQLITE_FILE)
        ? `DATA_DIR is "${dataDir}": the database in it ${failure} It must be a folder that we may write to.`
        : `DATABASE_URL is "sqlite:${address.file}": the database ${failure} It must be a file that we may write to.`;
  return new StartError(line, EXIT_UNAVAILABLE);
}

/** In the server's own words, without the statement, which MikroORM puts before them. */
function reasonOf(error: unknown): string {
  const { sqlMessage, message, code } = error as { sqlMessage?: string; message?: string; code?: string };
  return (sqlMessage || message || String(code)).replace(/\s+/g, " ");
}
