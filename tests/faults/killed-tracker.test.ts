import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { seenAfterKills } from "../kit/after-kills.js";
import { seededRandom } from "../kit/chi-square.js";
import { FAULT_SEED, ROUNDS, timeOf } from "../kit/fault-rounds.js";
import { missingOf, prepareLoad, startLoad } from "../kit/load.js";
import { cleanUp, type Environment, freshEnvironment, start, type WaypostProcess } from "../kit/processes.js";
import { until } from "../kit/until.js";
import { databases, PASSWORD } from "../kit/waypost.js";

const random = seededRandom(FAULT_SEED);
const SETTINGS = { ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: "warn" };

afterEach(cleanUp);

const metricsOf = async ({ TRACKER_PORT }: Environment) =>
  (await fetch(`http://127.0.0.1:${TRACKER_PORT}/metrics`, { headers: { connection: "close" } })).text();

describe.each(databases)("A tracker that is killed under load, on %s", (database) => {
  it(
    `has lost no click it redirected and no postback it took, at whatever moment, round after round (FAULT_SEED=${FAULT_SEED})`,
    async ({ task }) => {
      const environment = await freshEnvironment(database, SETTINGS);
      await start("api", environment);
      const ask = await prepareLoad(environment);
      const clicks: string[] = [];
      const converted: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const tracker: WaypostProcess = await start("tracker", environment);
        const load = startLoad(environment);
        await load.answered(50 + random() * 150);
        await sleep(random() * 20);
        tracker.kill("SIGKILL");
        await tracker.ended();
        const seen = await load.stop();
        clicks.push(...seen.clicks);
        converted.push(...seen.converted);
      }
      expect(clicks.length).toBeGreaterThanOrEqual(ROUNDS * 25);
      expect(new Set(clicks).size).toBe(clicks.length);
      // What was still in the journal is loaded by the next that starts.
      await start("tracker", environment);
      await until(async () => (await missingOf(ask, clicks, converted)).length === 0);
      const told = { kills: { tracker: ROUNDS }, clicks, reported: new Set(converted.map((hash) => `${hash} `)) };
      task.meta.faults = await seenAfterKills(ask, environment, told);
      expect(task.meta.faults).toMatchObject({ missing: 0, twice: 0 });
    },
    timeOf(ROUNDS),
  );

  it("is one of several on a port: its journal is taken over, the others go on, and one is started in its place", async () => {
    const settings = { ...SETTINGS, LOG_LEVEL: "info", TRACKER_WORKERS: "3" };
    const environment = await freshEnvironment(database, settings);
    await start("api", environment);
    const ask = await prepareLoad(environment);
    const tracker = await start("tracker", environment);
    await until(() => tracker.stderr.match(/"Ready\."/g)?.length === 3);
    expect(tracker.children("tracker-worker.js")).toHaveLength(3);
    const load = startLoad(environment);
    await load.answered(200);
    const [killed = 0] = tracker.children("tracker-worker.js");
    process.kill(killed, "SIGKILL");
    const { clicks, converted } = await load.stop();
    await until(() => tracker.children("tracker-worker.js").length === 3);
    await until(async () => (await missingOf(ask, clicks, converted)).length === 0);
    const slots = readdirSync(join(environment.DATA_DIR, "journal")).filter((name) => /^\d\d$/.test(name));
    expect(slots.length).toBeGreaterThanOrEqual(3);
    tracker.kill("SIGTERM");
    expect(await tracker.ended()).toEqual({ code: 0, signal: null });
  });

  it("adds up the numbers of all that share its port", async () => {
    const environment = await freshEnvironment(database, { ...SETTINGS, TRACKER_WORKERS: "2" });
    await start("api", environment);
    await prepareLoad(environment);
    await start("tracker", environment);
    const headers = { connection: "close" };
    const url = `http://127.0.0.1:${environment.TRACKER_PORT}/c/load`;
    for (let visit = 0; visit < 40; visit += 1) await fetch(url, { redirect: "manual", headers });
    // A worker that is too busy to tell its numbers is left out for the moment.
    await until(async () => /^clicks_total\{answer="REDIRECTED"\} 40$/m.test(await metricsOf(environment)));
  });
});
