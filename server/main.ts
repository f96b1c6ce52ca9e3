import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createLog } from "./kit/log.js";
import { onceStopped, run, StartError } from "./kit/process.js";
import { prepareDatabase } from "./prepare.js";
import { readSettings } from "./start.js";
import { welcome } from "./welcome.js";

/** A process that dies is started again after this pause, doubled while it keeps dying. */
const RESTART_MS = 500;
const RESTART_MS_MAX = 30_000;
/** Having lived so long it is forgiven. */
const STABLE_MS = 60_000;

/** `npm start`: the API and the tracker, one process each, watched over. */
await run(async () => {
  const config = readSettings();
  const log = createLog(config.logLevel, "main");
  const first = await prepareDatabase(config, log, { firstUser: true });

  let stopping = false;
  const children = new Map<string, ChildProcess>();
  onceStopped(async () => {
    stopping = true;
    await Promise.all([...children.values()].map(stop));
  });

  /** Starts one process. Resolves when it is ready; @throws StartError when it ends before. */
  async function start(name: string): Promise<void> {
    const child = fork(new URL(`./${name}.js`, import.meta.url));
    children.set(name, child);
    const ended = once(child, "exit");
    const outcome = await Promise.race([once(child, "message"), ended]);
    if (outcome[0] !== "ready") throw new StartError(`The ${name} did not start.`, Number(outcome[0] ?? 1));
    const readyAt = Date.now();
    void ended.then(([code, signal]) => revive(name, Date.now() - readyAt, code ?? signal));
  }

  async function revive(name: string, livedMs: number, reason: number | string): Promise<void> {
    for (
      let pause = livedMs > STABLE_MS ? 0 : RESTART_MS;
      !stopping;
      pause = Math.min(pause * 2 + RESTART_MS, RESTART_MS_MAX)
    ) {
      log.error({ reason, pauseMs: pause }, `The ${name} has ended; starting it again.`);
      await sleep(pause);
      if (stopping) return;
      try {
        return await start(name);
      } catch (error) {
        log.error({ err: error }, `The ${name} does not start.`);
      }
    }
  }

  try {
    await Promise.all(["api", "tracker"].map(start));
  } catch (error) {
    stopping = true;
    await Promise.all([...children.values()].map(stop));
    throw error;
  }
  process.stdout.write(welcome(config, first));
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
