import { readFileSync } from "node:fs";

/**
 * How many files and connections this process may have open at once; Node has raised it as far as the system lets it. Infinity where
 * the system does not say.
 */
export function openFilesMax(limitsFile = "/proc/self/limits"): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(limitsFile, "utf8")) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
