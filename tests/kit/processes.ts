import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inject } from "vitest";
import { ownPort } from "../../scripts/ports.ts";
import { until } from "./until.js";
import { type DatabaseName } from "./waypost.js";

export type Environment = Record<string, string>;

/** A built program of Waypost's, running by itself. */
export interface WaypostProcess {
  pid: number;
  /** What it and its children have printed for the operator and logged so far. */
  stdout: string;
  stderr: string;
  /** What of `stderr` is no log line: the words of a start that failed. */
  words(): string[];
  /** Sends a signal to it alone. */
  kill(signal: NodeJS.Signals): void;
  /** Sends a signal to it and its children at once, as a terminal does. */
  killGroup(signal: NodeJS.Signals): void;
  /** Resolves when it and everything that writes to its output has ended. */
  ended(): Promise<{ code: number | null; signal: string | null }>;
  /** The pids of its children that are running now; with a name only those that run that program. */
  children(name?: string): number[];
}

/** What every process of the tests gets: by the mark it is found when the run is interrupted. */
const { PATH, NODE_COMPILE_CACHE, WAYPOST_TEST_RUN } = process.env;
const OF_THE_RUN = { PATH, NODE_COMPILE_CACHE, WAYPOST_TEST_RUN };

const started = new Set<ChildProcess>();
const folders = new Set<string>();

/** An environment for an empty system of its own: its data directory, its database, free ports on loopback. */
export async function freshEnvironment(database: DatabaseName, more: Environment = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "waypost-process-"));
  folders.add(dataDir);
  return {
    DATA_DIR: dataDir,
    HOST: "127.0.0.1",
    API_PORT: String(await ownPort()),
    TRACKER_PORT: String(await ownPort()),
    ...(database === "MySQL" ? { DATABASE_URL: `${inject("mysqlUrl")}/test_${randomUUID().replaceAll("-", "")}` } : {}),
    ...more,
  };
}

/** Starts `dist/server/{name}.js` with this environment and nothing else of ours, in the folder `cwd` or in this one. */
export function launch(name: "main" | "api" | "tracker", environment: Environment, cwd?: string): WaypostProcess {
  return launchCommand([process.execPath, resolve(`dist/server/${name}.js`)], environment, cwd);
}

/** Starts any command in the same way. */
export function launchCommand(
  [command = "", ...words]: string[],
  environment: Environment,
  cwd?: string,
): WaypostProcess {
  const child = spawn(command, words, {
    cwd,
    env: { ...OF_THE_RUN, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  started.add(child);
  const closed = once(child, "close").finally(() => started.delete(child));
  const pid = child.pid as number;
  const running: WaypostProcess = {
    pid,
    stdout: "",
    stderr: "",
    words: () => running.stderr.split("\n").filter((line) => line !== "" && !line.startsWith("{")),
    kill: (signal) => void child.kill(signal),
    killGroup: (signal) => void process.kill(-pid, signal),
    ended: async () => {
      const [code, signal] = await closed;
      return { code, signal };
    },
    children: (name = "") => childrenOf(pid).filter((child) => commandOf(child).includes(name)),
  };
  child.stdout.on("data", (data) => {
    running.stdout += data;
  });
  child.stderr.on("data", (data) => {
    running.stderr += data;
  });
  return running;
}

/** Launches a program and waits until the servers it is responsible for are ready. */
export async function start(
  name: "main" | "api" | "tracker",
  environment: Environment,
  cwd?: string,
): Promise<WaypostProcess> {
  const running = launch(name, environment, cwd);
  const ports = [
    ...(name === "tracker" ? [] : [environment.API_PORT]),
    ...(name === "api" ? [] : [environment.TRACKER_PORT]),
  ];
  let hasEnded = false;
  void running.ended().then(() => {
    hasEnded = true;
  });
  await until(
    async () => {
      if (hasEnded) throw new Error(`The ${name} ended:\n${running.stdout}\n${running.stderr}`);
      const isReady = await Promise.all(ports.map((port) => answers(`http://127.0.0.1:${port}/readyz`)));
      return isReady.every(Boolean) && (name !== "main" || running.stdout.includes("Waypost is running"));
    },
    () => `${name} to be ready:\n${running.stdout}\n${running.stderr}`,
  );
  return running;
}

/** Ends what a test has left running, with its process group, and removes the data directories. */
export async function cleanUp(): Promise<void> {
  for (const child of started) {
    const closed = once(child, "close");
    try {
      process.kill(-(child.pid as number), "SIGKILL");
    } catch {
      continue; // It has ended by itself meanwhile.
    }
    await closed;
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

/** Whether a process is running (one that has ended but was not waited for yet is not). */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { headers: { connection: "close" } }).then(
    (response) => response.ok,
    () => false,
  );
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** The pids of a process's children that are running now. */
export function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        const [, parent] = /^\d+ \(.*\) \S (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
        return Number(parent) === pid;
      } catch {
        return false;
      }
    })
    .map(Number)
    .filter(isRunning);
}
