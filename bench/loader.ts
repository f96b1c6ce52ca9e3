import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { load, median } from "./load.ts";
import { countClicks, makeFlow } from "./redirect.ts";
import { type BenchOptions } from "./seed.ts";
import { type Empty, startEmpty } from "./waypost.ts";

const ROUNDS = 3;
/** How long clicks are gathered in the journal while the database takes none. */
const SECONDS = 6;
/** How often is looked at what it has stored, and after how long without any it is done, in milliseconds. */
const LOOK_MS = 10;
const QUIET_MS = 1500;
/** Rows of a statement, as the loader has them. */
const BATCH = 1000;
/** Rows that are inserted past Waypost, the newest of its own. */
const RAW_ROWS = 60_000;

/** The database itself, past Waypost. */
interface Bare {
  /** Keeps everybody else from writing. */
  hold(): Promise<void>;
  release(): Promise<void>;
  run(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/**
 * Rows a second from the journal into the database, with counters, against multi-row INSERTs of the same rows into a table with
 * the same columns and indexes, one transaction for each batch.
 */
export async function loader({ database }: BenchOptions): Promise<object> {
  const waypost = await startEmpty(database);
  const bare = await openBare(waypost);
  try {
    const url = await makeFlow(waypost.ask, waypost.trackerUrl);
    await load(url, 1);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await countClicks(waypost);
      await bare.hold();
      await load(url, SECONDS);
      const seconds = await secondsOfLoading(bare);
      ours.push(((await countClicks(waypost)) - before - BATCH) / seconds);
      theirs.push(await insertRaw(bare, database));
    }
    const [rowsPerSecond, rawRowsPerSecond] = [median(ours), median(theirs)];
    return { rowsPerSecond, rawRowsPerSecond, ratioToRaw: rowsPerSecond / rawRowsPerSecond };
  } finally {
    await bare.close();
    await waypost.stop();
  }
}

/**
 * Lets the loader work, and looks on by a question that costs the machine next to nothing.
 *
 * @returns how many seconds lie between its first batch, of which only the end is seen, and its last
 */
async function secondsOfLoading(bare: Bare): Promise<number> {
  const newest = async () => literal((await bare.run("select max(id) as id from click"))[0]?.id);
  let known = await newest();
  await bare.release();
  let [first, last] = [0, 0];
  while (first === 0 || performance.now() - last < QUIET_MS) {
    await sleep(LOOK_MS);
    const now = await newest();
    if (now === known) continue;
    known = now;
    last = performance.now();
    first ||= last;
  }
  return (last - first) / 1000;
}

/**
 * Inserts the newest clicks once more, into a bare table that holds all that came before them: indexes cost by their size.
 *
 * @returns rows a second, without the time to read them.
 */
async function insertRaw(bare: Bare, database: BenchOptions["database"]): Promise<number> {
  const rows = (await bare.run(`select * from click order by id desc limit ${RAW_ROWS}`)).reverse();
  const statements: string[] = [];
  for (let first = 0; first < rows.length; first += BATCH) {
    const values = rows.slice(first, first + BATCH).map((row) => `(${Object.values(row).map(literal).join(",")})`);
    statements.push(`insert into bare_click values ${values.join(",")}`);
  }
  await bare.run("drop table if exists bare_click");
  if (database === "mysql") await bare.run("create table bare_click like click");
  else await copyTable(bare);
  await bare.run(`insert into bare_click select * from click where id < ${literal(rows[0]?.id)}`);
  const began = performance.now();
  for (const statement of statements) await bare.run(statement);
  return rows.length / ((performance.now() - began) / 1000);
}

/** SQLite has no `like`: the table and its indexes are made by their own words. */
async function copyTable(bare: Bare): Promise<void> {
  const parts = await bare.run("select sql from sqlite_schema where tbl_name = 'click' and sql is not null");
  for (const { sql } of parts) await bare.run(String(sql).replaceAll(/`(click[^`]*)`/g, "`bare_$1`"));
}

function literal(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
  return typeof value === "number"
    ? String(value)
    : `'${String(value).replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
}

async function openBare({ mariaDb, databaseUrl }: Empty): Promise<Bare> {
  if (mariaDb) {
    const connection = await createConnection({ uri: databaseUrl });
    return {
      hold: async () => void (await connection.query("lock tables click write")),
      release: async () => void (await connection.query("unlock tables")),
      run: async (sql) => (await connection.query(sql))[0] as Record<string, unknown>[],
      close: () => connection.end(),
    };
  }
  const database = new DatabaseSync(databaseUrl.slice("sqlite:".length), { timeout: 5000 });
  database.exec("pragma synchronous = full");
  return {
    hold: async () => database.exec("begin immediate"),
    release: async () => database.exec("rollback"),
    run: async (sql) => (/^select/.test(sql) ? database.prepare(sql).all() : [void database.exec(sql) as never]),
    close: async () => database.close(),
  };
}
