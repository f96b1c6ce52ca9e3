import { readdirSync, readFileSync } from "node:fs";

const KB_PER_MB = 1024;

/** Resident memory of a process alone, in MB; pages that it shares with others are counted. */
export function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / KB_PER_MB;
}

/** The processes that a process has started. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

/** The process below one that runs a file of this name. */
export function childRunning(pid: number, file: string): number {
  const child = childrenOf(pid).find((each) => readFileSync(`/proc/${each}/cmdline`, "utf8").includes(file));
  if (!child) throw new Error(`No process below ${pid} runs ${file}.`);
  return child;
}
