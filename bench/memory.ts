import { setTimeout as sleep } from "node:timers/promises";
import { load } from "./load.ts";
import { childRunning, residentMb } from "./processes.ts";
import { makeFlow } from "./redirect.ts";
import { type BenchOptions } from "./seed.ts";
import { startEmpty } from "./waypost.ts";

const SAMPLES = 60;

/** A tracker's memory at full load while its database is stopped: the largest, and by how much it moves once it is warm. */
export async function memory({ database, seconds }: BenchOptions): Promise<object> {
  if (database === "sqlite") return { skipped: "SQLite is no server that could be stopped." };
  const waypost = await startEmpty(database);
  try {
    const tracker = childRunning(waypost.pid, "tracker.js");
    const url = await makeFlow(waypost.ask, waypost.trackerUrl);
    const idleMb = residentMb(tracker);
    await load(url, 2);
    await waypost.mariaDb?.stop();
    const loading = load(url, seconds);
    const seen: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      await sleep((seconds * 1000) / SAMPLES);
      seen.push(residentMb(tracker));
    }
    const { rps, failed } = await loading;
    const warm = seen.slice(SAMPLES / 10);
    const [least, most] = [Math.min(...warm), Math.max(...warm)];
    const middle = (least + most) / 2;
    return { idleMb, mostMb: Math.max(...seen), plusMinus: (most - middle) / middle, seconds, rps, failed };
  } finally {
    await waypost.kill();
  }
}
