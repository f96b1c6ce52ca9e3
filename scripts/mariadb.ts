import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { ownPort } from "./ports.ts";

/** A MariaDB server of our own: a private data directory, a free port on loopback, commits flushed to disk. */
export interface MariaDb {
  /** Base of a `DATABASE_URL`, without a database: `mysql://root@127.0.0.1:PORT`. */
  url: string;
  port: number;
  /** The server's own log; it prints every deadlock. */
  logFile: string;
  /** Stops the server; its data stay. */
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
  /** Freezes it (it keeps its connections and answers nothing) and lets it go on. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Stops it and removes its data, unless they are kept. */
  remove(): Promise<void>;
}

const START_MS = 240_000;
/** Of a server whose data directory is copied, which takes a moment then. */
const SMALL_REDO_LOG = "--innodb-log-file-size=32M";
/** A server refuses to run as root unless told so. */
const asRoot = () => (process.getuid?.() === 0 ? ["--user=root"] : []);

export interface MariaDbOptions {
  /** Where its data are, and stay after `remove`; left out: a temporary folder. */
  keptIn?: string;
  /** A folder that `installMariaDb` has made: to copy it takes a tenth of the time. Left out: it is installed. */
  installed?: string;
  bufferPoolMb?: number;
  /** Further options of the server. */
  options?: string[];
}

export async function startMariaDb({
  keptIn,
  installed,
  bufferPoolMb = 512,
  options = [],
}: MariaDbOptions = {}): Promise<MariaDb> {
  const folder = keptIn ?? mkdtempSync(join(tmpdir(), "waypost-mariadb-"));
  const dataDir = join(folder, "data");
  const log = join(folder, "error.log");
  const port = await ownPort();
  if (!existsSync(dataDir)) {
    if (installed) cpSync(installed, dataDir, { recursive: true });
    else install(dataDir, folder, []);
  }

  let end = async (_: NodeJS.Signals) => {};
  let signal = (_: NodeJS.Signals) => {};
  let isFrozen = () => false;
  async function start(): Promise<void> {
    const server = spawn(
      "mariadbd",
      [
        "--no-defaults",
        `--datadir=${dataDir}`,
        `--socket=${join(folder, "socket")}`,
        `--pid-file=${join(folder, "pid")}`,
        // A server that starts removes temporary tables from its folder, those of its neighbours too.
        `--tmpdir=${folder}`,
        `--log-error=${log}`,
        `--port=${port}`,
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--innodb-print-all-deadlocks=1",
        `--innodb-buffer-pool-size=${bufferPoolMb}M`,
        "--max-connections=500",
        ...(installed ? [SMALL_REDO_LOG] : []),
        ...asRoot(),
        ...options,
      ],
      { stdio: "ignore" },
    );
    const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
    signal = (name) => void server.kill(name);
    isFrozen = () => areStopped(server.pid as number);
    end = async (name) => {
      server.kill(name);
      await ended;
    };
    await answering(port, ended, log);
  }
  await start();

  return {
    url: `mysql://root@127.0.0.1:${port}`,
    port,
    logFile: log,
    start,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    freeze: async () => {
      signal("SIGSTOP");
      while (!isFrozen()) await sleep(1);
    },
    thaw: () => signal("SIGCONT"),
    remove: async () => {
      await end("SIGTERM");
      if (!keptIn) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether none of a process's threads runs any more: each may answer for a moment after the signal. Linux says so. */
function areStopped(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return true;
  try {
    return readdirSync(threads).every((thread) => / T /.test(readFileSync(join(threads, thread, "stat"), "utf8")));
  } catch {
    // One has just ended.
    return false;
  }
}

/** Makes a data directory for servers to be copied from. @returns where it is */
export function installMariaDb(folder: string): string {
  const dataDir = join(folder, "installed");
  install(dataDir, folder, [SMALL_REDO_LOG]);
  return dataDir;
}

function install(dataDir: string, temporary: string, options: string[]): void {
  const { status, error, stderr } = spawnSync(
    "mariadb-install-db",
    [
      "--no-defaults",
      `--datadir=${dataDir}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      `--tmpdir=${temporary}`,
      ...options,
      ...asRoot(),
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`mariadb-install-db failed: ${error?.message ?? stderr}`);
}

async function answering(port: number, ended: Promise<void>, log: string): Promise<void> {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  for (const until = Date.now() + START_MS; ; await sleep(100)) {
    try {
      const connection = await createConnection({ host: "127.0.0.1", port, user: "root" });
      return await connection.end();
    } catch (error) {
      if (hasEnded || Date.now() > until)
        throw new Error(`MariaDB does not start: ${error}\n${readFileSync(log, "utf8")}`);
    }
  }
}
