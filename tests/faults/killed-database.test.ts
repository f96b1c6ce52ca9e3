import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type MariaDb } from "../../scripts/mariadb.ts";
import { seenAfterKills } from "../kit/after-kills.js";
import { seededRandom } from "../kit/chi-square.js";
import { FAULT_SEED, ROUNDS, timeOf } from "../kit/fault-rounds.js";
import { KEY, missingOf, prepareLoad, startLoad } from "../kit/load.js";
import { startOwnMariaDb } from "../kit/mariadb.js";
import { cleanUp, type Environment, freshEnvironment, launch, start, type WaypostProcess } from "../kit/processes.js";
import { until } from "../kit/until.js";
import { PASSWORD } from "../kit/waypost.js";

const random = seededRandom(FAULT_SEED);
const SETTINGS = { ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: "warn" };

afterEach(cleanUp);

describe("A database that is killed under load", () => {
  it(
    "fails no visitor and no advertiser, and has all of them in the end, round after round",
    async ({ task }) => {
      const mariaDb = await startOwnMariaDb();
      const environment = await freshEnvironment("SQLite", { ...SETTINGS, DATABASE_URL: `${mariaDb.url}/waypost` });
      await start("api", environment);
      const ask = await prepareLoad(environment);
      await start("tracker", environment);
      const clicks: string[] = [];
      const converted: string[] = [];
      const kills = { database: Math.ceil(ROUNDS / 2) };
      for (let round = 0; round < kills.database; round += 1) {
        const load = startLoad(environment);
        await load.answered(50 + random() * 150);
        await mariaDb.kill();
        await sleep(random() * 2000);
        await mariaDb.start();
        await load.answered(300);
        const seen = await load.stop();
        expect(seen.failures).toEqual([]);
        clicks.push(...seen.clicks);
        converted.push(...seen.converted);
      }
      const isAllThere = () =>
        missingOf(ask, clicks, converted).then(
          (missing) => missing.length === 0,
          () => false,
        );
      await until(isAllThere);
      const told = { kills, clicks, reported: new Set(converted.map((hash) => `${hash} `)) };
      task.meta.faults = await seenAfterKills(ask, environment, told);
      expect(task.meta.faults).toMatchObject({ missing: 0, twice: 0 });
      await cleanUp();
      await mariaDb.remove();
    },
    timeOf(ROUNDS),
  );
});

describe("A start without the database", () => {
  let mariaDb: MariaDb;

  it("redirects and takes postbacks as before, and all is stored when the database comes", async () => {
    mariaDb = await startOwnMariaDb();
    const DATABASE_URL = `${mariaDb.url}/waypost`;
    const environment = await freshEnvironment("SQLite", { ...SETTINGS, DATABASE_URL, LOG_LEVEL: "info" });
    const first = await start("main", environment);
    await prepareLoad(environment);
    const tracker = `http://127.0.0.1:${environment.TRACKER_PORT}`;
    await until(async () => (await fetch(`${tracker}/c/load`, { method: "HEAD", redirect: "manual" })).status === 302);
    await until(async () => (await fetch(`${tracker}/postback/${KEY}?click=x`)).status === 404);
    first.kill("SIGTERM");
    await first.ended();
    await mariaDb.stop();

    const second = await start("tracker", environment);
    const redirect = await fetch(`${tracker}/c/load`, { redirect: "manual" });
    const click = new URL(redirect.headers.get("location") ?? "").searchParams.get("click") ?? "";
    const postback = await fetch(`${tracker}/postback/${KEY}?click=${click}&status=approved`);
    expect([postback.status, await postback.json()]).toMatchObject([202, { code: "ACCEPTED" }]);
    expect((await fetch(`${tracker}/c/never-heard-of`)).status).toBe(503);
    second.kill("SIGTERM");
    expect(await second.ended()).toEqual({ code: 0, signal: null });

    const third = await startWithoutApi(environment);
    const another = await fetch(`${tracker}/c/load`, { redirect: "manual" });
    expect(another.status).toBe(302);
    await mariaDb.start();
    await until(async () => (await fetch(`${tracker}/postback/${KEY}?click=${click}&status=approved`)).status === 200);
    await until(() =>
      fetch(`http://127.0.0.1:${environment.API_PORT}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    expect(third.stdout).toContain("Waypost is running");
    third.kill("SIGTERM");
    expect(await third.ended()).toEqual({ code: 0, signal: null });
    await mariaDb.remove();
  });

  /** `npm start` while the database is away: only the tracker is ready. */
  async function startWithoutApi(environment: Environment): Promise<WaypostProcess> {
    const main = launch("main", environment);
    await until(() => main.stdout.includes("Waypost is running"));
    return main;
  }
});
