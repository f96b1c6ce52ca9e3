import { afterEach, describe, expect, it } from "vitest";
import { type MariaDb } from "../../scripts/mariadb.ts";
import { readConfig } from "../../server/config.js";
import { seenAfterKills, type Told } from "../kit/after-kills.js";
import { seededRandom } from "../kit/chi-square.js";
import { FAULT_SEED, ROUNDS, timeOf } from "../kit/fault-rounds.js";
import { KEY, missingOf, prepareLoad } from "../kit/load.js";
import { startOwnMariaDb } from "../kit/mariadb.js";
import { cleanUp, type Environment, freshEnvironment, launch, start, type WaypostProcess } from "../kit/processes.js";
import { startTraffic, type Traffic } from "../kit/traffic.js";
import { until } from "../kit/until.js";
import { databases, PASSWORD } from "../kit/waypost.js";

/** More than one, so that one fault comes upon the traces of another. */
const KILLS = ROUNDS + 1;
/** Everything is counted after so many. */
const KILLS_BETWEEN_COUNTS = Math.min(10, KILLS);
/** Visitors who were sent on since the last kill, before the traffic ends. */
const VISITS_AFTER = 20;

describe.each(databases)("Kills at random moments, on %s", (database) => {
  let mariaDb: MariaDb | null = null;
  afterEach(async () => {
    await cleanUp();
    await mariaDb?.remove();
    mariaDb = null;
  });

  it(
    `lose nothing that was answered and double nothing, ${KILLS} times (FAULT_SEED=${FAULT_SEED})`,
    async ({ task }) => {
      const random = seededRandom(FAULT_SEED);
      mariaDb = database === "MySQL" ? await startOwnMariaDb() : null;
      const environment = await freshEnvironment("SQLite", {
        ADMIN_PASSWORD: PASSWORD,
        LOG_LEVEL: "fatal",
        ...(mariaDb ? { DATABASE_URL: `${mariaDb.url}/faults` } : {}),
      });
      let main = await start("main", environment);
      const ask = await prepareLoad(environment);
      const told = {
        kills: {} as Told["kills"],
        clicks: [] as string[],
        reported: new Set<string>(),
        attempted: new Set(),
      };

      for (let done = 0; done < KILLS; done += KILLS_BETWEEN_COUNTS) {
        const traffic = startTraffic({
          trackerUrl: `http://127.0.0.1:${environment.TRACKER_PORT}`,
          flowKey: "load",
          postbackKey: KEY,
          random,
        });
        for (let kill = 0; kill < KILLS_BETWEEN_COUNTS; kill += 1) {
          await pause(100 + random() * 1200);
          const victim = chooseVictim(random(), mariaDb !== null);
          told.kills[victim] = (told.kills[victim] ?? 0) + 1;
          main = await strike(victim, main, environment, mariaDb, random);
        }
        const visits = traffic.clicks.length + VISITS_AFTER;
        await until(() => traffic.clicks.length > visits);
        await traffic.stop();
        remember(told, traffic);
        await until(() => isReady(environment));
        await until(async () => (await missingOf(ask, traffic.clicks, [])).length === 0);
        const conversions = async () => (await ask("{ conversions { totalCount } }")).conversions.totalCount;
        await until(async () => (await conversions()) >= told.reported.size);
        expect(await conversions()).toBeLessThanOrEqual(told.attempted.size);
        task.meta.faults = await seenAfterKills(ask, environment, told);
        expect(task.meta.faults).toMatchObject({ missing: 0, twice: 0 });
      }
    },
    timeOf(KILLS),
  );
});

const victims = ["tracker", "everything", "end", "database"] as const;
type Victim = (typeof victims)[number];

function chooseVictim(chance: number, hasServer: boolean): Victim {
  return victims[Math.floor(chance * (hasServer ? victims.length : victims.length - 1))] as Victim;
}

/** Kills one part, or ends all as an operator does, and starts it again. @returns the supervisor that runs now. */
async function strike(
  victim: Victim,
  main: WaypostProcess,
  environment: Environment,
  mariaDb: MariaDb | null,
  random: () => number,
): Promise<WaypostProcess> {
  if (victim === "tracker") {
    for (const pid of main.children("tracker.js")) process.kill(pid, "SIGKILL");
    return main;
  }
  if (victim === "database") {
    await mariaDb?.kill();
    await pause(random() * 1500);
    await mariaDb?.start();
    return main;
  }
  if (victim === "everything") main.killGroup("SIGKILL");
  else main.kill("SIGTERM");
  await main.ended();
  const next = launch("main", environment);
  await until(
    () => isReady(environment),
    () => `a start after a kill:\n${next.stderr}`,
  );
  return next;
}

async function isReady(environment: Environment): Promise<boolean> {
  const { apiPort, trackerPort } = readConfig(environment);
  const answers = await Promise.all(
    [apiPort, trackerPort].map((port) =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    ),
  );
  return answers.every(Boolean);
}

function remember(told: Told & { attempted: Set<unknown> }, traffic: Traffic): void {
  told.clicks.push(...traffic.clicks);
  expect(new Set(told.clicks).size).toBe(told.clicks.length);
  for (const identity of traffic.reported) told.reported.add(identity);
  for (const identity of traffic.attempted) told.attempted.add(identity);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
