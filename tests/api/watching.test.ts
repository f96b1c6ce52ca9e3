import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../kit/chi-square.js";
import { LISTS, readOn } from "../kit/read-on.js";
import { startTraffic } from "../kit/traffic.js";
import { until } from "../kit/until.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("A developer who reads on from completeUntil, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database);
  });
  afterAll(() => waypost.close());

  it("misses nothing, while clicks and postbacks come in", async () => {
    const flow = await waypost.seedFlow();
    const { trackerUrl, postbackKey } = waypost;
    const random = seededRandom(11);
    const traffic = startTraffic({ trackerUrl, flowKey: flow.key, postbackKey, visitors: 4, advertisers: 4, random });
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
