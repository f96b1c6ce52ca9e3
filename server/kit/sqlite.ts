import { DatabaseSync, type StatementSync } from "node:sqlite";
import { CompiledQuery, type DatabaseConnection, SqliteDialect, SqliteDriver, type TransactionSettings } from "kysely";
import { LRUCache } from "lru-cache";

/** How long a statement waits for a lock held by another process, in milliseconds. */
const BUSY_TIMEOUT_MS = 5000;
/** Prepared statements that are kept: the short ones, since long ones hold the values of many rows and do not come again. */
const STATEMENTS_MAX = 500;
const STATEMENT_LENGTH_MAX = 2000;

/**
 * Kysely's SQLite dialect over `node:sqlite`.
 *
 * WAL, so that readers never wait for a writer; `synchronous = full`, so that a commit is on disk when it is answered;
 * write transactions take their lock at the start, because one that upgrades midway cannot wait for it.
 */
export class NodeSqlite extends SqliteDialect {
  readonly #file: string;

  constructor(file: string) {
    super({ database: async () => open(file, { error: null }) });
    this.#file = file;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#file);
  }
}

/** Why statements are refused at the moment, or null. */
interface Refusal {
  error: unknown;
}

const STILL_OPEN = /within a transaction/;

/**
 * Begins transactions as they should be. One that cannot begin, since another process holds the lock, fails at its first
 * statement and not at once: Kysely never gives the connection back when `beginTransaction` or `rollbackTransaction` rejects, and
 * there is one connection.
 */
class ImmediateDriver extends SqliteDriver {
  readonly #refusal: Refusal;

  constructor(file: string) {
    const refusal: Refusal = { error: null };
    super({ database: async () => open(file, refusal) });
    this.#refusal = refusal;
  }

  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const mode = settings?.accessMode === "read only" ? "begin" : "begin immediate";
    try {
      await connection.executeQuery(CompiledQuery.raw(mode));
    } catch (error) {
      if (STILL_OPEN.test((error as Error).message)) {
        await super.rollbackTransaction(connection);
        return this.beginTransaction(connection, settings);
      }
      this.#refusal.error = error;
    }
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full or broken disk has taken it back already; what could not be taken back is, before the next begins.
    if (this.#refusal.error === null) await super.rollbackTransaction(connection).catch(() => {});
    this.#refusal.error = null;
  }
}

function open(file: string, refusal: Refusal) {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;");
  const statements = new LRUCache<string, ReturnType<typeof adapt>>({ max: STATEMENTS_MAX });
  return {
    prepare(sql: string) {
      if (refusal.error !== null) throw refusal.error;
      const statement = statements.get(sql) ?? adapt(sql, database.prepare(withoutNul(sql)));
      if (sql.length <= STATEMENT_LENGTH_MAX) statements.set(sql, statement);
      return statement;
    },
    close: () => database.close(),
  };
}

/** MikroORM writes values into the statement, and SQLite ends a statement at a NUL: text with one is written as its bytes. */
function withoutNul(sql: string): string {
  if (!sql.includes("\0")) return sql;
  return sql.replace(/'(?:[^']|'')*'/g, (literal) => {
    if (!literal.includes("\0")) return literal;
    const bytes = Buffer.from(literal.slice(1, -1).replaceAll("''", "'"));
    return `cast(x'${bytes.toString("hex")}' as text)`;
  });
}

type Parameters = (string | number | null | Uint8Array)[];

function adapt(sql: string, statement: StatementSync) {
  const bind = (parameters: readonly unknown[]) => parameters as Parameters;
  const isReading = /^\s*(select|pragma|explain|with)/i.test(sql);
  return {
    reader: isReading || /\breturning\b/i.test(sql),
    all: (parameters: readonly unknown[]) => allExact(statement, bind(parameters), isReading),
    run: (parameters: readonly unknown[]) => statement.run(...bind(parameters)),
    get: (parameters: readonly unknown[]) => statement.get(...bind(parameters)),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...bind(parameters)),
  };
}

/**
 * All rows. A whole number that no number of JavaScript holds is text, as mysql2 has it. Few statements come to such a number, and
 * node:sqlite says so: they are taken again, unless that would write again.
 */
function allExact(statement: StatementSync, parameters: Parameters, isReading: boolean) {
  if (isReading) {
    try {
      return statement.all(...parameters);
    } catch (error) {
      if ((error as { code?: string }).code !== "ERR_OUT_OF_RANGE") throw error;
    }
  }
  statement.setReadBigInts(true);
  try {
    return statement.all(...parameters).map(withoutBigInts);
  } finally {
    statement.setReadBigInts(false);
  }
}

function withoutBigInts(row: Record<string, unknown>): Record<string, unknown> {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value !== "bigint") continue;
    const number = Number(value);
    row[column] = Number.isSafeInteger(number) ? number : String(value);
  }
  return row;
}
