import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MariaDb, startMariaDb } from "../scripts/mariadb.ts";
import { until } from "./kit/processes.js";
import { startWaypost, type Waypost } from "./kit/waypost.js";

const ANSWER_MS = 5000;

describe("A database that is down", () => {
  let mariaDb: MariaDb;
  let waypost: Waypost;
  let flow: { key: string };
  let click: string;
  beforeAll(async () => {
    mariaDb = await startMariaDb();
    waypost = await startWaypost("MySQL", { environment: { DATABASE_URL: `${mariaDb.url}/waypost` } });
    flow = await waypost.seedFlow();
    click = await waypost.click(flow.key);
    await mariaDb.stop();
  });
  afterAll(async () => {
    await waypost.close();
    await mariaDb.remove();
  });

  const get = (url: string, init?: RequestInit) =>
    fetch(url, { redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS), ...init });

  it.each([
    ["a flow that is known", () => flow.key],
    ["a flow that is not, which may have been made meanwhile", () => "unknown-flow"],
  ])("answers a click on %s with 503, and does not keep the visitor waiting", async (_, key) => {
    const response = await get(`${waypost.trackerUrl}/c/${key()}`);
    expect(response.status).toBe(503);
    expect(await response.text()).toBe("This link cannot be opened at the moment: please try again.\n");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    ["with a key that is known", () => waypost.postbackKey],
    ["with one that is not", () => "unknown-key"],
  ])("answers a postback %s with 503 and says that nothing can be stored", async (_, key) => {
    const response = await get(`${waypost.trackerUrl}/postback/${key()}?click=${click}`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 503,
      code: "STORAGE_DOWN",
      message: expect.stringContaining("send it again"),
      conversionId: null,
    });
  });

  it("answers a thousand visitors and advertisers at once, all with 503", async () => {
    const paths = [
      `/c/${flow.key}`,
      "/c/unknown",
      `/postback/${waypost.postbackKey}?click=${click}`,
      "/postback/unknown",
    ];
    const requests = Array.from({ length: 1000 }, (_, index) =>
      fetch(waypost.trackerUrl + paths[index % paths.length]),
    );
    const statuses = (await Promise.all(requests)).map((response) => response.status);
    expect(statuses.filter((status) => status !== 503)).toEqual([]);
  });

  it("is alive but not ready", async () => {
    for (const base of [waypost.trackerUrl, waypost.apiUrl]) {
      expect((await get(`${base}/healthz`)).status).toBe(200);
      expect((await get(`${base}/readyz`)).status).toBe(503);
      expect((await get(`${base}/metrics`)).status).toBe(200);
    }
  });

  it.each([
    ["signed in", "{ flows { totalCount } }", undefined],
    ["a stranger", 'mutation { login(email: "admin@localhost", password: "x") { token } }', null],
  ])("tells a GraphQL caller, %s, no more than that something went wrong", async (_, query, token) => {
    const { data, errors } = await waypost.graphql(query, {}, token === null ? { token } : {});
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toEqual({ code: "INTERNAL_SERVER_ERROR" });
    expect(JSON.stringify(errors)).not.toMatch(/ECONN|127\.0\.0\.1|select|mysql|at /i);
  });

  it("works again without a restart when the database is back, and has all that was answered before", async () => {
    await mariaDb.start();
    await until(async () => (await get(`${waypost.trackerUrl}/readyz`)).status === 200);
    const later = await waypost.click(flow.key);
    expect((await waypost.postback({ click })).body).toMatchObject({ status: 200, code: "RECORDED" });
    expect((await waypost.postback({ click: later })).body).toMatchObject({ status: 200, code: "RECORDED" });
    expect(await waypost.ask("{ clicks { items { id } } conversions { totalCount } }")).toEqual({
      clicks: { items: [{ id: later }, { id: click }] },
      conversions: { totalCount: 2 },
    });
    const made = await waypost.seedFlow({ key: "made-after" });
    expect((await get(`${waypost.trackerUrl}/c/${made.key}`)).status).toBe(302);
  });

  it("keeps what it answered while it goes down under load, and answers everybody", async () => {
    const hashes: string[] = [];
    const conversions: string[] = [];
    const others = new Set<number>();
    let going = true;
    const visitors = Array.from({ length: 20 }, async () => {
      while (going) {
        const response = await get(`${waypost.trackerUrl}/c/${flow.key}`);
        await response.arrayBuffer();
        const hash = new URL(response.headers.get("location") ?? "http://none").searchParams.get("click");
        if (!hash) {
          others.add(response.status);
          continue;
        }
        hashes.push(hash);
        const { httpStatus, body } = await waypost.postback({ click: hash });
        if (httpStatus === 200) conversions.push(body.conversionId);
        else others.add(httpStatus);
      }
    });
    await until(() => hashes.length > 100);
    await mariaDb.stop();
    await until(() => others.size > 0);
    await mariaDb.start();
    const before = conversions.length;
    await until(() => conversions.length > before + 50, 20_000);
    going = false;
    await Promise.all(visitors);
    expect([...others]).toEqual([503]);
    for (const [list, ids] of [["clicks", hashes] as const, ["conversions", conversions] as const]) {
      for (let from = 0; from < ids.length; from += 500) {
        const query = `query($ids: [ID!]) { ${list}(filter: { ids: $ids }) { totalCount } }`;
        const some = ids.slice(from, from + 500);
        expect((await waypost.ask(query, { ids: some }))[list].totalCount).toBe(some.length);
      }
    }
  });
});

describe("An SQLite file that another program has locked", () => {
  it("is a database that is down, until it is let go", async () => {
    const waypost = await startWaypost("SQLite");
    const flow = await waypost.seedFlow();
    const click = await waypost.click(flow.key);
    const other = new DatabaseSync(`${waypost.config.dataDir}/waypost.sqlite`);
    other.exec("begin immediate");
    expect((await waypost.track(`/c/${flow.key}`)).status).toBe(503);
    expect((await waypost.postback({ click })).body.code).toBe("STORAGE_DOWN");
    other.exec("rollback");
    other.close();
    expect((await waypost.track(`/c/${flow.key}`)).status).toBe(302);
    expect((await waypost.postback({ click })).body.code).toBe("RECORDED");
    await waypost.close();
  });
});

describe("A database that is frozen", () => {
  it("keeps nobody waiting for ever, and all works when it goes on", async () => {
    const mariaDb = await startMariaDb();
    const waypost = await startWaypost("MySQL", { environment: { DATABASE_URL: `${mariaDb.url}/waypost` } });
    const flow = await waypost.seedFlow();
    const click = await waypost.click(flow.key);
    mariaDb.freeze();
    const postback = `/postback/${waypost.postbackKey}?click=${click}`;
    const asked = [`/c/${flow.key}`, "/c/unknown", postback, "/postback/unknown-key", "/readyz"].map((path) =>
      waypost.track(path),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    mariaDb.thaw();
    await until(async () => (await waypost.track("/readyz")).status === 200);
    expect((await waypost.track(`/c/${flow.key}`)).status).toBe(302);
    expect((await waypost.track(postback)).status).toBe(200);
    const { conversions } = await waypost.ask("{ conversions { totalCount } }");
    expect(conversions.totalCount).toBe(1);
    await waypost.close();
    await mariaDb.remove();
  });
});
