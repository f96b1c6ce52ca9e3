import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger } from "pino";
import { StartError } from "./process.js";

/** A process that dies is started again after this pause, doubled while it keeps dying. */
const RESTART_MS = 500;
const RESTART_MS_MAX = 30_000;
/** Having lived so long it is forgiven. */
const STABLE_MS = 60_000;

/**
 * Settings of our processes. Of a request nothing is left a moment later: V8 need not keep 48 MiB a thread for new things. And
 * of the C library's memory two parts are enough for all threads. Redirects are as many (docs/benchmarks.md), memory is half;
 * smaller still, or old things looked through more often, costs the loader much and visitors with it.
 */
export const NODE_FLAGS = ["--max-semi-space-size=8"];
/** The same in the environment, which the scripts of package.json set. */
export const NODE_ENVIRONMENT = { MALLOC_ARENA_MAX: "2" };
/** Of a process or thread that answers no GraphQL: what describes nouns to it is left out (`without-graphql.ts`). */
export const WITHOUT_GRAPHQL = ["--conditions=without-graphql"];

/** How a process ended: its exit code, the signal that ended it, or why it could not be started. */
type End = number | string;

/** Watches over processes of ours. Each says "ready" when it is. */
export interface Supervisor {
  /** Starts one and from then on keeps it running. @throws StartError when it does not become ready */
  start(name: string, file: URL, flags?: string[]): Promise<void>;
  /** The same without waiting for it: what ends before it is ready is started again too. */
  keep(name: string, file: URL): void;
  /** Ends all, each in its own way, and waits for them. */
  stop(): Promise<void>;
}

/** What each process is given. */
export interface Given {
  /** The system shows it to others: secrets are none of it, and come as the first message. */
  environment: NodeJS.ProcessEnv;
  secrets: object;
  /** Told of every process, also of those that are started again. */
  started?: (child: ChildProcess) => void;
}

export function createSupervisor(log: Logger, { environment, secrets, started }: Given): Supervisor {
  let stopping = false;
  const children = new Map<string, ChildProcess>();

  /** Starts one process. `outcome` is "ready", or how it ended before. */
  function launch(
    name: string,
    file: URL,
    flags: string[] = [],
  ): { outcome: Promise<"ready" | { end: End }>; ended: Promise<End> } {
    const child = fork(file, { env: environment, execArgv: [...process.execArgv, ...NODE_FLAGS, ...flags] });
    children.set(name, child);
    // One that has ended already says so itself.
    child.send(secrets, () => {});
    started?.(child);
    const ended = new Promise<End>((resolve) => {
      child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
      child.once("error", (error) => resolve(error.message));
    });
    const ready = new Promise<"ready">((resolve) => {
      child.on("message", (message) => message === "ready" && resolve("ready"));
    });
    return { outcome: Promise.race([ready, ended.then((end) => ({ end }))]), ended };
  }

  async function keepRunning(again: () => { ended: Promise<End> }, name: string, ended: Promise<End>): Promise<void> {
    for (let pauseMs = 0; ; ) {
      const since = Date.now();
      const reason = await ended;
      if (stopping) return;
      const wasStable = Date.now() - since > STABLE_MS;
      pauseMs = Math.min((wasStable ? 0 : pauseMs * 2) || RESTART_MS, RESTART_MS_MAX);
      log.error({ reason, pauseMs }, `The ${name} has ended; starting it again.`);
      await sleep(pauseMs);
      if (stopping) return;
      ended = again().ended;
    }
  }

  return {
    start: async (name, file, flags) => {
      const begin = () => launch(name, file, flags);
      const { outcome, ended } = begin();
      const reached = await outcome;
      if (reached !== "ready") throw startError(name, reached.end);
      void keepRunning(begin, name, ended);
    },
    keep: (name, file) => {
      const begin = () => launch(name, file);
      void keepRunning(begin, name, begin().ended);
    },
    stop: async () => {
      stopping = true;
      await Promise.all([...children.values()].map(end));
    },
  };
}

/** A process that ends by itself has told the operator why. */
function startError(name: string, end: End): StartError {
  if (typeof end === "number") return new StartError("", end || 1);
  return new StartError(`The ${name} was ended by ${end} before it was ready.`, 1);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
