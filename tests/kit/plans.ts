import { type EntityManager } from "@mikro-orm/sql";
import { type Connection, createConnection } from "mysql2/promise";
import pino from "pino";
import { openWaypostDatabase } from "../../server/database.js";
import { prepareDatabase } from "../../server/prepare.js";
import { type DatabaseName, freshConfig } from "./waypost.js";

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

/** @param seed  fills the database, and lets it look at what it has */
export async function openPlans(
  name: DatabaseName,
  seed: (em: EntityManager, name: DatabaseName) => Promise<void>,
): Promise<Plans> {
  const statements: string[] = [];
  const config = freshConfig(name);
  const log = pino({ level: "silent" });
  await prepareDatabase(config, log, { firstUser: false });
  const database = await openWaypostDatabase(config, log);
  const em = database.em.fork();
  await seed(em, name);
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
