import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CONNECTION_LIMITS } from "../../server/kit/connections.js";
import { ONE_REQUEST, startWaypost, type Waypost } from "../kit/waypost.js";

/** What one of several attackers sends at once, in bytes. */
const FLOOD_BYTES = 2 * 1024 * 1024;
const ATTACKERS = 4;
const ROUNDS = 3;

describe("Floods of requests", () => {
  let waypost: Waypost;
  let sockets: Socket[] = [];
  beforeAll(async () => {
    waypost = await startWaypost("SQLite");
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
  });
  afterAll(() => waypost.close());

  const metricsOf = async (url: string) => (await fetch(`${url}/metrics`, { headers: ONE_REQUEST })).text();
  const numberIn = (text: string, name: string) =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${name} `))
        ?.split(" ")[1] ?? 0,
    );
  const CUT = 'connections_cut_total{reason="REQUESTS"}';

  /** Sends as many requests as there is room for, reads nothing, and waits until the connection is closed. */
  async function flood(url: string, request: string): Promise<void> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket.on("error", () => {}));
    await once(socket, "connect");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(request.repeat(Math.floor(FLOOD_BYTES / request.length)));
    await closed;
  }

  it("4.1 on tracking URLs end their connections, leave no click unrecorded and all visitors redirected", async () => {
    const { key } = await waypost.seedFlow();
    const request = `GET /c/${key} HTTP/1.1\r\nHost: x\r\n\r\n`;
    for (let round = 0; round < ROUNDS; round += 1) {
      const floods = Array.from({ length: ATTACKERS }, () => flood(waypost.trackerUrl, request));
      const visitors = Array.from({ length: 20 }, () => waypost.click(key));
      expect(new Set(await Promise.all(visitors)).size).toBe(20);
      await Promise.all(floods);
    }
    const least = 20 * ROUNDS + ATTACKERS * ROUNDS * CONNECTION_LIMITS.requestsPerConnection;
    const stored = async () => (await waypost.ask("{ clicks { totalCount } }")).clicks.totalCount;
    await expect.poll(stored).toBeGreaterThanOrEqual(least);
    const redirected = async () => numberIn(await metricsOf(waypost.trackerUrl), 'clicks_total{answer="REDIRECTED"}');
    await expect.poll(async () => (await redirected()) - (await stored())).toBe(0);
    const metrics = await metricsOf(waypost.trackerUrl);
    expect([numberIn(metrics, "clicks_unrecorded_total"), numberIn(metrics, CUT)]).toEqual([0, ATTACKERS * ROUNDS]);
    expect(await stored()).toBeLessThan((ROUNDS * ATTACKERS * FLOOD_BYTES) / request.length / 10);
  });

  it.each([
    ["GraphQL", "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"],
    ["the admin", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["what is not there", "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"],
  ])("4.1 on the API end their connections: %s", async (_, request) => {
    const before = numberIn(await metricsOf(waypost.apiUrl), CUT);
    await flood(waypost.apiUrl, request);
    expect(numberIn(await metricsOf(waypost.apiUrl), CUT)).toBe(before + 1);
    expect((await waypost.ask("{ me { id } }")).me.id).toBeDefined();
  });
});
