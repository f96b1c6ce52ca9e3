import { DriverException } from "@mikro-orm/core";
import { describe, expect, it } from "vitest";
import { DatabaseBusy, failsAll, gaveWay, isDataAtFault, isDatabaseDown } from "../../server/kit/database-errors.js";

type Fields = { errno?: number; sqlState?: string; code?: string; errcode?: number; fatal?: boolean; message?: string };

/** As the driver throws it, and as MikroORM hands it on. */
function both({ message = "It fails.", ...fields }: Fields): Error[] {
  const raw = Object.assign(new Error(message), fields);
  return [raw, new DriverException(raw), new Error("A query failed.", { cause: raw })];
}

const verdictOf = (error: unknown) =>
  [
    gaveWay(error) && "gave way",
    isDatabaseDown(error) && "down",
    isDataAtFault(error) && "data",
    failsAll(error) && "all",
  ].filter(Boolean);

const AWAY = ["down", "all"];
const AGAIN = ["gave way", "down", "all"];
const DATA = ["data"];
const UNKNOWN = ["all"];

describe("What an error of the database's means", () => {
  it.each<[string, Fields, unknown[]]>([
    ["6.2 a deadlock", { errno: 1213, sqlState: "40001" }, AGAIN],
    ["6.2 a wait for a lock", { errno: 1205, sqlState: "HY000" }, AGAIN],
    ["6.2 Group Replication's conflict", { errno: 3101, sqlState: "40000" }, AGAIN],
    ["6.2 Galera's conflict at COMMIT", { errno: 1180, message: 'Got error 149 "Lock deadlock" during COMMIT' }, AGAIN],
    ["6.2 another error at COMMIT", { errno: 1180, message: "Got error 28 during COMMIT" }, AWAY],
    ["6.2 a number that has 149 in it", { errno: 1180, message: "Got error 1490 during COMMIT" }, AWAY],
    ["6.2 SQLite is busy", { errcode: 5 }, AGAIN],
    ["6.2 SQLite is busy with another's snapshot", { errcode: 517 }, AGAIN],
    ["6.2 SQLite is locked", { errcode: 6 }, AGAIN],
    ["6.1 no quorum", { errno: 1047, sqlState: "08S01" }, AWAY],
    ["6.1 read-only", { errno: 1290 }, AWAY],
    ["6.1 killed", { errno: 1927 }, AWAY],
    ["6.3 lost", { code: "PROTOCOL_CONNECTION_LOST", fatal: true }, AWAY],
    ["6.3 ended, without a code", { fatal: true }, AWAY],
    ["6.4 a certificate that is not trusted", { code: "HANDSHAKE_SSL_ERROR", fatal: true }, UNKNOWN],
    ["6.4 an error that nobody knows", { errno: 9003, sqlState: "HY000" }, UNKNOWN],
    ["6.4 an error of a storage engine", { errno: 1296, sqlState: "HY000" }, UNKNOWN],
    ["6.4 a trigger's own error", { errno: 1644, sqlState: "45000" }, UNKNOWN],
    ["6.4 a table that is missing", { errno: 1146, sqlState: "42S02" }, UNKNOWN],
    ["6.4 a right that is missing", { errno: 1142, sqlState: "42000" }, UNKNOWN],
    ["6.4 a row that another needs", { errno: 1452, sqlState: "23000" }, UNKNOWN],
    ["6.4 SQLite's error of its own", { errcode: 1 }, UNKNOWN],
    ["6.4 a broken file", { errcode: 11 }, UNKNOWN],
    ["6.4 a text that is too long", { errno: 1406, sqlState: "22001" }, DATA],
    ["6.4 a number out of range", { errno: 1264, sqlState: "22003" }, DATA],
    ["6.4 no such text", { errno: 1366, sqlState: "HY000" }, DATA],
    ["6.4 no null", { errno: 1048, sqlState: "23000" }, DATA],
    ["6.4 a packet that is too large", { errno: 1153, sqlState: "08S01" }, DATA],
    ["6.4 any data exception of the standard", { errno: 3140, sqlState: "22032" }, DATA],
    ["6.4 a condition of a column", { errno: 4025, sqlState: "23000" }, DATA],
    ["6.4 SQLite's not null", { errcode: 1299 }, DATA],
    ["6.4 SQLite's too big", { errcode: 18 }, DATA],
    ["6.4 another was first", { errno: 1062, sqlState: "23000" }, []],
    ["6.4 another was first in SQLite", { errcode: 2067 }, []],
  ])("%s", (_, fields, expected) => {
    for (const error of both(fields)) expect(verdictOf(error)).toEqual(expected);
  });

  it("6.4 tells a mistake before anything was sent from one of the database's", () => {
    expect(verdictOf(new TypeError("It is not a function."))).toEqual(DATA);
    expect(verdictOf(new DatabaseBusy("It has not answered."))).toEqual(AWAY);
    expect(verdictOf(new DriverException(new DatabaseBusy("It has not answered.")))).toEqual(AWAY);
  });
});
