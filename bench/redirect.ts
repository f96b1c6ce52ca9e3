import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMariaDb } from "../scripts/mariadb.ts";
import { type BenchOptions } from "./seed.ts";
import { type Ask, start, startWaypost, stop } from "./waypost.ts";
import { load, median } from "./wrk.ts";

const ROUNDS = 5;
const SECONDS = 4;

/** Redirects a second with everything a click takes, against a bare Fastify redirect without storage; then counts the clicks. */
export async function redirect({ database }: BenchOptions): Promise<object> {
  const dataDir = mkdtempSync(join(tmpdir(), "waypost-bench-"));
  const mariaDb = database === "mysql" ? await startMariaDb() : null;
  const waypost = await startWaypost("main", {
    DATA_DIR: dataDir,
    ...(mariaDb ? { DATABASE_URL: `${mariaDb.url}/bench` } : {}),
  });
  const { ask } = waypost;
  const bare = start(new URL("./bare.ts", import.meta.url), {});
  try {
    const [barePort] = await once(bare, "message");
    await ask(`mutation { createFlow(input: { key: "bench", name: "Bench", paths: [
      { url: "https://a.example/?click={click}&s={sub_id}&c={country}", weight: 70 }, { url: "https://b.example/?click={click}", weight: 30 }] }) { id } }`);
    const url = `${waypost.trackerUrl}/c/bench?sub_id=zone-7&utm_source=google`;
    await load(url, 1);
    const before = await countClicks(ask);
    const [ours, theirs] = [[], []] as [Awaited<ReturnType<typeof load>>[], Awaited<ReturnType<typeof load>>[]];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await load(url, SECONDS));
      theirs.push(await load(`http://127.0.0.1:${barePort}/c/bench`, SECONDS));
    }
    const stored = (await countClicks(ask)) - before;
    const rps = median(ours.map((round) => round.rps));
    const bareRps = median(theirs.map((round) => round.rps));
    return {
      ratioToBare: rps / bareRps,
      rps,
      bareRps,
      p99Ms: median(ours.map((round) => round.p99Ms)),
      bareP99Ms: median(theirs.map((round) => round.p99Ms)),
      failed: ours.reduce((sum, round) => sum + round.failed, 0),
      lost: Math.max(ours.reduce((sum, round) => sum + round.requests, 0) - stored, 0),
    };
  } finally {
    await Promise.all([waypost.stop(), stop(bare)]);
    await mariaDb?.remove();
    rmSync(dataDir, { recursive: true });
  }
}

async function countClicks(ask: Ask): Promise<number> {
  return (await ask("{ clicks(perPage: 1) { totalCount } }")).clicks.totalCount;
}
