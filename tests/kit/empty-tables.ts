import { copyFileSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createConnection } from "mysql2/promise";
import pino from "pino";
import { type Config, readConfig } from "../../server/config.js";
import { prepareDatabase } from "../../server/prepare.js";

/** What the migrations make of an empty database of each kind; to copy that takes a fraction of the time. */
export interface EmptyTables {
  sqliteFile: string;
  /** Statements for an empty database on the server where they were read. */
  mysqlScript: string;
}

/** Migrates an empty database of each kind, for all others to be copied from. */
export async function migrateOnce(mysqlUrl: string): Promise<EmptyTables> {
  const folder = mkdtempSync(join(tmpdir(), "waypost-empty-"));
  const sqliteFile = join(folder, "empty.sqlite");
  for (const DATABASE_URL of [`sqlite:${sqliteFile}`, `${mysqlUrl}/empty`]) {
    await prepareDatabase(readConfig({ DATA_DIR: folder, DATABASE_URL }), pino({ level: "silent" }), {
      firstUser: false,
    });
  }
  const server = await createConnection(`${mysqlUrl}/empty`);
  const rows = async (sql: string) => (await server.query({ sql, rowsAsArray: true }))[0] as string[][];
  const statements: string[] = [];
  for (const [table] of await rows("show tables")) {
    const [[, create] = []] = await rows(`show create table ${table}`);
    statements.push(`${create}`, `insert into ${table} select * from empty.${table}`);
  }
  await server.end();
  return { sqliteFile, mysqlScript: statements.join(";\n") };
}

/** Makes the database of `config` as the migrations would. */
export async function copyTables({ sqliteFile, mysqlScript }: EmptyTables, { database }: Config): Promise<void> {
  if (database.kind === "sqlite") {
    mkdirSync(dirname(database.file), { recursive: true });
    copyFileSync(sqliteFile, database.file);
    return;
  }
  const url = new URL(database.url);
  const name = url.pathname.slice(1);
  url.pathname = "";
  const server = await createConnection({ uri: url.href, multipleStatements: true });
  await server.query(`create database ${name} character set utf8mb4; use ${name}; ${mysqlScript}`);
  await server.end();
}
