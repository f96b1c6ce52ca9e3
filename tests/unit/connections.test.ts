import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type FastifyInstance } from "fastify";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONNECTION_LIMITS, type ConnectionLimits } from "../../server/kit/connections.js";
import { createHttpServer } from "../../server/kit/http-server.js";
import { listen } from "../../server/kit/listen.js";
import { createMetrics, type Metrics } from "../../server/kit/metrics.js";
import { openFilesMax } from "../../server/kit/open-files.js";
import { openRequestBody } from "../../server/kit/request-body.js";
import { rawRequest } from "../kit/raw-request.js";
import { until } from "../kit/until.js";

/** More than a socket's buffers hold. */
const LARGE = 16 * 1024 * 1024;
/** So impatient that a test need not wait long; what a test does not try is as patient as ever. */
const SOON = { checkMs: 10, lingerMs: 10 };
const ALL_SOON = { ...SOON, headMs: 50, requestMs: 50, stillMs: 50, keepAliveMs: 50 };
const head = (...lines: string[]) => [...lines, "Host: x", "", ""].join("\r\n");

describe("The connections of a server", () => {
  let server: FastifyInstance;
  let metrics: Metrics;
  let port: number;
  let asked: string[];
  let release: () => void;
  let sockets: Socket[];

  async function start(limits: Partial<ConnectionLimits> = {}): Promise<void> {
    metrics = createMetrics();
    server = createHttpServer({
      log: pino({ level: "silent" }),
      metrics,
      trustProxy: [],
      headTooLarge: { status: 431 },
      whyNotReady: async () => null,
      limits,
    });
    const held = Promise.withResolvers<void>();
    release = held.resolve;
    const method = server.supportedMethods;
    server.addHook("onRequest", async ({ url }) => void asked.push(url));
    server.route({ method, url: "/now", handler: async () => "now" });
    server.route({ method, url: "/held", handler: async () => held.promise.then(() => "held") });
    server.route({ method, url: "/large", handler: async () => "x".repeat(LARGE) });
    server.route({
      method,
      url: "/body",
      handler: async ({ raw }) => ({ bytes: (await openRequestBody(raw)(1000)).length }),
    });
    port = await listen(server, { host: "127.0.0.1", port: 0 });
  }

  beforeEach(() => {
    [asked, sockets, release] = [[], [], () => {}];
  });
  afterEach(async () => {
    release();
    for (const socket of sockets) socket.destroy();
    await server.close();
  });

  /** A client that reads nothing by itself, and does not close when the server does. */
  async function open(...bytes: string[]): Promise<Socket> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    sockets.push(socket.on("error", () => {}).pause());
    await once(socket, "connect");
    for (const each of bytes) socket.write(each, "latin1");
    return socket;
  }
  const openCount = async () => Number(/^connections_open (\d+)$/m.exec(await metrics.text())?.[1]);
  const cuts = async (reason: string) =>
    Number(new RegExp(`^connections_cut_total{reason="${reason}"} (\\d+)$`, "m").exec(await metrics.text())?.[1] ?? 0);
  const statusOf = async (path: string) =>
    (await rawRequest(`http://127.0.0.1:${port}`, head(`GET ${path} HTTP/1.1`, "Connection: close"))).status;

  describe.each(["/now", "/held", "/none"])("asked for %s", (path) => {
    it.each([
      ["GET", head(`GET ${path} HTTP/1.1`)],
      ["with dozens of headers", `${head(`GET ${path} HTTP/1.1`, ...Array(50).fill("a:"))}`],
      ["HEAD", head(`HEAD ${path} HTTP/1.1`)],
      ["of HTTP/1.0 that is kept alive", head(`GET ${path} HTTP/1.0`, "Connection: keep-alive")],
      ["with a body that nobody reads", `${head(`POST ${path} HTTP/1.1`, "Content-Length: 3")}abc`],
      ["with a chunked body", `${head(`POST ${path} HTTP/1.1`, "Transfer-Encoding: chunked")}1\r\na\r\n0\r\n\r\n`],
      [
        "that waits to be told to go on",
        `${head(`PUT ${path} HTTP/1.1`, "Expect: 100-continue", "Content-Length: 1")}a`,
      ],
      ["that expects what there is not", head(`GET ${path} HTTP/1.1`, "Expect: cake")],
    ])("4.1 has 64 requests under way on one of them at most, and is closed by one more: %s", async (_, request) => {
      await start();
      await open(request.repeat(2000));
      await until(async () => (await cuts("REQUESTS")) === 1);
      // Those of an earlier packet may be answered.
      const { requestsPerConnection: most } = CONNECTION_LIMITS;
      if (path === "/held") expect(asked.length).toBe(most);
      expect(asked.length).toBeGreaterThanOrEqual(most);
      expect(asked.length).toBeLessThan(2000);
      expect(await openCount()).toBe(0);
      expect(await statusOf("/now")).toBe(200);
    });
  });

  it("4.1 answers 64 that come together, and any number one after the other", async () => {
    await start();
    const socket = await open(head("GET /now HTTP/1.1").repeat(64));
    for (let count = 1; count <= 20; count += 1) {
      await until(() => asked.length >= 64 + count - 1);
      socket.resume().write(head("GET /now HTTP/1.1"));
    }
    await until(() => asked.length === 84);
    expect([await cuts("REQUESTS"), await openCount()]).toEqual([0, 1]);
  });

  it("4.1 has one request at a time under way whose target is mended, however many come", async () => {
    await start();
    const socket = await open(head("GET /held?caf\xc3\xa9 HTTP/1.1").repeat(300));
    await until(() => asked.length === 1);
    release();
    let received = "";
    socket.resume().on("data", (data) => {
      received += data;
    });
    await until(() => received.split("200 OK").length === 301);
    expect(asked).toEqual(Array(300).fill("/held?caf%C3%A9"));
    expect([await cuts("REQUESTS"), await openCount()]).toEqual([0, 1]);
  });

  it("4.1 have one request each when there are too many in all", async () => {
    await start({ requests: 4, requestsPerConnection: 3 });
    await open(head("GET /held HTTP/1.1").repeat(3));
    await open(head("GET /held HTTP/1.1"));
    await until(() => asked.length === 4);
    await open(head("GET /held HTTP/1.1"));
    await until(() => asked.length === 5);
    await open(head("GET /held HTTP/1.1").repeat(2));
    await until(async () => (await cuts("REQUESTS")) === 1);
    expect(await openCount()).toBe(3);
  });

  it("4.1 count no more what was under way on one that was closed", async () => {
    await start({ requests: 2 });
    for (let count = 1; count <= 5; count += 1) {
      const socket = await open(head("GET /held HTTP/1.1").repeat(2));
      await until(() => asked.length === 2 * count);
      socket.destroy();
      await until(async () => (await openCount()) === 0);
    }
    expect(await cuts("REQUESTS")).toBe(0);
  });

  it.each([
    ["that sends nothing", { headMs: 50 }, ""],
    ["with half of a head", { headMs: 50 }, "GET /now HTTP/1.1\r\nHost: x\r\nUser-Ag"],
    ["with half of a head that has to be mended", { headMs: 50 }, "GET /now?\xc3\xa9"],
    ["with half of a second head", { headMs: 50 }, `${head("GET /now HTTP/1.1")}GET /n`],
    ["with half of a body", { headMs: 50, requestMs: 50 }, `${head("POST /body HTTP/1.1", "Content-Length: 9")}abc`],
    [
      "with half of a chunk",
      { headMs: 50, requestMs: 50 },
      `${head("POST /body HTTP/1.1", "Transfer-Encoding: chunked")}9\r\nabc`,
    ],
    [
      "that is told to go on and does not",
      { headMs: 50, requestMs: 50 },
      head("PUT /body HTTP/1.1", "Expect: 100-continue", "Content-Length: 9"),
    ],
    [
      "with half of a body that nobody reads",
      { headMs: 50, requestMs: 50 },
      `${head("POST /now HTTP/1.1", "Content-Length: 9")}abc`,
    ],
    ["with no further request", { keepAliveMs: 1, stillMs: 50 }, head("GET /now HTTP/1.1")],
    ["that reads no answer", { stillMs: 50 }, head("GET /large HTTP/1.1")],
    ["that reads no answers", { stillMs: 50 }, head("GET /large HTTP/1.1").repeat(3)],
    ["that reads no answer to CONNECT", { stillMs: 50 }, "CONNECT /large HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["that does not close after CONNECT", { lingerMs: 50 }, "CONNECT /now HTTP/1.1\r\nHost: x\r\n\r\n"],
    [
      "that does not close after an answer that closes",
      { lingerMs: 50 },
      head("GET /now HTTP/1.1", "Connection: close"),
    ],
    ["that does not close after what is no HTTP", { lingerMs: 50 }, "HELO example.com\r\n\r\n"],
    [
      "that does not close after a head that is too large",
      { lingerMs: 50 },
      head("GET / HTTP/1.1", `A: ${"x".repeat(17_000)}`),
    ],
    ["that begins HTTP/2 unasked", { lingerMs: 50 }, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["that begins TLS", { lingerMs: 50 }, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ])("4.9 let a client go %s", async (_, limits, bytes) => {
    await start({ ...SOON, ...limits });
    await open(bytes);
    await until(async () => asked.length > 0 || (await openCount()) === 1);
    await until(async () => (await openCount()) === 0);
    expect(await statusOf("/now")).toBe(200);
  });

  it.each([
    ["head", "GET /now HTTP/1.1\r\n", "a: b\r\n"],
    ["head that has to be mended", "GET /now?\xc3\xa9", "a"],
    ["body", head("POST /body HTTP/1.1", "Content-Length: 900"), "a"],
    ["chunked body", head("POST /body HTTP/1.1", "Transfer-Encoding: chunked"), "1\r\na\r\n"],
    ["body that nobody reads", head("POST /now HTTP/1.1", "Content-Length: 900"), "a"],
  ])("4.9 let a client go that sends its %s bit by bit", async (_, first, bit) => {
    await start({ ...SOON, headMs: 100, requestMs: 100 });
    const socket = await open(first);
    const timer = setInterval(() => socket.write(bit), 5);
    await until(async () => (await openCount()) === 1);
    await until(async () => (await openCount()) === 0);
    clearInterval(timer);
  });

  it("4.9 let a client go that has half-closed and reads nothing", async () => {
    await start({ ...SOON, stillMs: 50 });
    (await open(head("GET /large HTTP/1.1"))).end();
    await until(() => asked.length === 1);
    await until(async () => (await openCount()) === 0);
    expect(await cuts("STILL")).toBe(1);
  });

  it("4.9 tell a slow client that it was", async () => {
    await start({ ...SOON, headMs: 50 });
    const { status, body } = await rawRequest(`http://127.0.0.1:${port}`, "GET /now HTT");
    expect([status, JSON.parse(body)]).toEqual([408, { status: 408, message: expect.stringContaining("too long") }]);
  });

  it.each([
    ["plainly", head("GET /held HTTP/1.1", "Connection: close")],
    ["by a target that was mended", head("GET /held?\xc3\xa9 HTTP/1.1", "Connection: close")],
    ["by CONNECT", "CONNECT /held HTTP/1.1\r\nHost: x\r\n\r\n"],
  ])("4.9 wait for us as long as we take, asked %s", async (_, request) => {
    await start(ALL_SOON);
    const answered = rawRequest(`http://127.0.0.1:${port}`, request);
    await until(() => asked.length === 1);
    await open(head("GET /now HTTP/1.1"));
    await until(() => asked.length === 2);
    await until(async () => (await openCount()) === 1);
    release();
    expect(await answered).toMatchObject({ status: 200, body: "held" });
  });

  it.each(["websocket", "h2c"])("4.9 answer a request to go on by %s as any other", async (protocol) => {
    await start();
    const upgrade = head("GET /now HTTP/1.1", "Connection: upgrade", `Upgrade: ${protocol}`);
    const socket = await open(upgrade.repeat(100));
    await until(() => asked.length === 1);
    socket.write(head("GET /now HTTP/1.1"));
    await until(() => asked.length === 2);
    expect([await openCount(), await cuts("REQUESTS")]).toEqual([1, 0]);
  });

  it("4.9 answer a CONNECT behind another request, in order", async () => {
    await start({ lingerMs: 50 });
    const socket = await open(`${head("GET /held HTTP/1.1")}CONNECT /now HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => asked.length === 1);
    release();
    let received = "";
    socket.resume().on("data", (data) => {
      received += data;
    });
    await until(async () => (await openCount()) === 0 && received.endsWith("now"));
    expect(received.match(/\r\n\r\n(held|now)/g)).toEqual(["\r\n\r\nheld", "\r\n\r\nnow"]);
  });

  it.each([
    ["sends nothing", ""],
    ["has half of a head", "GET /n"],
    ["has half of a body", `${head("POST /body HTTP/1.1", "Content-Length: 9")}abc`],
    ["is kept for a next request", head("GET /now HTTP/1.1")],
    ["reads no answer", head("GET /large HTTP/1.1")],
  ])("4.9 of which there are too many make room: the oldest goes that %s", async (_, bytes) => {
    await start({ connections: 3 });
    const busy = await open(head("GET /held HTTP/1.1"));
    await until(() => asked.length === 1);
    const oldest = await open(bytes);
    await until(async () => (await openCount()) === 2);
    await open();
    await until(async () => (await openCount()) === 3);
    expect(await statusOf("/now")).toBe(200);
    await until(async () => (await openCount()) === 2);
    expect(await cuts("CONNECTIONS")).toBe(1);
    oldest.resume();
    await until(() => oldest.readableEnded || oldest.destroyed);
    expect(busy.destroyed).toBe(false);
  });

  it("4.9 are not made for who comes when all that there may be are at work", async () => {
    await start({ connections: 2 });
    await open(head("GET /held HTTP/1.1"));
    await open(head("GET /held HTTP/1.1"));
    await until(() => asked.length === 2);
    expect(await statusOf("/now")).toBe(0);
    expect([await openCount(), await cuts("CONNECTIONS")]).toEqual([2, 1]);
  });

  it("4.9 are fewer than the files that the system lets us open", async () => {
    expect(openFilesMax()).toBeGreaterThan(CONNECTION_LIMITS.connections);
    expect(openFilesMax("/none")).toBe(Number.POSITIVE_INFINITY);
    await start();
  });
});
