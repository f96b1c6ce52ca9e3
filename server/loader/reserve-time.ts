import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type SteadyClock } from "../kit/steady-clock.js";

const FILE = "time";

/**
 * Keeps beside a journal how far its tracker's time has come, so that it does not go back over a restart either: others may
 * have been told that all from before is stored.
 */
export function reserveTime(folder: string, clock: SteadyClock): { keep(): void } {
  const file = join(folder, FILE);
  try {
    clock.raise(Number(readFileSync(file, "utf8")) || 0);
  } catch {
    // It is the first start here.
  }
  return {
    keep: () => {
      // If the disk is full the clock itself has to do.
      writeFile(file, String(clock.now()), { mode: 0o600 }).catch(() => {});
    },
  };
}
