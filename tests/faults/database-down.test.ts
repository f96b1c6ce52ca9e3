import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MariaDb } from "../../scripts/mariadb.ts";
import { WAITS, type Waits } from "../../server/kit/deadline.js";
import { startOwnMariaDb } from "../kit/mariadb.js";
import { PATIENCE_MS, until } from "../kit/until.js";
import { OUTAGE, startWaypost, type Waypost } from "../kit/waypost.js";

/** Of a frozen server nobody hears: how long each waits for it here. */
const IMPATIENT: Waits = { ...WAITS, database: 3000, postback: 3000, journal: 1000 };

describe("A database that is down", () => {
  let mariaDb: MariaDb;
  let waypost: Waypost;
  let flow: { id: string; key: string };
  let click: string;
  const redirected: string[] = [];
  beforeAll(async () => {
    mariaDb = await startOwnMariaDb();
    waypost = await startWaypost("MySQL", { environment: { DATABASE_URL: `${mariaDb.url}/waypost` }, waits: OUTAGE });
    flow = await waypost.seedFlow();
    click = await waypost.click(flow.key);
    await mariaDb.stop();
  });
  afterAll(async () => {
    await waypost.close();
    await mariaDb.remove();
  });

  const get = (url: string, init?: RequestInit) => fetch(url, { redirect: "manual", ...init });

  const stored = async (list: string, filter: object) =>
    (
      await waypost.ask(
        `query($filter: ${list === "clicks" ? "Click" : "Conversion"}Filter) { ${list}(filter: $filter) { totalCount } }`,
        { filter },
      )
    )[list].totalCount;

  it("sends the visitors of a flow that is known on, as if nothing were amiss", async () => {
    const response = await get(`${waypost.trackerUrl}/c/${flow.key}`);
    expect(response.status).toBe(302);
    redirected.push(new URL(response.headers.get("location") ?? "").searchParams.get("click") ?? "");
  });

  it("answers a flow that is not known, which may have been made meanwhile, with 503 and without delay", async () => {
    const response = await get(`${waypost.trackerUrl}/c/unknown-flow`);
    expect(response.status).toBe(503);
    expect(await response.text()).toBe("This link cannot be opened at the moment: please try again.\n");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    [202, "ACCEPTED", "a postback that could be recorded", () => `${waypost.postbackKey}?click=${click}&revenue=1`],
    [202, "ACCEPTED", "one for a click that is nobody's", () => `${waypost.postbackKey}?click=${"0".repeat(32)}`],
    [404, "CLICK_WRONG_CHARACTER", "one for what cannot be a click", () => `${waypost.postbackKey}?click=x`],
    [422, "REVENUE_UNUSABLE", "one that cannot be used", () => `${waypost.postbackKey}?click=${click}&revenue=x`],
    [503, "STORAGE_DOWN", "one with a key that may have been made meanwhile", () => `unknown-key?click=${click}`],
  ])("answers %i %s to %s", async (status, code, _, path) => {
    const response = await get(`${waypost.trackerUrl}/postback/${path()}`);
    expect(await response.json()).toEqual({ status, code, message: expect.any(String), conversionId: null });
    expect(response.status).toBe(status);
  });

  it("answers a thousand visitors and advertisers at once", async () => {
    const answers = [
      [`/c/${flow.key}`, 302],
      ["/c/unknown", 503],
      [`/postback/${waypost.postbackKey}?click=${click}`, 202],
      ["/postback/unknown", 503],
    ] as const;
    const requests = Array.from({ length: 1000 }, async (_, index) => {
      const [path = "", expected] = answers[index % answers.length] ?? [];
      return { expected, status: (await fetch(waypost.trackerUrl + path, { redirect: "manual" })).status };
    });
    for (const { status, expected } of await Promise.all(requests)) expect(status).toBe(expected);
  });

  it("keeps what it has read of a postback by Keitaro's convention, with its warning", async () => {
    const query = `subid=${click}&tid=kept&status=won&sale_status=won&currency={currency}`;
    const response = await get(`${waypost.trackerUrl}/${waypost.postbackKey}/postback?${query}`);
    expect(await response.json()).toMatchObject({ code: "ACCEPTED", message: expect.stringContaining('"{currency}"') });
  });

  it("leaves the tracker ready, since it redirects, and the API not", async () => {
    for (const [base, ready] of [[waypost.trackerUrl, 200] as const, [waypost.apiUrl, 503] as const]) {
      expect((await get(`${base}/healthz`)).status).toBe(200);
      expect((await get(`${base}/readyz`)).status).toBe(ready);
      expect((await get(`${base}/metrics`)).status).toBe(200);
    }
    const metrics = await (await get(`${waypost.trackerUrl}/metrics`)).text();
    expect(Number(/^journal_unloaded_bytes (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(10_000);
    expect(Number(/^journal_unloaded_seconds ([\d.]+)/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  });

  it.each([
    ["signed in", "{ flows { totalCount } }", undefined],
    ["a stranger", 'mutation { login(email: "admin@localhost", password: "x") { token } }', null],
  ])("tells a GraphQL caller, %s, no more than that the database is away", async (_, query, token) => {
    const { data, errors } = await waypost.graphql(query, {}, token === null ? { token } : {});
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toEqual({ code: "SERVICE_UNAVAILABLE" });
    expect(JSON.stringify(errors)).not.toMatch(/ECONN|127\.0\.0\.1|select|mysql|at /i);
  });

  it("works again without a restart when the database is back, and has all that was answered", async () => {
    await mariaDb.start();
    await until(async () => (await waypost.postback({ click })).httpStatus === 200);
    expect(await stored("clicks", { flowId: flow.id })).toBe(1 + 1 + 250);
    expect(await stored("clicks", { ids: redirected })).toBe(1);
    // The first tid takes over the click's pending conversion.
    expect(await stored("conversions", { clickHash: click })).toBe(1);
    const { postbackLogs } = await waypost.ask(
      `{ postbackLogs(perPage: 500, sort: { field: CREATED_AT, order: ASC }) { items { status code outcome clickHash processedAt flow { id } uid dialect warned
         message conversion { status } } } }`,
    );
    const { items } = postbackLogs;
    const ofFlow = { flow: { id: flow.id } };
    const accepted = { status: 202, code: "ACCEPTED", processedAt: expect.any(String) };
    expect(items.slice(0, 4)).toMatchObject([
      { ...accepted, ...ofFlow, outcome: "RECORDED" },
      { ...accepted, outcome: "CLICK_UNKNOWN", flow: null },
      { status: 404, code: "CLICK_WRONG_CHARACTER", outcome: null, processedAt: null },
      { status: 422, code: "REVENUE_UNUSABLE", outcome: null, ...ofFlow },
    ]);
    const others = items.slice(4, 254);
    expect(others).toHaveLength(250);
    for (const entry of others) expect(entry).toMatchObject({ ...accepted, ...ofFlow, outcome: "REPEATED" });
    expect(items[254]).toMatchObject({
      ...{ ...accepted, ...ofFlow, outcome: "UPDATED", uid: "kept", dialect: "KEITARO", warned: true },
      message: expect.stringContaining('"{currency}"'),
      conversion: { status: "APPROVED" },
    });
    const {
      unknown,
      refused,
      accepted: left,
    } = await waypost.ask(`{
      unknown: postbackLogs(filter: { code: "CLICK_UNKNOWN", refused: true }) { totalCount items { status cause } }
      refused: postbackLogs(filter: { refused: true }) { totalCount }
      accepted: postbackLogs(filter: { status: 202, refused: false }) { totalCount } }`);
    expect(unknown).toEqual({
      totalCount: 1,
      items: [{ status: 202, cause: expect.stringMatching(/form of a click/) }],
    });
    const taken = items.filter(
      ({ status, outcome }: { status: number; outcome: string }) => status === 202 && outcome !== "CLICK_UNKNOWN",
    );
    expect([refused.totalCount, left.totalCount]).toEqual([3, taken.length]);
    const metrics = await (await get(`${waypost.trackerUrl}/metrics`)).text();
    expect(metrics).toMatch(/postbacks_settled_total\{code="CLICK_UNKNOWN"\} 1/);
    const made = await waypost.seedFlow({ key: "made-after" });
    expect((await get(`${waypost.trackerUrl}/c/${made.key}`)).status).toBe(302);
  });

  it("fails nobody and loses nothing while it goes down under load and comes back", async () => {
    const hashes: string[] = [];
    const statuses = new Map<number, number>();
    let going = true;
    const visitors = Array.from({ length: 20 }, async () => {
      while (going) {
        const response = await get(`${waypost.trackerUrl}/c/${flow.key}`);
        await response.arrayBuffer();
        expect(response.status).toBe(302);
        const hash = new URL(response.headers.get("location") ?? "").searchParams.get("click") ?? "";
        hashes.push(hash);
        const { httpStatus } = await waypost.postback({ click: hash });
        statuses.set(httpStatus, (statuses.get(httpStatus) ?? 0) + 1);
      }
    });
    const answered = (status: number) => statuses.get(status) ?? 0;
    await until(() => answered(200) > 100);
    await mariaDb.stop();
    await until(() => answered(202) > 100);
    await mariaDb.start();
    const before = answered(200);
    await until(() => answered(200) > before + 50);
    going = false;
    await Promise.all(visitors);
    expect([...statuses.keys()].sort()).toEqual([200, 202]);
    await until(async () => (await stored("conversions", { flowId: flow.id })) === hashes.length + 1);
    for (let from = 0; from < hashes.length; from += 500) {
      const some = hashes.slice(from, from + 500);
      expect(await stored("clicks", { ids: some })).toBe(some.length);
    }
  });
});

describe("An SQLite file that another program has locked", () => {
  it("holds up no visitor, and its postbacks are processed when it is let go", async () => {
    const waypost = await startWaypost("SQLite");
    const flow = await waypost.seedFlow();
    const click = await waypost.click(flow.key);
    const other = new DatabaseSync(`${waypost.config.dataDir}/waypost.sqlite`, { timeout: PATIENCE_MS });
    other.exec("begin immediate");
    const later = await waypost.click(flow.key);
    expect((await waypost.postback({ click })).body.code).toBe("ACCEPTED");
    other.exec("rollback");
    other.close();
    await until(async () => (await waypost.postback({ click })).body.code === "REPEATED");
    expect((await waypost.ask(`{ click(id: "${later}") { id } }`)).click).toEqual({ id: later });
    await waypost.close();
  });
});

describe("A database that is frozen", () => {
  it("keeps nobody waiting for ever, and all works when it goes on", async () => {
    const mariaDb = await startOwnMariaDb();
    const environment = { DATABASE_URL: `${mariaDb.url}/waypost` };
    const waypost = await startWaypost("MySQL", { environment, waits: IMPATIENT });
    const flow = await waypost.seedFlow();
    const click = await waypost.click(flow.key);
    await mariaDb.freeze();
    const postback = `/postback/${waypost.postbackKey}?click=${click}`;
    const asked = [`/c/${flow.key}`, "/c/unknown", postback, "/postback/unknown-key", "/readyz"].map((path) =>
      waypost.track(path),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([302, 503, 202, 503, 200]);
    mariaDb.thaw();
    await until(async () => (await waypost.track(postback)).status === 200);
    expect((await waypost.track(`/c/${flow.key}`)).status).toBe(302);
    const { conversions } = await waypost.ask("{ conversions { totalCount } }");
    expect(conversions.totalCount).toBe(1);
    await waypost.close();
    await mariaDb.remove();
  });
});

describe("A journal that cannot be written", () => {
  it("lets clicks go to the database; with that away too visitors are sent on, counted, and the tracker is not ready", async () => {
    const mariaDb = await startOwnMariaDb();
    const waypost = await startWaypost("MySQL", { environment: { DATABASE_URL: `${mariaDb.url}/waypost` } });
    const flow = await waypost.seedFlow();
    await waypost.track(`/c/${flow.key}`, { method: "HEAD" });
    rmSync(`${waypost.config.dataDir}/journal/00`, { recursive: true });
    const unrecorded = async () =>
      /^clicks_unrecorded_total (\d+)$/m.exec(await (await waypost.track("/metrics")).text())?.[1];

    const stored = await Promise.all(Array.from({ length: 20 }, () => waypost.click(flow.key)));
    const { data } = await waypost.graphql("{ clicks { items { id } } }");
    expect(data.clicks.items.map(({ id }: { id: string }) => id).sort()).toEqual(stored.sort());
    expect(await unrecorded()).toBe("0");
    expect((await waypost.track("/readyz")).status).toBe(503);

    await mariaDb.stop();
    for (let visit = 0; visit < 5; visit += 1) await waypost.click(flow.key);
    expect(await unrecorded()).toBe("5");
    expect((await waypost.postback({ click: stored[0] ?? "" })).body).toMatchObject({
      status: 503,
      code: "STORAGE_DOWN",
    });
    expect(waypost.logLines.filter((line) => line.includes("neither in the journal nor"))).toHaveLength(1);
    await waypost.close();
    await mariaDb.remove();
  });
});
