import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterEach, describe, expect, inject, it } from "vitest";
import { cleanUp, freshEnvironment, launch, start, type WaypostProcess } from "../kit/processes.js";
import { until } from "../kit/until.js";
import { databases } from "../kit/waypost.js";

const { SIGTERM } = constants.signals;

afterEach(cleanUp);

describe.each(databases)("A start that is ended, on %s", (database) => {
  it("ends with code 0 at whatever moment the signal comes, and the next start works", async () => {
    const environment = await freshEnvironment(database, { LOG_LEVEL: "debug" });
    const starts: { stdout: string }[] = [];
    const moments: ((main: WaypostProcess) => boolean)[] = [
      () => true,
      // Its file is made first, or the first statement is logged: it works on the database.
      (main) => existsSync(join(environment.DATA_DIR, "waypost.sqlite")) || main.stderr.includes("[query]"),
      (main) => main.children().length > 0,
      (main) => main.stderr.includes("Ready."),
    ];
    for (const isThere of moments) {
      const ended = launch("main", environment);
      starts.push(ended);
      await until(() => isThere(ended));
      ended.killGroup("SIGTERM");
      // Before its first line has run nothing is there to be ended.
      expect([{ code: 0, signal: null }, ...(ended.stderr ? [] : [{ code: null, signal: "SIGTERM" }])]).toContainEqual(
        await ended.ended(),
      );
      expect(ended.words()).toEqual([]);
    }
    starts.push(await start("main", environment));
    expect(
      starts.filter(({ stdout }) => stdout.includes("Password")),
      "the first password is shown once",
    ).toHaveLength(1);
  });
});

it("ended while it takes a lease on MySQL, a start gives it back", async () => {
  const environment = await freshEnvironment("MySQL");
  const { pathname } = new URL(environment.DATABASE_URL ?? "");
  const connection = await createConnection(inject("mysqlUrl"));
  try {
    await connection.query(`create database ${pathname.slice(1)}`);
    await connection.query(`use ${pathname.slice(1)}`);
    await connection.query("create table lease (name varchar(64) primary key, holder varchar(36), expires_ms bigint)");
    await connection.query("insert into lease values ('migrations', '', 0)");
    const read = async (sql: string) => (await connection.query<RowDataPacket[]>(sql))[0];

    await connection.query("begin");
    await read("select * from lease for update");
    const main = launch("main", environment);
    await until(async () => (await read("select * from information_schema.innodb_lock_waits")).length > 0);
    main.kill("SIGTERM");
    await until(() => !isPending(main.pid, SIGTERM));
    await connection.query("commit");
    expect(await main.ended()).toEqual({ code: 0, signal: null });
    await expect.poll(() => read("select expires_ms from lease")).toEqual([{ expires_ms: 0 }]);
  } finally {
    await connection.end();
  }
});

/** Whether a signal waits to be delivered to a process. Linux says so. */
function isPending(pid: number, signal: number): boolean {
  const [, shared = "0"] = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return ((BigInt(`0x${shared}`) >> BigInt(signal - 1)) & 1n) === 1n;
}
