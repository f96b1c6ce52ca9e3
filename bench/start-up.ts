import { median } from "./load.ts";
import { childrenOf, residentMb } from "./processes.ts";
import { type BenchOptions, startSeeded } from "./seed.ts";
import { startWaypost } from "./waypost.ts";

const ROUNDS = 3;

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

/** Memory of a process and all below it. */
function memoryOf(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), residentMb(pid));
}
