import { readdirSync, readFileSync } from "node:fs";
import { median } from "./load.ts";
import { type BenchOptions, startSeeded } from "./seed.ts";
import { startWaypost } from "./waypost.ts";

const ROUNDS = 3;
const KB_PER_MB = 1024;

/** Seconds from `npm start`, built, until both servers are ready, and the memory of its processes then, with many clicks stored. */
export async function startUp(options: BenchOptions): Promise<object> {
  const seeded = await startSeeded(options, options.clicks);
  try {
    const seconds: number[] = [];
    const rssMb: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const began = performance.now();
      const waypost = await startWaypost("main", seeded.environment);
      seconds.push((performance.now() - began) / 1000);
      rssMb.push(memoryOf(waypost.pid));
      await waypost.stop();
    }
    return { seconds: median(seconds), rssMb: median(rssMb) };
  } finally {
    await seeded.stop();
  }
}

/** Resident memory of a process and all below it, in MB; pages that they share are counted for each. */
function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const own = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / KB_PER_MB;
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
  return children.reduce((sum, child) => sum + memoryOf(child), own);
}
