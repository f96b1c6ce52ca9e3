import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import "reflect-metadata";
import { type Options } from "@mikro-orm/core";
import { ReflectMetadataProvider } from "@mikro-orm/decorators/legacy";
import { MariaDbDriver } from "@mikro-orm/mariadb";
import { type Migration, Migrator } from "@mikro-orm/migrations";
import { MySqlDriver } from "@mikro-orm/mysql";
import { type EntityManager, MikroORM, SqliteDriver } from "@mikro-orm/sql";
import { CompiledQuery, type DatabaseConnection } from "kysely";
import { format, type SqlValue } from "mysql2";
import { createConnection } from "mysql2/promise";
import { type Logger } from "pino";
import { type EntityClass } from "./context.js";
import { LEASE_TABLE } from "./lease.js";
import { MIGRATION_PROGRESS_TABLE } from "./migration-progress.js";
import { NodeSqlite } from "./sqlite.js";

/** Where the data is: a file, or a server that speaks MySQL's protocol. */
export type DatabaseAddress = { kind: "sqlite"; file: string } | { kind: "mysql"; url: string };

export type Database = MikroORM;
export type { EntityManager };

/** A migration as MikroORM takes it. */
export interface NamedMigration {
  name: string;
  class: new (...args: ConstructorParameters<typeof Migration>) => Migration;
}

const POOL_CONNECTIONS = 16;
/**
 * Of each connection: how long an attempt takes at most, in milliseconds, and for how many prepared statements mysql2 makes room
 * with it. We prepare none, and the room for 16,000, half a megabyte, is made by every attempt while a server is away.
 */
const CONNECTION = { connectTimeout: 5000, maxPreparedStatements: 1 };

/**
 * Opens the database; the tables may still be missing (`migrate.ts`).
 *
 * @throws the driver's error when the server cannot be reached or refuses us.
 */
export async function openDatabase(
  address: DatabaseAddress,
  { entities, migrations, log }: { entities: EntityClass[]; migrations: NamedMigration[]; log: Logger },
): Promise<Database> {
  const common: Partial<Options> = {
    entities,
    metadataProvider: ReflectMetadataProvider,
    extensions: [Migrator],
    schemaGenerator: { skipTables: [LEASE_TABLE, MIGRATION_PROGRESS_TABLE] },
    migrations: { migrationsList: migrations, snapshot: false },
    debug: log.isLevelEnabled("debug") ? ["query"] : false,
    colors: false,
    logger: (message) => log.debug(message),
  };
  return address.kind === "sqlite" ? openSqlite(address.file, common) : openMySql(address.url, common);
}

/** The database is too slow for what comes in; to the caller it is as good as away. */
export class DatabaseBusy extends Error {}

/** Whether an error says that the database cannot be reached or cannot work now, rather than that a statement is wrong. */
export function isDatabaseDown(error: unknown): boolean {
  if (error instanceof DatabaseBusy) return true;
  for (let cause = error; cause instanceof Error; cause = cause.cause ?? (cause as { previous?: unknown }).previous) {
    const { code, errno, errcode, fatal } = cause as {
      code?: string;
      errno?: number;
      errcode?: number;
      fatal?: boolean;
    };
    // mysql2 marks what ends a connection; some of it has no code.
    if (fatal && !code) return true;
    if (code && DOWN_CODES.has(code)) return true;
    if (errno && DOWN_MYSQL.has(errno)) return true;
    if (errcode && DOWN_SQLITE.has(errcode & 0xff)) return true;
  }
  return false;
}

/** What the database itself says of an error: without the statement, which holds what visitors sent. */
export function databaseReason(error: unknown): string {
  const { message, sqlMessage, cause } = error as { message: string; sqlMessage?: string; cause?: Error };
  return sqlMessage ?? cause?.message ?? message;
}

/** Whether an error says that this database is not made for us (yet): a table, a column or a right is missing. */
export function isDatabaseUnfit(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause ?? (cause as { previous?: unknown }).previous) {
    if (UNFIT_MYSQL.has((cause as { errno?: number }).errno ?? 0)) return true;
    if (/no such (table|column)|has no column/.test(cause.message)) return true;
  }
  return false;
}

const DOWN_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "ENOENT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  "ERR_STREAM_WRITE_AFTER_END",
]);
/**
 * Too many connections (in all, of one user, by the user's own limit), shutdown, lost, not ready (Galera), disk full, a
 * lock that is not let go, one deadlock after another, read-only (after a failover).
 */
const DOWN_MYSQL = new Set([
  1040, 1203, 1226, 1053, 1021, 1030, 1047, 1180, 1205, 1213, 1290, 1317, 1792, 1836, 2006, 2013,
]);
/** Access denied (user, table, column), no such database, table, column, a column that we do not know, and a table whose form has changed. */
const UNFIT_MYSQL = new Set([1044, 1045, 1049, 1051, 1054, 1142, 1143, 1146, 1364, 1412]);
/** Primary result codes: busy, locked, read-only, I/O, full, cannot open. */
const DOWN_SQLITE = new Set([5, 6, 8, 10, 13, 14]);

async function openSqlite(file: string, common: Partial<Options>): Promise<Database> {
  mkdirSync(dirname(file), { recursive: true });
  const driverOptions = new NodeSqlite(file);
  const database = await MikroORM.init({ ...common, driver: SqliteDriver, dbName: file, driverOptions } as never);
  await database.em.getConnection().execute("select 1 from sqlite_schema");
  return database;
}

/**
 * Whatever the server's own mode is: what is too long fails instead of being cut, and a backslash escapes, as MikroORM
 * relies on when it writes values into statements.
 */
const SET_SQL_MODE = "set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'";
/** Who writes sees what others have committed meanwhile; set once, since each transaction that says so itself asks twice. */
const SET_ISOLATION = "set session transaction isolation level read committed";

async function openMySql(url: string, common: Partial<Options>): Promise<Database> {
  const server = readServer(url);
  const isMariaDb = await prepareServer(server);
  return MikroORM.init({
    ...common,
    ...server,
    driver: isMariaDb ? MariaDbDriver : MySqlDriver,
    charset: "utf8mb4",
    collate: "utf8mb4_bin",
    pool: { min: 0, max: POOL_CONNECTIONS },
    onCreateConnection: async (connection: DatabaseConnection) => {
      for (const sql of [SET_SQL_MODE, SET_ISOLATION]) await connection.executeQuery(CompiledQuery.raw(sql));
    },
    driverOptions: { stringifyObjects: true, flags: ["-FOUND_ROWS"], queryFormat, ...CONNECTION },
  } as never);
}

/** Writes values into a statement. One without any, such as a loader's of a megabyte, is not searched for places for them. */
function queryFormat(sql: string, values: SqlValue[], timezone: string): string {
  return values?.length > 0 ? format(sql, values, true, timezone) : sql;
}

type Server = ReturnType<typeof readServer>;

/** What a database URL says, taken apart by us: MikroORM leaves an IPv6 address its brackets, and then looks it up as a name. */
function readServer(url: string) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    dbName: decodeURIComponent(pathname.slice(1)),
  };
}

/** Asks the server which one it is, and makes the database when it is missing and we may. */
async function prepareServer({ dbName, ...server }: Server): Promise<boolean> {
  const connection = await createConnection({ ...server, ...CONNECTION });
  try {
    await connection.query(SET_SQL_MODE);
    const [rows] = await connection.query("select version() as version");
    const [known] = await connection.query("select 1 from information_schema.schemata where schema_name = ?", [dbName]);
    if ((known as unknown[]).length === 0) {
      await connection.query(`create database if not exists ${connection.escapeId(dbName)} character set utf8mb4`);
    }
    return /mariadb/i.test((rows as { version: string }[])[0]?.version ?? "");
  } finally {
    await connection.end();
  }
}
