import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MariaDb } from "../../scripts/mariadb.ts";
import { seededRandom } from "../kit/chi-square.js";
import { startOwnMariaDb } from "../kit/mariadb.js";
import { startTraffic } from "../kit/traffic.js";
import { until } from "../kit/until.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const LISTS = ["clicks", "conversions", "postbackLogs"] as const;
type ListName = (typeof LISTS)[number];

/** All of a list from a moment on, page by page, and the moment up to which the first page says to be complete. */
async function readOn(
  waypost: Waypost,
  list: ListName,
  from: string,
): Promise<{ ids: string[]; completeUntil: string }> {
  const ids: string[] = [];
  let completeUntil = "";
  for (let after: string | null = null; ; ) {
    const query = `query($from: DateTime, $after: String) { page: ${list}(filter: { from: $from }, sort: { field: CREATED_AT, order: ASC },
      perPage: 100, after: $after) { ...rest } }
      fragment rest on ${{ clicks: "ClickPage", conversions: "ConversionPage", postbackLogs: "PostbackLogPage" }[list]} {
        items { id } pageInfo { hasNextPage endCursor } completeUntil }`;
    const { page } = await waypost.ask(query, { from, after });
    ids.push(...page.items.map(({ id }: { id: string }) => id));
    completeUntil ||= page.completeUntil;
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) return { ids, completeUntil };
  }
}

describe.each(databases)("A developer who reads on from completeUntil, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database);
  });
  afterAll(() => waypost.close());

  it("misses nothing, while clicks and postbacks come in", async () => {
    const flow = await waypost.seedFlow();
    const { trackerUrl, postbackKey } = waypost;
    const traffic = startTraffic({ trackerUrl, flowKey: flow.key, postbackKey, random: seededRandom(11) });
    const seen = { clicks: new Set<string>(), conversions: new Set<string>(), postbackLogs: new Set<string>() };
    const from = { clicks: new Date(0), conversions: new Date(0), postbackLogs: new Date(0) };
    const isEnough = () => LISTS.every((list) => seen[list].size > 40);
    for (let round = 0; round < 12 || !isEnough(); round += 1) {
      for (const list of LISTS) {
        const { ids, completeUntil } = await readOn(waypost, list, from[list].toISOString());
        for (const id of ids) seen[list].add(id);
        expect(Date.parse(completeUntil)).toBeLessThanOrEqual(Date.now());
        from[list] = new Date(completeUntil);
      }
    }
    await traffic.stop();
    expect(traffic.others).toEqual(new Map());
    await until(() =>
      readOn(waypost, "clicks", new Date(0).toISOString()).then(({ ids }) => ids.length === traffic.clicks.length),
    );
    for (const list of LISTS) {
      const { ids } = await readOn(waypost, list, new Date(0).toISOString());
      const before = from[list].getTime();
      const early = ids.filter((id) => list !== "conversions" && Number.parseInt(id.slice(0, 12), 16) < before);
      expect(early.filter((id) => !seen[list].has(id))).toEqual([]);
    }
  });

  it("is told of a moment that is hardly behind the clock when nothing waits", async () => {
    for (let round = 0; round < 3; round += 1) {
      const asked = Date.now();
      await until(async () => {
        const { completeUntil } = await readOn(waypost, "clicks", new Date(asked).toISOString());
        return Date.parse(completeUntil) >= asked;
      });
    }
  });
});

describe("While a tracker has no database", () => {
  let mariaDb: MariaDb;
  let waypost: Waypost;
  beforeAll(async () => {
    mariaDb = await startOwnMariaDb();
    waypost = await startWaypost("MySQL", { environment: { DATABASE_URL: `${mariaDb.url}/waypost` } });
  });
  afterAll(async () => {
    await waypost.close();
    await mariaDb.remove();
  });

  it("what its journal holds counts as still to come, until it is loaded", async () => {
    const flow = await waypost.seedFlow();
    await waypost.click(flow.key);
    await mariaDb.stop();
    const beganAt = Date.now();
    const click = await waypost.click(flow.key);
    expect((await waypost.postback({ click })).body).toMatchObject({ status: 202, code: "ACCEPTED" });
    await mariaDb.start();
    await until(async () => {
      const { ids, completeUntil } = await readOn(waypost, "postbackLogs", new Date(0).toISOString());
      if (ids.length === 0) expect(Date.parse(completeUntil)).toBeLessThanOrEqual(beganAt);
      return ids.length > 0 && Date.parse(completeUntil) > beganAt;
    });
  });
});
