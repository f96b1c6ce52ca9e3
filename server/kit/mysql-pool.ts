import { type MysqlPool } from "kysely";
import { createPool, type Pool, type PoolConnection } from "mysql2";
import { DatabaseBusy, isConnectionLost, isReadOnlyServer } from "./database-errors.js";
import { destroy, LentConnection, socketOf } from "./lent-connection.js";
import { type MySqlAddress, type MySqlHost } from "./mysql-address.js";
import { firstWritable, poolOptions, SET_ISOLATION, SET_SQL_MODE } from "./mysql-server.js";

/** How long the end waits for connections to say goodbye, in milliseconds. */
const CLOSE_MS = 2000;

const CLOSED = "The database is closed.";

/** Connections of a process to its database, as Kysely takes them. */
export interface MySqlPool extends MysqlPool {
  isMariaDb: boolean;
  /** How many are in use now. */
  lent(): number;
}

/** A host, and all connections to it. */
interface Node {
  at: MySqlHost;
  pool: Pool;
  connections: Set<PoolConnection>;
}

/**
 * Opens a pool on the first host that can be written; the database is made when it is missing and we may.
 *
 * All connections are on one host. When one breaks, or the host can be written no longer, the first that can be is looked for
 * again before another is lent.
 *
 * @param statementMs  how long a statement takes at most, in milliseconds: the network may have gone without a word.
 * @throws the driver's error when there is none.
 */
export async function openMySqlPool(address: MySqlAddress, statementMs = Number.POSITIVE_INFINITY): Promise<MySqlPool> {
  const known = new WeakSet<PoolConnection>();
  const lent = new Set<LentConnection>();
  let isClosed = false;
  let isDoubted = false;
  let looking: Promise<Node> | null = null;
  const first = await firstWritable(address);
  let node = open(first.at);

  function open(at: MySqlHost): Node {
    const connections = new Set<PoolConnection>();
    const pool = createPool(poolOptions(address, at, first.isMariaDb));
    pool.on("connection", (connection) => {
      connections.add(connection);
      socketOf(connection).once("close", () => connections.delete(connection));
    });
    return { at, pool, connections };
  }

  /** The host to use, looked for once for all who ask. */
  async function current(): Promise<Node> {
    if (!isDoubted || address.hosts.length === 1) return node;
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  }

  async function look(): Promise<Node> {
    const { at } = await firstWritable(address);
    isDoubted = false;
    if (at !== node.at) {
      const left = node;
      node = open(at);
      abandon(left);
    }
    return node;
  }

  async function lend(mayMove = address.hosts.length > 1): Promise<LentConnection> {
    if (isClosed) throw new DatabaseBusy(CLOSED);
    const from = await current();
    const connection = await take(from).catch((error) => {
      if (isClosed) throw new DatabaseBusy(CLOSED);
      doubt(error);
      if (mayMove && isDoubted) return null;
      throw error;
    });
    if (!connection) return lend(false);
    if (isClosed || from !== node) {
      destroy(connection);
      if (isClosed) throw new DatabaseBusy(CLOSED);
      return lend(mayMove);
    }
    const one = new LentConnection(connection, { statementMs, failed: doubt, ended: () => lent.delete(one) });
    lent.add(one);
    if (known.has(connection)) return one;
    try {
      for (const sql of [SET_SQL_MODE, SET_ISOLATION]) await one.run(sql);
    } catch (error) {
      one.destroy();
      throw error;
    }
    known.add(connection);
    return one;
  }

  /** Ends all that is on a host at once. */
  function abandon({ pool, connections }: Node): void {
    for (const one of lent) one.destroy();
    for (const connection of connections) destroy(connection);
    pool.end(() => {});
  }

  function doubt(error: unknown): void {
    if (isConnectionLost(error) || isReadOnlyServer(error)) isDoubted = true;
  }

  return {
    isMariaDb: first.isMariaDb,
    lent: () => lent.size,
    getConnection: (callback) => {
      lend().then(
        (one) => callback(undefined, one),
        (error) => callback(error, undefined as never),
      );
    },
    end: (callback) => {
      isClosed = true;
      // What is destroyed has not said goodbye: a warning in the server's log.
      const timer = setTimeout(() => {
        abandon(node);
        callback(undefined);
      }, CLOSE_MS);
      node.pool.end(() => {
        clearTimeout(timer);
        callback(undefined);
      });
    },
  };
}

function take({ pool }: Node): Promise<PoolConnection> {
  const { promise, resolve, reject } = Promise.withResolvers<PoolConnection>();
  pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  return promise;
}
