import { type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger } from "pino";
import { type Config, handOn } from "./config.js";
import { type Ask, type Channel, connectCalls } from "./kit/calls.js";
import { joinNumbers, type Numbers } from "./kit/metrics.js";
import { beforeEnd } from "./kit/process.js";
import { createSupervisor } from "./kit/supervise.js";
import { checkPort, type ListenSetting } from "./start.js";

/** How long a worker has to tell its numbers, in milliseconds. */
const NUMBERS_MS = 1000;
const WORKER_FILE = new URL("./tracker-worker.js", import.meta.url);

/** What one of several trackers can be asked. */
export interface WorkerCalls {
  numbers(): Promise<Numbers>;
}

/** What it can ask. */
export interface SupervisorCalls {
  /** The numbers of all trackers on its port, joined. */
  metrics(): Promise<string>;
}

/**
 * Runs several trackers on one port, each a process with a journal of its own, among which the system divides the connections.
 *
 * @throws StartError when the port cannot be had, or one of them does not become ready
 */
export async function superviseWorkers(config: Config, setting: ListenSetting, log: Logger): Promise<void> {
  await checkPort(setting, log);
  const workers = new Map<ChildProcess, Ask<WorkerCalls>>();
  const calls: SupervisorCalls = {
    metrics: async () => joinNumbers(await Promise.all([...workers.values()].map(numbersOf))),
  };
  const { start, stop } = createSupervisor(log, {
    ...handOn(),
    started: (child) => {
      workers.set(child, connectCalls<WorkerCalls>(channelTo(child), calls));
      child.once("exit", () => workers.delete(child));
    },
  });
  beforeEnd(stop);
  try {
    const names = Array.from({ length: config.trackerWorkers }, (_, index) => `tracker ${index + 1}`);
    await Promise.all(names.map((name) => start(name, WORKER_FILE)));
  } catch (error) {
    await stop();
    throw error;
  }
  if (process.connected) process.send?.("ready");
}

/** A worker that is about to end, or too busy, is left out. */
function numbersOf(ask: Ask<WorkerCalls>): Promise<Numbers> {
  return Promise.race([ask("numbers", undefined), sleep(NUMBERS_MS, [])]);
}

/** A channel to another process; what is sent to one that ends at this moment is lost. */
export function channelTo(other: Pick<ChildProcess, "send" | "on"> | NodeJS.Process): Channel {
  return {
    send: (message) => void (other as ChildProcess).send?.(message as object, () => {}),
    listen: (listener) =>
      void (other as ChildProcess).on("message", (message) => message !== "ready" && listener(message as never)),
  };
}
