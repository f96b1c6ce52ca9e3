import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { NODE_ENVIRONMENT, NODE_FLAGS, WITHOUT_GRAPHQL } from "../../server/kit/supervise.js";
import { cleanUp, freshEnvironment, isRunning, launch, launchCommand, start } from "../kit/processes.js";
import { until } from "../kit/until.js";

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

describe("A tracker that is ended", () => {
  it("does not wait for connections that never bring a whole request", async () => {
    const environment = await freshEnvironment("SQLite");
    const tracker = await start("tracker", environment);
    const port = Number(environment.TRACKER_PORT);
    const sent = [
      "",
      "GET /c/flow HTTP/1.1\r\nhost: a",
      // A body is read from those alone who have a key: here a second request is begun behind a whole one.
      "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\nGET /healthz HTTP/1.1\r\nhost",
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
      // What is answered is read: a socket with something unread does not close.
      resolve(socket.resume());
    });
    socket.on("error", reject);
  });
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
