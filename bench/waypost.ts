import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type MariaDb, startMariaDb } from "../scripts/mariadb.ts";
import { ownPort } from "../scripts/ports.ts";
import { childrenOf } from "./processes.ts";

const PASSWORD = "bench-password";
const LOGIN = { query: `mutation { login(email: "admin@localhost", password: "${PASSWORD}") { token } }` };

// biome-ignore lint/suspicious/noExplicitAny: the answer of any query.
export type Ask = (query: string, variables?: object) => Promise<any>;

/** A built Waypost, running in processes of its own. */
export interface Running {
  pid: number;
  apiUrl: string;
  trackerUrl: string;
  /** Asks the API as the first user. */
  ask: Ask;
  /** The body of a request that signs in as the first user. */
  login: object;
  stop(): Promise<void>;
}

/** Starts `dist/server/{program}.js`: both servers, or the API alone. */
export async function startWaypost(program: "main" | "api", environment: Record<string, string>): Promise<Running> {
  const [apiPort, trackerPort] = [await ownPort(), await ownPort()];
  const waypost = start(new URL(`../dist/server/${program}.js`, import.meta.url), {
    HOST: "127.0.0.1",
    API_PORT: String(apiPort),
    TRACKER_PORT: String(trackerPort),
    ADMIN_PASSWORD: PASSWORD,
    LOG_LEVEL: "warn",
    ...environment,
  });
  const [apiUrl, trackerUrl] = [`http://127.0.0.1:${apiPort}`, `http://127.0.0.1:${trackerPort}`];
  await answering(`${apiUrl}/readyz`);
  if (program === "main") await answering(`${trackerUrl}/readyz`);
  const ask = await signIn(`${apiUrl}/graphql`);
  return { pid: waypost.pid ?? 0, apiUrl, trackerUrl, ask, login: LOGIN, stop: () => stop(waypost) };
}

/** A whole Waypost over an empty database of its own. */
export interface Empty extends Running {
  /** Ends it at once, whatever it still has to do. */
  kill(): Promise<void>;
  /** The database's server; null on SQLite. */
  mariaDb: MariaDb | null;
  databaseUrl: string;
}

/** Starts it, with everything it keeps below a folder that goes when it is stopped. */
export async function startEmpty(database: "mysql" | "sqlite"): Promise<Empty> {
  const dataDir = mkdtempSync(join(tmpdir(), "waypost-bench-"));
  const mariaDb = database === "mysql" ? await startMariaDb() : null;
  const databaseUrl = mariaDb ? `${mariaDb.url}/bench` : `sqlite:${join(dataDir, "bench.sqlite")}`;
  const running = await startWaypost("main", { DATA_DIR: dataDir, DATABASE_URL: databaseUrl });
  const remove = async () => {
    await mariaDb?.remove();
    rmSync(dataDir, { recursive: true });
  };
  return {
    ...running,
    mariaDb,
    databaseUrl,
    stop: async () => {
      await running.stop();
      await remove();
    },
    kill: async () => {
      for (const pid of [...childrenOf(running.pid), running.pid]) process.kill(pid, "SIGKILL");
      await remove();
    },
  };
}

/** Waits until the tracker's journal is in the database. */
export async function drained(trackerUrl: string): Promise<void> {
  const metrics = async () => (await fetch(`${trackerUrl}/metrics`)).text();
  while (!/^journal_unloaded_bytes 0$/m.test(await metrics())) await sleep(100);
}

/** What `npm start` sets; the benchmarks start the server without npm. */
const { NODE_ENVIRONMENT } = await import(new URL("../dist/server/kit/supervise.js", import.meta.url).href);

/** Starts a program with this environment and nothing else of ours. */
export function start(file: URL, environment: Record<string, string>): ChildProcess {
  return fork(file, {
    env: { PATH: process.env.PATH, ...NODE_ENVIRONMENT, ...environment },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`${url} does not answer.`);
}

async function signIn(url: string): Promise<Ask> {
  const post = async (query: string, variables: object, token?: string) => {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const { login } = (await post(LOGIN.query, {})) as { login: { token: string } };
  return (query, variables = {}) => post(query, variables, login.token);
}
