import { setTimeout as sleep } from "node:timers/promises";
import { load, median, type Round, sum } from "./load.ts";
import { countClicks, makeFlow } from "./redirect.ts";
import { type BenchOptions } from "./seed.ts";
import { startEmpty } from "./waypost.ts";

const ROUNDS = 3;
const SECONDS = 4;

/** Redirects a second while the database is stopped, against those while it runs; then it is started and the clicks are counted. */
export async function redirectDatabaseDown({ database }: BenchOptions): Promise<object> {
  if (database === "sqlite") return { skipped: "SQLite is no server that could be stopped." };
  const waypost = await startEmpty(database);
  const { ask, mariaDb, trackerUrl } = waypost;
  try {
    const url = await makeFlow(ask, trackerUrl);
    await load(url, 1);
    const before = await countClicks(waypost);
    const up: Round[] = [];
    const mixed: Round[] = [];
    const down: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      up.push(await load(url, SECONDS));
      // Half of this round sees it running, the other half stopped.
      const halfUp = load(url, SECONDS);
      await sleep((SECONDS * 1000) / 2);
      await mariaDb?.stop();
      mixed.push(await halfUp);
      down.push(await load(url, SECONDS));
      await mariaDb?.start();
    }
    const all = [...up, ...mixed, ...down];
    const stored = (await countClicks(waypost)) - before;
    return {
      ratioToUp: median(down.map(({ rps }) => rps)) / median(up.map(({ rps }) => rps)),
      failed: sum(all.map(({ failed }) => failed)),
      lost: Math.max(sum(all.map(({ requests }) => requests)) - stored, 0),
    };
  } finally {
    await waypost.stop();
  }
}
