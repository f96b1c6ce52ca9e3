import { readFileSync } from "node:fs";
import { BlockList, connect, isIP } from "node:net";
import { type ConnectionOptions, format, type PoolOptions, type SqlValue } from "mysql2";
import { createConnection } from "mysql2/promise";
import { DatabaseBusy, databaseReason, isDatabaseDown } from "./database-errors.js";
import { withDeadline } from "./deadline.js";
import { type MySqlAddress, type MySqlHost } from "./mysql-address.js";

const CONNECTIONS_MAX = 16;
/**
 * Of each connection: how long an attempt takes at most, in milliseconds, and for how many prepared statements mysql2 makes room
 * with it. We prepare none, and the room for 16,000, half a megabyte, is made by every attempt while a server is away.
 */
const CONNECTION = { connectTimeout: 5000, maxPreparedStatements: 1 };
/** How long the questions to a server take at most that is to be used, in milliseconds. */
const PREPARE_MS = 10_000;
/**
 * Whatever the server's own mode is: what is too long fails instead of being cut, and a backslash escapes, as MikroORM
 * relies on when it writes values into statements.
 */
export const SET_SQL_MODE = "set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'";
/** Who writes sees what others have committed meanwhile; set once, since each transaction that says so itself asks twice. */
export const SET_ISOLATION = "set session transaction isolation level read committed";

function serverOptions({ user, password, tls }: MySqlAddress, at: MySqlHost) {
  return { ...at, user, password, ...CONNECTION, ...tlsTo(at, tls) };
}

/** What mysql2 is told of a pool on one host. */
export function poolOptions(address: MySqlAddress, at: MySqlHost, isMariaDb: boolean): PoolOptions {
  return {
    ...serverOptions(address, at),
    database: address.dbName,
    connectionLimit: CONNECTIONS_MAX,
    supportBigNumbers: true,
    dateStrings: true,
    // MariaDB says of a column that it holds JSON; MikroORM reads that there itself.
    jsonStrings: isMariaDb,
    timezone: "Z",
    stringifyObjects: true,
    flags: ["-FOUND_ROWS"],
    queryFormat: queryFormat as never,
  } as PoolOptions;
}

/** Writes values into a statement. One without any, such as a loader's of a megabyte, is not searched for places for them. */
function queryFormat(sql: string, values: SqlValue[], timezone: string): string {
  return values?.length > 0 ? format(sql, values, true, timezone) : sql;
}

/** The first host that can be written, and which server it is. */
export interface Found {
  at: MySqlHost;
  isMariaDb: boolean;
}

/** @throws the driver's error of the only host, or one that names what is wrong with each of several. */
export async function firstWritable(address: MySqlAddress): Promise<Found> {
  const [only, ...others] = address.hosts as [MySqlHost, ...MySqlHost[]];
  if (others.length === 0) return { at: only, isMariaDb: await prepareServer(address, only) };
  const reasons: string[] = [];
  for (const at of address.hosts) {
    try {
      return { at, isMariaDb: await prepareServer(address, at, refuseReadOnly) };
    } catch (error) {
      // What is wrong with the URL or our rights is so until somebody mends it.
      if (!isDatabaseDown(error)) throw error;
      reasons.push(`${at.host}:${at.port}: ${databaseReason(error)}`);
    }
  }
  throw new DatabaseBusy(`No host can be written. ${reasons.join("; ")}`);
}

type Ask = (sql: string, values?: string[]) => Promise<Record<string, unknown>[]>;

/** Asks the server which one it is, and makes the database when it is missing and we may. @param check  is asked first */
async function prepareServer(address: MySqlAddress, at: MySqlHost, check = async (_: Ask) => {}): Promise<boolean> {
  const connection = await createConnection(serverOptions(address, at));
  const ask: Ask = async (sql, values = []) => (await connection.query(sql, values))[0] as never;
  async function prepare(): Promise<boolean> {
    await connection.query(SET_SQL_MODE);
    await check(ask);
    const [server] = await ask("select version() as version");
    const { dbName } = address;
    const known = await ask("select 1 from information_schema.schemata where schema_name = ?", [dbName]);
    if (known.length === 0) {
      await connection.query(`create database if not exists ${connection.escapeId(dbName)} character set utf8mb4`);
    }
    // Whoever goes without a goodbye is a warning in the server's log.
    await connection.end();
    return /mariadb/i.test(String(server?.version));
  }
  try {
    return await withDeadline(prepare(), PREPARE_MS);
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** @throws DatabaseBusy */
async function refuseReadOnly(ask: Ask): Promise<void> {
  // A server that is in no cluster knows these too.
  const [cluster] = await ask("show global variables like 'wsrep_on'");
  const [ready] = cluster?.Value === "ON" ? await ask("show global status like 'wsrep_ready'") : [];
  if (ready && ready.Value !== "ON") throw new DatabaseBusy("it is not ready (wsrep_ready)");
  const [server] = await ask("select @@global.read_only as mode");
  if (!["0", "OFF"].includes(String(server?.mode))) throw new DatabaseBusy("it is read-only");
}

/** How a connection is encrypted. The server's certificate is checked: who has signed it, and that it is this host's. */
function tlsTo({ host, port }: MySqlHost, tls: MySqlAddress["tls"]): Partial<ConnectionOptions> {
  if (!tls) return {};
  const ca = tls.caFile === undefined ? undefined : readFileSync(tls.caFile);
  const ssl = { ...(ca && { ca }), rejectUnauthorized: true, verifyIdentity: !isLoopback(host) };
  // mysql2 forgets an address once it has connected, and would look for "localhost" in the certificate.
  const stream = () => Object.assign(connect(port, host), { _host: host });
  return { ssl, ...(isIP(host) ? { stream: stream as never } : {}) };
}

/** Nobody stands between a machine and itself, and few certificates name its addresses. */
function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 4 ? "ipv4" : "ipv6");
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
