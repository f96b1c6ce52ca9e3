import { once } from "node:events";
import { connect, createServer } from "node:net";
import { type FastifyInstance } from "fastify";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownPort } from "../../scripts/ports.js";
import { createHttpServer } from "../../server/kit/http-server.js";
import { listen, tryPort } from "../../server/kit/listen.js";
import { createMetrics, type Metrics } from "../../server/kit/metrics.js";
import { rawRequest } from "../kit/raw-request.js";
import { until } from "../kit/until.js";

/** Two addresses of every machine, and one of none. */
const [ONE, OTHER, NOWHERE] = ["127.0.0.1", "127.0.0.2", "192.0.2.1"] as const;

describe("A server at a host of several addresses", () => {
  let server: FastifyInstance;
  let metrics: Metrics;
  let answer: () => void;
  let asked: number;

  beforeEach(() => {
    metrics = createMetrics();
    server = createHttpServer({
      log: pino({ level: "silent" }),
      metrics,
      trustProxy: [],
      headTooLarge: { status: 431 },
      whyNotReady: async () => null,
    });
    const held = Promise.withResolvers<void>();
    [asked, answer] = [0, held.resolve];
    server.get("/seen/*", async (request) => ({ url: request.url, ip: request.ip, fields: request.headers.last }));
    server.get("/held", async () => {
      asked += 1;
      await held.promise;
      return "done";
    });
  });
  afterEach(async () => {
    answer();
    await server.close();
  });

  const listenAt = async (addresses: string[], port?: number) =>
    listen(server, { host: "several.example", port: port ?? (await ownPort()), addressesOf: async () => addresses });
  const head = (...lines: string[]) => [...lines, "Host: x", "Connection: close", "", ""].join("\r\n");

  const statusAt = async (address: string, port: number) =>
    (await rawRequest(`http://${address}:${port}`, head("GET /seen/1 HTTP/1.1"))).status;

  it.each([ONE, OTHER])("reads and refuses what comes at %s as at any other", async (address) => {
    const at = `http://${address}:${await listenAt([ONE, OTHER])}`;
    const plain = await rawRequest(at, head("GET /seen/1 HTTP/1.1"));
    expect(JSON.parse(plain.body)).toMatchObject({ url: "/seen/1", ip: ONE });
    const raw = await rawRequest(at, head("GET /seen/caf\xc3\xa9 HTTP/1.1"));
    expect([raw.status, JSON.parse(raw.body).url]).toEqual([200, "/seen/caf%C3%A9"]);
    const many = Array.from({ length: 1500 }, (_, count) => `a${count}: 1`);
    const fields = await rawRequest(at, head("GET /seen/2 HTTP/1.1", ...many, "last: here"));
    expect(JSON.parse(fields.body).fields).toBe("here");
    const large = await rawRequest(at, head("GET /seen/3 HTTP/1.1", `a: ${"x".repeat(17_000)}`));
    expect([large.status, large.body]).toEqual([431, '{"status":431}']);
    expect((await rawRequest(at, head("CONNECT x:1 HTTP/1.1"))).status).toBe(404);
    expect((await rawRequest(at, head("GET /seen/4 HTTP/1.1", "Expect: cake"))).status).toBe(200);
    expect(await rawRequest(at, head("nonsense"))).toMatchObject({
      status: 400,
      body: expect.stringContaining("HTTP"),
    });
    expect(await metrics.text()).toMatch(/^requests_unreadable_total\{.*\} 1$/m);
  });

  it.each([ONE, OTHER])("4.1 closes a connection at %s that asks for too much at once", async (address) => {
    const port = await listenAt([ONE, OTHER]);
    const socket = connect(port, address).on("error", () => {});
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write("GET /held HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200));
    await closed;
    expect(asked).toBe(64);
    expect(await statusAt(address, port)).toBe(200);
  });

  it("answers at its end what came in, lets quiet connections go, and is gone everywhere", async () => {
    const addresses = [ONE, OTHER];
    const port = await listenAt(addresses);
    const quiet = addresses.map((address) => connect(port, address).resume());
    await Promise.all(quiet.map((socket) => once(socket, "connect")));
    const ended = Promise.all(quiet.map((socket) => once(socket, "close")));
    const held = addresses.map((address) =>
      rawRequest(`http://${address}:${port}`, "GET /held HTTP/1.1\r\nHost: x\r\n\r\n"),
    );
    await until(() => asked === addresses.length);
    const closed = server.close();
    answer();
    for (const each of await Promise.all(held)) expect(each).toMatchObject({ status: 200, body: "done" });
    await Promise.all([closed, ended]);
    for (const address of addresses) {
      const error = await once(connect(port, address), "connect").catch((raised) => raised);
      expect(error).toMatchObject({ code: "ECONNREFUSED" });
    }
  });

  it.each([
    ["first", [NOWHERE, ONE, OTHER]],
    ["last", [ONE, OTHER, NOWHERE]],
    ["twice, with one of its own twice", [NOWHERE, ONE, NOWHERE, ONE, OTHER]],
  ])("leaves out an address that this machine does not have: %s", async (_, addresses) => {
    const port = await listenAt(addresses);
    for (const each of [ONE, OTHER]) expect(await statusAt(each, port)).toBe(200);
  });

  it("has none if this machine has none of the addresses", async () => {
    const nowhere = { host: "nowhere.example", port: await ownPort(), addressesOf: async () => [NOWHERE] };
    await expect(tryPort(nowhere)).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
    await expect(listenAt([NOWHERE])).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
  });

  it("says that a port is taken at one of the addresses, and listens when it is tried again and is not", async () => {
    const port = await ownPort();
    const setting = { host: "several.example", port, addressesOf: async () => [NOWHERE, ONE, OTHER] };
    await tryPort(setting);
    const other = createServer().listen(port, OTHER);
    await once(other, "listening");
    await expect(tryPort(setting)).rejects.toMatchObject({ code: "EADDRINUSE" });
    await expect(listenAt([ONE, OTHER], port)).rejects.toMatchObject({ code: "EADDRINUSE" });
    other.close();
    await once(other, "close");
    expect(await listenAt([ONE, OTHER], port)).toBe(port);
    expect(await statusAt(OTHER, port)).toBe(200);
  });
});
