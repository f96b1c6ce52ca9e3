import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import "reflect-metadata";
import { type Options } from "@mikro-orm/core";
import { ReflectMetadataProvider } from "@mikro-orm/decorators/legacy";
import { MariaDbDriver } from "@mikro-orm/mariadb";
import { type Migration, Migrator } from "@mikro-orm/migrations";
import { MySqlDriver } from "@mikro-orm/mysql";
import { type EntityManager, MikroORM, SqliteDriver } from "@mikro-orm/sql";
import { MysqlDialect } from "kysely";
import { type Logger } from "pino";
import { type EntityClass } from "./context.js";
import { LEASE_TABLE } from "./lease.js";
import { MIGRATION_PROGRESS_TABLE } from "./migration-progress.js";
import { type MySqlAddress, readMySqlAddress } from "./mysql-address.js";
import { type MySqlPool, openMySqlPool } from "./mysql-pool.js";
import { makePrivateFile } from "./private-files.js";
import { NodeSqlite } from "./sqlite.js";

/** Where the data is: a file, or one or more servers that speak MySQL's protocol (`mysql-address.ts`). */
export type DatabaseAddress = { kind: "sqlite"; file: string } | { kind: "mysql"; url: string };

export type Database = MikroORM;
export type { EntityManager };

/** A migration as MikroORM takes it. */
export interface NamedMigration {
  name: string;
  class: new (...args: ConstructorParameters<typeof Migration>) => Migration;
}

/** What opening a database needs. */
export interface OpenOptions {
  entities: EntityClass[];
  migrations: NamedMigration[];
  log: Logger;
  /** How long a statement on a server takes at most, in milliseconds; left out: as long as it takes, as a migration may. */
  statementMs?: number | undefined;
}

/**
 * Opens the database; the tables may still be missing (`migrate.ts`).
 *
 * @throws the driver's error when the server cannot be reached or refuses us.
 */
export async function openDatabase(
  address: DatabaseAddress,
  { entities, migrations, log, statementMs }: OpenOptions,
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
  return address.kind === "sqlite" ? openSqlite(address.file, common) : openMySql(address.url, common, statementMs);
}

async function openSqlite(file: string, common: Partial<Options>): Promise<Database> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  makePrivateFile(file);
  const driverOptions = new NodeSqlite(file);
  const database = await MikroORM.init({ ...common, driver: SqliteDriver, dbName: file, driverOptions } as never);
  await database.em.getConnection().execute("select 1 from sqlite_schema");
  return database;
}

async function openMySql(url: string, common: Partial<Options>, statementMs?: number): Promise<Database> {
  const address = readMySqlAddress(url) as MySqlAddress;
  const pool = await openMySqlPool(address, statementMs);
  const database = await MikroORM.init({
    ...common,
    dbName: address.dbName,
    driver: pool.isMariaDb ? MariaDbDriver : MySqlDriver,
    charset: "utf8mb4",
    collate: "utf8mb4_bin",
    driverOptions: new MysqlDialect({ pool }),
  } as never);
  pools.set(database, pool);
  return database;
}

const pools = new WeakMap<Database, MySqlPool>();

/** How many connections of a database are in use now; an embedded one has none. */
export function connectionsLent(database: Database): number {
  return pools.get(database)?.lent() ?? 0;
}
