import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { constants } from "node:os";
import { join } from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterEach, describe, expect, inject, it } from "vitest";
import { NODE_ENVIRONMENT, NODE_FLAGS, WITHOUT_GRAPHQL } from "../../server/kit/supervise.js";
import {
  cleanUp,
  freshEnvironment,
  isRunning,
  launch,
  launchCommand,
  start,
  type WaypostProcess,
} from "../kit/processes.js";
import { until } from "../kit/until.js";
import { databases } from "../kit/waypost.js";

const { SIGTERM } = constants.signals;

afterEach(cleanUp);

it("starts one process alone with the settings that several are started with", () => {
  const settings = Object.entries(NODE_ENVIRONMENT).map((setting) => setting.join("="));
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(scripts.start).toBe(`exec env ${settings} node dist/server/main.js`);
  const flags = { api: NODE_FLAGS, tracker: [...NODE_FLAGS, ...WITHOUT_GRAPHQL] };
  for (const [name, own] of Object.entries(flags))
    expect(scripts[`start:${name}`]).toBe(`exec env ${settings} node ${own.join(" ")} dist/server/${name}.js`);
});

describe("npm start", () => {
  it.each([
    ["SIGTERM, twice", "kill", "SIGTERM"],
    ["Ctrl-C, which reaches every process, twice", "killGroup", "SIGINT"],
  ] as const)("ends with code 0 and leaves no process on %s", async (_, send, signal) => {
    const main = await start("main", await freshEnvironment("SQLite"));
    const children = main.children();
    expect(children).toHaveLength(2);
    main[send](signal);
    await until(() => main.stderr.includes("Stopping: answering what came in."));
    main[send](signal);
    expect(await main.ended()).toEqual({ code: 0, signal: null });
    expect(children.filter(isRunning)).toEqual([]);
    expect(main.words()).toEqual([]);
  });

  it("ends wholly when npm is told to end", async () => {
    const environment = await freshEnvironment("SQLite");
    const npm = launchCommand(["npm", "start"], environment);
    await until(() => npm.stdout.includes("Waypost is running"));
    const [main = 0] = npm.children("main.js");
    expect(isRunning(main)).toBe(true);
    npm.kill("SIGTERM");
    await npm.ended();
    await until(() => !isRunning(main));
    expect(await health(environment.TRACKER_PORT)).not.toBe(200);
    expect(await health(environment.API_PORT)).not.toBe(200);
  });

  it("starts a killed tracker again, also when it is killed while it starts", async () => {
    const environment = await freshEnvironment("SQLite");
    const main = await start("main", environment);
    for (let round = 1; round <= 2; round += 1) {
      const [killed = 0] = main.children("tracker.js");
      process.kill(killed, "SIGKILL");
      await until(() => main.children("tracker.js").some((pid) => pid !== killed));
    }
    await until(async () => (await health(environment.TRACKER_PORT)) === 200);
    expect(await health(environment.API_PORT)).toBe(200);
    expect(main.children()).toHaveLength(2);
    main.kill("SIGTERM");
    expect(await main.ended()).toEqual({ code: 0, signal: null });
  });

  it("can be ended while it waits for a database", async () => {
    const DATABASE_URL = "mysql://root@127.0.0.1:9/waypost";
    const main = launch("main", await freshEnvironment("SQLite", { DATABASE_URL }));
    await until(() => main.stderr.includes("trying again"));
    main.kill("SIGINT");
    expect(await main.ended()).toEqual({ code: 0, signal: null });
  });

  it("takes its children along when it is killed", async () => {
    const main = await start("main", await freshEnvironment("SQLite"));
    const children = main.children();
    main.kill("SIGKILL");
    await until(() => !children.some(isRunning));
    await main.ended();
  });
});

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

describe("A tracker that is ended", () => {
  it("does not wait for connections that never bring a whole request", async () => {
    const environment = await freshEnvironment("SQLite");
    const tracker = await start("tracker", environment);
    const port = Number(environment.TRACKER_PORT);
    const sent = [
      "",
      "GET /c/flow HTTP/1.1\r\nhost: a",
      `POST /postback/key HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nab`,
    ];
    const sockets = await Promise.all(sent.map((text) => openSocket(port, text)));
    const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
    await until(async () => (await openConnections(environment.TRACKER_PORT)) > sent.length);
    tracker.kill("SIGTERM");
    expect(await tracker.ended()).toEqual({ code: 0, signal: null });
    await closed;
  });
});

function openSocket(port: number, text: string) {
  return new Promise<ReturnType<typeof connect>>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(text);
      resolve(socket);
    });
    socket.on("error", reject);
  });
}

/** Whether a signal waits to be delivered to a process. Linux says so. */
function isPending(pid: number, signal: number): boolean {
  const [, shared = "0"] = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return ((BigInt(`0x${shared}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

/** How many connections a server has accepted and holds, the one that asks included. */
async function openConnections(port: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: "close" } });
  return Number(/^nodejs_active_resources\{type="TCPSocketWrap"\} (\d+)$/m.exec(await answer.text())?.[1] ?? 0);
}

async function health(port: string): Promise<number> {
  return fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: "close" } }).then(
    (response) => response.status,
    () => 0,
  );
}
