/** The database is too slow for what comes in; to the caller it is as good as away. */
export class DatabaseBusy extends Error {
  /** MikroORM makes an error of its own of it, with its fields. */
  readonly code = "DATABASE_BUSY";
}

/** What the drivers of both databases say of an error. */
interface DriverError extends Error {
  code?: string;
  /** MySQL's number of an error, and the standard's five characters. */
  errno?: number;
  sqlState?: string;
  sqlMessage?: string;
  /** SQLite's extended result code. */
  errcode?: number;
  /** mysql2's mark of what ends a connection. */
  fatal?: boolean;
  previous?: unknown;
}

/** Whether an error says that the database cannot be reached or cannot work now, rather than that a statement is wrong. */
export function isDatabaseDown(error: unknown): boolean {
  return isConnectionLost(error) || some(error, (one) => isOneOf(one, DOWN_MYSQL, DOWN_SQLITE)) || gaveWay(error);
}

/** Whether an error ended a connection, or says that none is to be had. */
export function isConnectionLost(error: unknown): boolean {
  return some(error, (one) => {
    // Some of what ends a connection has no code.
    return one.code ? LOST_CODES.has(one.code) : one.fatal === true;
  });
}

/** Whether the server says that it may be read at most: a replica, or a member of a cluster that has no quorum. */
export function isReadOnlyServer(error: unknown): boolean {
  return some(error, (one) => isOneOf(one, READ_ONLY_MYSQL));
}

/**
 * Whether the database gave way to another who works on it: the same may work a moment later. It says so at any statement, and a
 * cluster at COMMIT, whose error MikroORM does not translate.
 */
export function gaveWay(error: unknown): boolean {
  return some(
    error,
    (one) => isOneOf(one, GAVE_WAY_MYSQL, GAVE_WAY_SQLITE) || (one.errno === 1180 && /\b149\b/.test(one.message)),
  );
}

/**
 * Whether the fault is in what was to be stored: the same will never be stored, however often it is tried. Only what is known to be
 * one counts, and what failed before the database was asked.
 */
export function isDataAtFault(error: unknown): boolean {
  return isValueRefused(error) || !isOfDatabase(error);
}

/** Whether the database refuses values. */
export function isValueRefused(error: unknown): boolean {
  return some(
    error,
    (one) => /^22/.test(one.sqlState ?? "") || isOneOf(one, VALUES_MYSQL) || VALUES_SQLITE.has(one.errcode ?? 0),
  );
}

/**
 * Whether all that were to be stored together fail for a reason that none of them brought along: they are tried again together. What
 * is not known to be the fault of values is none.
 */
export function failsAll(error: unknown): boolean {
  return (
    isOfDatabase(error) &&
    !isValueRefused(error) &&
    !some(error, (one) => isOneOf(one, TAKEN_MYSQL) || TAKEN_SQLITE.has(one.errcode ?? 0))
  );
}

/** Whether an error is the database's at all, and not a mistake of ours before anything was sent to it. */
export function isOfDatabase(error: unknown): boolean {
  const isSaid = ({ errno, errcode, sqlState, fatal }: DriverError) =>
    (errno ?? errcode ?? sqlState) !== undefined || fatal === true;
  return isConnectionLost(error) || some(error, isSaid);
}

/** Whether an error says that this database is not made for us (yet): a table, a column or a right is missing. */
export function isDatabaseUnfit(error: unknown): boolean {
  return some(error, (one) => isOneOf(one, UNFIT_MYSQL) || /no such (table|column)|has no column/.test(one.message));
}

/** What the database itself says of an error: without the statement, which holds what visitors sent. */
export function databaseReason(error: unknown): string {
  const { message, sqlMessage, cause } = error as DriverError;
  return sqlMessage ?? (cause as Error | undefined)?.message ?? message;
}

/** Whether something is true of an error or of what caused it. */
function some(error: unknown, isTrue: (error: DriverError) => boolean): boolean {
  for (let one = error; one instanceof Error; one = one.cause ?? (one as DriverError).previous) {
    if (isTrue(one as DriverError)) return true;
  }
  return false;
}

function isOneOf({ errno, errcode }: DriverError, mysql: Set<number>, sqlite?: Set<number>): boolean {
  return (errno !== undefined && mysql.has(errno)) || (errcode !== undefined && (sqlite?.has(errcode & 0xff) ?? false));
}

const LOST_CODES = new Set([
  "DATABASE_BUSY",
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
/** Not ready (Galera), read-only (after a failover): the server, what begins on it, or the transaction. */
const READ_ONLY_MYSQL = new Set([1047, 1290, 1792, 1836]);
/** A deadlock, a lock that is not let go, a transaction that Group Replication has certified against. Galera's is 1180 with 149. */
const GAVE_WAY_MYSQL = new Set([1205, 1213, 3101]);
/** Too many connections (in all, of one user, by the user's own limit), shutdown, lost, killed, disk full, a commit that fails. */
const DOWN_MYSQL = new Set([
  ...READ_ONLY_MYSQL,
  ...[1021, 1030, 1040, 1053, 1180, 1203, 1226, 1317, 1927, 2006, 2013, 3169, 4031],
]);
/** Access denied (user, table, column), no such database, table, column, a column that we do not know, and a table whose form has changed. */
const UNFIT_MYSQL = new Set([1044, 1045, 1049, 1051, 1054, 1142, 1143, 1146, 1364, 1412]);
/** No null, a packet too large, out of range, no such text or number, too long; and a condition of a column. SQLSTATE 22 has more. */
const VALUES_MYSQL = new Set([1048, 1153, 1264, 1300, 1366, 1406, 3819, 4025]);
/** Another was first with a value that is there once. */
const TAKEN_MYSQL = new Set([1062]);
const TAKEN_SQLITE = new Set([1555, 2067]);
/** Primary result codes: busy, locked; read-only, I/O, full, cannot open. */
const GAVE_WAY_SQLITE = new Set([5, 6]);
const DOWN_SQLITE = new Set([8, 10, 13, 14]);
/** Too big, mismatch; extended codes of a constraint: check, not null, datatype. */
const VALUES_SQLITE = new Set([18, 20, 275, 1299, 3091]);
