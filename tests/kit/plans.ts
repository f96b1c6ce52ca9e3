import { DatabaseSync } from "node:sqlite";
import { type EntityManager } from "@mikro-orm/sql";
import { type Connection, createConnection } from "mysql2/promise";
import pino from "pino";
import { type Config } from "../../server/config.js";
import { openWaypostDatabase } from "../../server/database.js";
import { type EntityClass } from "../../server/kit/context.js";
import { counterTablesOf } from "../../server/kit/counters.js";
import { daysOf, differences, repair } from "../../server/kit/reconcile.js";
import { prepareDatabase } from "../../server/prepare.js";
import { type DatabaseName, freshConfig } from "./waypost.js";
import { withoutIndexes } from "./without-indexes.js";

/** Rows of one statement. */
const ROWS_MAX = 5000;

/** What the statements of a page may do. */
export interface PlanLimits {
  /** The facts' table. */
  table: string;
  /** Rows that a statement may read of facts alone, and one that reads counters. */
  facts: number;
  counters: number;
  /** Whether facts must be read in their order, unsorted. */
  inOrder: boolean;
  /** Whether a statement that reads counters may group facts. */
  groups?: boolean;
}

/** Sees how a database executes statements. */
export interface Plans {
  em: EntityManager;
  /** What is wrong with the statements that reading takes. */
  faultsOf(read: () => Promise<unknown>, limits: PlanLimits): Promise<string[]>;
  close(): Promise<void>;
}

/** Many facts that plans are looked at with. */
export interface Seed {
  /** The nouns it has rows of. */
  facts: EntityClass[];
  /** Fills their tables, by statements that make the rows in the database. */
  fill: (em: EntityManager, name: DatabaseName) => Promise<void>;
}

/** Opens a database with these facts, counted, that has looked at what it has. */
export async function openPlans(name: DatabaseName, seed: Seed): Promise<Plans> {
  const statements: string[] = [];
  const config = freshConfig(name);
  const log = pino({ level: "silent" });
  await prepareDatabase(config, log, { firstUser: false });
  const database = await openWaypostDatabase(config, log);
  const em = database.em.fork();
  await sow(em, config, seed);
  database.config.set("onQuery", (sql, values) => {
    statements.push(em.getPlatform().formatQuery(sql, [...values]));
    return sql;
  });
  const mysql = config.database.kind === "mysql" ? await createConnection(config.database.url) : null;
  return {
    em,
    faultsOf: async (read, limits) => {
      statements.splice(0);
      await read();
      const faults: string[] = [];
      for (const statement of statements.splice(0)) {
        const inOrder = limits.inOrder && !(limits.groups && statement.includes("_count"));
        const own = { ...limits, inOrder };
        const found = mysql ? await mysqlFaults(mysql, statement, own) : await sqliteFaults(em, statement, own);
        faults.push(...found.map((fault) => `${fault}: ${statement}`));
      }
      return faults;
    },
    close: async () => {
      await mysql?.end();
      await database.close();
    },
  };
}

/** The SQLite files in which facts were counted: MariaDB is given the same numbers, instead of counting once more. */
const counted = new Map<Seed, string>();

async function sow(em: EntityManager, { database }: Config, seed: Seed): Promise<void> {
  const name = database.kind === "mysql" ? "MySQL" : "SQLite";
  const tables = seed.facts.map((fact) => em.getMetadata().get(fact).tableName);
  await withoutIndexes(em, name, tables, () => seed.fill(em, name));
  const known = database.kind === "mysql" && counted.get(seed);
  if (known) await copyCounters(em, seed.facts, known);
  else await countAnew(em, seed.facts);
  if (database.kind === "sqlite") counted.set(seed, database.file);
  await em.execute(database.kind === "sqlite" ? "analyze" : `analyze table ${tables.join(", ")}`);
}

async function countAnew(em: EntityManager, facts: EntityClass[]): Promise<void> {
  for (const fact of facts) {
    for await (const difference of differences(em, fact, await daysOf(em, fact))) await repair(em, fact, difference);
  }
}

async function copyCounters(em: EntityManager, facts: EntityClass[], file: string): Promise<void> {
  const from = new DatabaseSync(file, { readOnly: true });
  for (const entity of facts.flatMap(counterTablesOf)) {
    const table = em.getMetadata().get(entity).tableName;
    const rows = from.prepare(`select * from ${table}`).all();
    for (let first = 0; first < rows.length; first += ROWS_MAX) {
      const some = rows.slice(first, first + ROWS_MAX);
      const values = some.map((row) => `(${Object.values(row).map(literal).join(", ")})`).join(", ");
      await em.execute(`insert into ${table} (${Object.keys(some[0] ?? {}).join(", ")}) values ${values}`);
    }
  }
  from.close();
}

/** A number or a text without quotes, as a statement has it. */
function literal(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : String(value);
}

async function mysqlFaults(connection: Connection, statement: string, limits: PlanLimits): Promise<string[]> {
  const { table, facts, counters, inOrder } = limits;
  const [plan] = await connection.query(`explain ${statement}`);
  const steps = (plan as { table: string | null; type: string; key: string | null; Extra: string }[]).filter(
    (step) => step.table === table,
  );
  await connection.query("flush status");
  await connection.query(statement);
  const [counts] = await connection.query("show session status like 'Handler_read%'");
  const read = (counts as { Value: string }[]).reduce((sum, { Value }) => sum + Number(Value), 0);
  return [
    ...steps.filter(({ type, key }) => !key || type === "ALL").map(({ type }) => `${type} without an index`),
    ...steps.filter(({ Extra }) => inOrder && /filesort|temporary/.test(Extra)).map(({ Extra }) => Extra),
    ...(read > (statement.includes("_count") ? counters : facts) ? [`${read} rows read`] : []),
  ];
}

async function sqliteFaults(em: EntityManager, statement: string, { table, inOrder }: PlanLimits): Promise<string[]> {
  const plan = await em.execute<{ detail: string }[]>(`explain query plan ${statement}`);
  const details = plan.map(({ detail }) => detail);
  const steps = details.filter((detail) => new RegExp(`\\b${table}\\b`).test(detail));
  return [
    ...steps.filter((detail) => /^SCAN/.test(detail) && !(inOrder && /USING (COVERING )?INDEX/.test(detail))),
    ...(steps.length > 0 && inOrder ? details.filter((detail) => /TEMP B-TREE/.test(detail)) : []),
  ];
}
