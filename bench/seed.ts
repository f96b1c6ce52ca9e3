import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startMariaDb } from "../scripts/mariadb.ts";
import { type Batch, columns, FLOWS, KEYS, trafficOf } from "./traffic.ts";
import { type Running, startWaypost } from "./waypost.ts";

/** What a benchmark is run on. */
export interface BenchOptions {
  database: "mysql" | "sqlite";
  /** Where seeded databases are kept between runs. */
  folder: string;
  /** Clicks of the large one. */
  clicks: number;
  /** How long memory is watched. */
  seconds: number;
}

/** A system with thirty days of traffic, today's included. */
export interface Seeded extends Running {
  /** Where the crowded quarter of an hour begins, in Unix milliseconds. */
  crowdAt: number;
  /** What a Waypost on the same data is started with. */
  environment: Record<string, string>;
  /** Asks the database itself. */
  query(sql: string): Promise<Record<string, unknown>[]>;
}

const DAY = 86_400_000;
const DAYS = 30;
/** One quarter of an hour, ten days ago, has a twentieth of all clicks: half a million of ten. */
const CROWD = { daysAgo: 10, minute: 720, share: 1 / 20 };
/** What the large database needs to be in memory, as an operator would give it. */
const BUFFER_POOL_MB = 6000;

/** Starts the API on a database of so many clicks, seeding the days that it has not got yet. */
export async function startSeeded({ database, folder }: BenchOptions, clicks: number): Promise<Seeded> {
  const own = join(folder, `waypost-bench-${database}-${clicks}`);
  mkdirSync(own, { recursive: true });
  const mariaDb =
    database === "mysql" ? await startMariaDb({ keptIn: join(own, "mariadb"), bufferPoolMb: BUFFER_POOL_MB }) : null;
  const environment = { DATA_DIR: own, ...(mariaDb ? { DATABASE_URL: `${mariaDb.url}/bench` } : {}) };
  const waypost = await startWaypost("api", environment);
  const connection = await connect(
    mariaDb ? { kind: "mysql", url: `${mariaDb.url}/bench` } : { kind: "sqlite", file: join(own, "waypost.sqlite") },
  );
  await seedCatalog(waypost);
  const { crowdAt } = await seedDays(own, clicks, connection.query, environment);
  return {
    ...waypost,
    crowdAt,
    environment,
    query: connection.query,
    stop: async () => {
      await waypost.stop();
      await connection.close();
      await mariaDb?.remove();
    },
  };
}

async function seedCatalog({ ask }: Running): Promise<void> {
  const { flows, postbackKeys } = await ask("{ flows { totalCount } postbackKeys { totalCount } }");
  for (let number = postbackKeys.totalCount + 1; number <= KEYS; number += 1) {
    await ask(`mutation { generatePostbackKey(name: "Network ${number}") { id } }`);
  }
  for (let number = flows.totalCount + 1; number <= FLOWS; number += 1) {
    await ask(`mutation { createFlow(input: { name: "Flow ${number}", goals: [{ key: "lead" }, { key: "sale" }],
      paths: [{ url: "https://offer${number}.example/?click={click}" }] }) { id } }`);
  }
}

type Query = Seeded["query"];

/** What was seeded, in Unix milliseconds: the days, and where the crowded quarter of an hour begins. */
interface Marker {
  days: number[];
  crowdAt: number;
}

async function seedDays(
  own: string,
  clicks: number,
  query: Query,
  environment: Record<string, string>,
): Promise<Marker> {
  const file = join(own, "seeded.json");
  const today = Math.floor(Date.now() / DAY) * DAY;
  const { days, crowdAt }: Marker = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : { days: [], crowdAt: today - CROWD.daysAgo * DAY + CROWD.minute * 60_000 };
  const wanted = Array.from({ length: DAYS }, (_, index) => today - (DAYS - 1 - index) * DAY);
  const missing = wanted.filter((day) => !days.includes(day));
  for (const day of missing) {
    const crowd = crowdAt >= day && crowdAt < day + DAY ? { minute: CROWD.minute, clicks: clicks * CROWD.share } : null;
    await clear(query, day);
    for (const batch of trafficOf(day, (clicks * (1 - CROWD.share)) / DAYS, crowd)) await insert(query, batch);
  }
  if (missing.length > 0) await count(query, environment);
  const marker = { days: [...days, ...missing], crowdAt };
  writeFileSync(file, JSON.stringify(marker));
  return marker;
}

/** Counts what was inserted past the server, and lets the database look at its size. */
async function count(query: Query, environment: Record<string, string>): Promise<void> {
  const reconcile = fileURLToPath(new URL("../dist/server/reconcile.js", import.meta.url));
  await promisify(execFile)(process.execPath, [reconcile, "--rebuild"], { env: environment });
  await query(`analyze${environment.DATABASE_URL ? " table click, conversion, postback_log" : ""}`);
}

/** Takes away what a run that was broken off has left of a day. */
async function clear(query: Query, day: number): Promise<void> {
  const [from, to] = [day, day + DAY].map((ms) => ms.toString(16).padStart(12, "0").padEnd(32, "0"));
  for (const table of ["click", "conversion", "postback_log"]) {
    await query(`delete from ${table} where id >= X'${from}' and id < X'${to}'`);
  }
}

async function insert(query: Query, batch: Batch): Promise<void> {
  for (const table of ["click", "conversion", "postback_log"] as const) {
    if (batch[table].length === 0) continue;
    await query(`insert into ${table} (${columns[table]}) values ${batch[table].join(",")}`);
  }
}

async function connect(address: object): Promise<{ query: Query; close(): Promise<void> }> {
  const dist = (file: string) => import(new URL(`../dist/server/${file}`, import.meta.url).href);
  const { openDatabase } = await dist("kit/orm.js");
  const { createLog } = await dist("kit/log.js");
  const { entities } = await dist("database.js");
  const database = await openDatabase(address, {
    entities,
    migrations: [],
    log: createLog("warn", "bench"),
  });
  return { query: (sql) => database.em.fork().execute(sql), close: () => database.close() };
}
