import { afterEach, describe, expect, it } from "vitest";
import { readConfig } from "../../server/config.js";
import { seededRandom } from "../kit/chi-square.js";
import { type DatabaseDoor, openDatabaseDoor } from "../kit/database-door.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { FAULT_SEED, ROUNDS, timeOf } from "../kit/fault-rounds.js";
import { KEY, prepareLoad } from "../kit/load.js";
import { cleanUp, type Environment, freshEnvironment, launch, start, type WaypostProcess } from "../kit/processes.js";
import { readOn } from "../kit/read-on.js";
import { until } from "../kit/until.js";
import { PASSWORD, type Waypost } from "../kit/waypost.js";

const CLICKS = 300;

/** How both trackers end, and what stands still when the database is back. */
interface Order {
  ends: [NodeJS.Signals, NodeJS.Signals];
  /** Whether the database goes away before they end, or after. */
  outageFirst: boolean;
  frozen: "clicks" | "postbacks" | "none";
}

const orders: Order[] = (["SIGTERM", "SIGKILL"] as const).flatMap((first) =>
  (["SIGTERM", "SIGKILL"] as const).flatMap((second) =>
    [false, true].flatMap((outageFirst) =>
      (["clicks", "none", "postbacks"] as const).map((frozen) => ({
        ends: [first, second] as Order["ends"],
        outageFirst,
        frozen,
      })),
    ),
  ),
);
/** The one that called 192 of 300 unknown first. */
const WORST: Order = { ends: ["SIGTERM", "SIGTERM"], outageFirst: false, frozen: "clicks" };

describe("Clicks at one tracker and their postbacks at the other", () => {
  let door: DatabaseDoor;
  let facts: Facts;
  afterEach(async () => {
    await facts?.close();
    await cleanUp();
    await door.shut();
  });

  it(
    `6.12 6.13 are ${CLICKS} conversions each time, in whatever order both end, start, freeze and lose their database (FAULT_SEED=${FAULT_SEED})`,
    async () => {
      const random = seededRandom(FAULT_SEED);
      door = await openDatabaseDoor();
      const environment = await freshEnvironment("MySQL", { ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: "warn" });
      const ofTracker = async () => ({
        ...(await freshEnvironment("SQLite")),
        LOG_LEVEL: "warn",
        DATABASE_URL: door.url + new URL(environment.DATABASE_URL ?? "").pathname,
      });
      await start("api", environment);
      const ask = await prepareLoad(environment);
      facts = await openFacts({ config: readConfig(environment) } as Waypost);
      const environments: [Environment, Environment] = [await ofTracker(), await ofTracker()];
      const [clicksPort, postbacksPort] = environments.map(({ TRACKER_PORT }) => TRACKER_PORT);
      let trackers = await startBoth(environments);

      const seen = new Set<string>();
      const clicks: string[] = [];
      let from = new Date(0);
      const readFurther = async () => {
        const { ids, completeUntil } = await readOn({ ask } as Waypost, "clicks", from.toISOString());
        for (const id of ids) seen.add(id);
        from = new Date(completeUntil);
      };
      const reported = async () => {
        const rows = (await facts.execute("select seen_at from journal_writer order by id")) as { seen_at: number }[];
        return rows.map((row) => Number(row.seen_at));
      };

      const some = [
        WORST,
        ...Array.from({ length: ROUNDS }, () => orders[Math.floor(random() * orders.length)] as Order),
      ];
      for (const order of some) {
        const { ends, outageFirst, frozen } = order;
        if (outageFirst) await door.shut();
        for (const [index, tracker] of trackers.entries()) {
          tracker.kill(ends[index] as NodeJS.Signals);
          await tracker.ended();
        }
        if (!outageFirst) await door.shut();
        trackers = await startBoth(environments);

        const fresh = await inParts(Array(CLICKS).fill(`/c/load`), clicksPort, async (response) => {
          expect(response.status).toBe(302);
          return new URL(response.headers.get("location") ?? "").searchParams.get("click") as string;
        });
        clicks.push(...fresh);
        const postback = (hash: string) => `/postback/${KEY}?click=${hash}&status=approved&revenue=1`;
        const acknowledged = async (response: Response) => expect([200, 202]).toContain(response.status);
        await inParts(fresh.slice(CLICKS / 2).map(postback), postbacksPort, acknowledged);

        const [clicksTracker, postbacksTracker] = trackers as [WaypostProcess, WaypostProcess];
        if (frozen === "clicks") clicksTracker.kill("SIGSTOP");
        if (frozen === "postbacks") postbacksTracker.kill("SIGSTOP");
        const before = Math.max(...(await reported()));
        await door.open();
        // Whoever is not frozen is back, and has reported more than once.
        await until(async () => {
          await readFurther();
          return Math.max(...(await reported())) > before + 1000;
        });
        if (frozen === "postbacks") postbacksTracker.kill("SIGCONT");
        await inParts(fresh.slice(0, CLICKS / 2).map(postback), postbacksPort, acknowledged);
        await readFurther();
        if (frozen === "clicks") clicksTracker.kill("SIGCONT");

        const stored = async () => (await ask("{ conversions { totalCount } }")).conversions.totalCount;
        await until(
          async () => {
            await readFurther();
            return (await stored()) === clicks.length;
          },
          () => `all conversions after ${JSON.stringify(order)}`,
        );
        const { unknown } = await ask(`{ unknown: postbackLogs(filter: { code: "CLICK_UNKNOWN" }) { totalCount } }`);
        expect({ order, unknown: unknown.totalCount }).toEqual({ order, unknown: 0 });
      }
      await until(async () => {
        await readFurther();
        return from.getTime() > Math.max(...clicks.map((hash) => Number.parseInt(hash.slice(0, 12), 16)));
      });
      expect(clicks.filter((hash) => !seen.has(hash))).toEqual([]);
    },
    timeOf(ROUNDS),
  );
});

/** Starts both; without the database that takes its time. */
async function startBoth(environments: Environment[]): Promise<WaypostProcess[]> {
  const trackers = environments.map((environment) => launch("tracker", environment));
  for (const [index, { TRACKER_PORT }] of environments.entries()) {
    await until(
      () =>
        fetch(`http://127.0.0.1:${TRACKER_PORT}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      () => `tracker ${index}:\n${trackers[index]?.stderr}`,
    );
  }
  return trackers;
}

/** Asks for all paths, a few at a time. */
async function inParts<T>(paths: string[], port: string | undefined, take: (response: Response) => Promise<T>) {
  const taken: T[] = [];
  for (let first = 0; first < paths.length; first += 30) {
    const part = paths.slice(first, first + 30).map(async (path) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual" });
      const value = await take(response);
      await response.arrayBuffer();
      return value;
    });
    taken.push(...(await Promise.all(part)));
  }
  return taken;
}
