import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type FirstStart } from "./accounts/first-start.js";
import { createLog } from "./kit/log.js";
import { beforeEnd, run, StartError } from "./kit/process.js";
import { prepareOrGoWithout } from "./prepare.js";
import { checkPort, readSettings } from "./start.js";
import { firstAccount, welcome } from "./welcome.js";

/** A process that dies is started again after this pause, doubled while it keeps dying. */
const RESTART_MS = 500;
const RESTART_MS_MAX = 30_000;
/** Having lived so long it is forgiven. */
const STABLE_MS = 60_000;

/** How a process ended: its exit code, the signal that ended it, or why it could not be started. */
type End = number | string;

/**
 * `npm start`: the API and the tracker, one process each, watched over. While the database is away and an earlier start has
 * kept a catalog, the tracker works alone until it comes.
 */
await run(async () => {
  const config = readSettings();
  const log = createLog(config.logLevel, "main");
  await checkPort({ host: config.host, variable: "API_PORT", port: config.apiPort });
  await checkPort({ host: config.host, variable: "TRACKER_PORT", port: config.trackerPort });
  const tell = (made: FirstStart) => void process.stdout.write(firstAccount(config, made));
  const { result } = await prepareOrGoWithout(config, log, { firstUser: true, tell });

  let stopping = false;
  const children = new Map<string, ChildProcess>();
  const stopAll = async () => {
    stopping = true;
    await Promise.all([...children.values()].map(stop));
  };
  beforeEnd(stopAll);

  /** Starts one process. `outcome` is "ready", or how it ended before. */
  function launch(name: string): { outcome: Promise<"ready" | { end: End }>; ended: Promise<End> } {
    const child = fork(new URL(`./${name}.js`, import.meta.url));
    children.set(name, child);
    const ended = new Promise<End>((resolve) => {
      child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
      child.once("error", (error) => resolve(error.message));
    });
    const ready = new Promise<"ready">((resolve) => void child.once("message", () => resolve("ready")));
    return { outcome: Promise.race([ready, ended.then((end) => ({ end }))]), ended };
  }

  /** Starts one process and from then on keeps it running. @throws StartError when it does not become ready. */
  async function start(name: string): Promise<void> {
    const { outcome, ended } = launch(name);
    const reached = await outcome;
    if (reached !== "ready") throw startError(name, reached.end);
    void keepRunning(name, ended);
  }

  async function keepRunning(name: string, ended: Promise<End>): Promise<void> {
    for (let pauseMs = 0; ; ) {
      const since = Date.now();
      const reason = await ended;
      if (stopping) return;
      const wasStable = Date.now() - since > STABLE_MS;
      pauseMs = Math.min((wasStable ? 0 : pauseMs * 2) || RESTART_MS, RESTART_MS_MAX);
      log.error({ reason, pauseMs }, `The ${name} has ended; starting it again.`);
      await sleep(pauseMs);
      if (stopping) return;
      ended = launch(name).ended;
    }
  }

  try {
    // Without the database a tracker redirects; the API waits for it, and is started again until it is there.
    if (!result) void keepRunning("api", launch("api").ended);
    await Promise.all((result ? ["api", "tracker"] : ["tracker"]).map(start));
  } catch (error) {
    await stopAll();
    throw error;
  }
  process.stdout.write(welcome(config, result?.first ?? null));
});

/** A process that ends by itself has told the operator why. */
function startError(name: string, end: End): StartError {
  if (typeof end === "number") return new StartError("", end || 1);
  return new StartError(`The ${name} was ended by ${end} before it was ready.`, 1);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
