import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, type MariaDb, startMariaDb } from "../scripts/mariadb.ts";

export type DatabaseKind = "mysql" | "sqlite";

const PASSWORD = "bench-password";

// biome-ignore lint/suspicious/noExplicitAny: the answer of any query.
export type Ask = (query: string, variables?: object) => Promise<any>;

/** A whole Waypost as `npm start` runs it, built, over an empty database of its own. */
export interface Waypost {
  /** Process id of `npm start`'s supervisor. */
  pid: number;
  apiUrl: string;
  trackerUrl: string;
  /** The database's server; null on SQLite. */
  mariaDb: MariaDb | null;
  databaseUrl: string;
  /** The key made on the first start. */
  postbackKey: string;
  ask: Ask;
  /** A number that the tracker's `/metrics` has under a name, all its labels added up; 0 where it has none. */
  metric(name: string): Promise<number>;
  close(): Promise<void>;
}

/** Starts it, with everything it keeps below a folder that goes when it is closed. */
export async function startWaypost(database: DatabaseKind): Promise<Waypost> {
  const dataDir = mkdtempSync(join(tmpdir(), "waypost-bench-"));
  const mariaDb = database === "mysql" ? await startMariaDb() : null;
  const databaseUrl = mariaDb ? `${mariaDb.url}/bench` : `sqlite:${join(dataDir, "bench.sqlite")}`;
  const [apiPort, trackerPort] = [await freePort(), await freePort()];
  const main = start(new URL("../dist/server/main.js", import.meta.url), {
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    HOST: "127.0.0.1",
    API_PORT: String(apiPort),
    TRACKER_PORT: String(trackerPort),
    ADMIN_PASSWORD: PASSWORD,
    LOG_LEVEL: "warn",
  });
  const [apiUrl, trackerUrl] = [`http://127.0.0.1:${apiPort}`, `http://127.0.0.1:${trackerPort}`];
  await answering(`${apiUrl}/readyz`);
  await answering(`${trackerUrl}/readyz`);
  const ask = await signIn(`${apiUrl}/graphql`);
  const { postbackKeys } = await ask("{ postbackKeys { items { key } } }");
  return {
    pid: main.pid ?? 0,
    apiUrl,
    trackerUrl,
    mariaDb,
    databaseUrl,
    postbackKey: postbackKeys.items[0].key,
    ask,
    metric: async (name) => {
      const text = await (await fetch(`${trackerUrl}/metrics`)).text();
      const values = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gm"))].map(([, value]) =>
        Number(value),
      );
      return values.reduce((sum, value) => sum + value, 0);
    },
    close: async () => {
      await stop(main);
      await mariaDb?.remove();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** Starts a program of Waypost's, or one to measure it against, in a process of its own. */
export function start(file: URL, environment: Record<string, string>): ChildProcess {
  return fork(file, { env: { PATH: process.env.PATH, ...environment }, stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** Waits until a URL answers well. */
export async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`${url} does not answer.`);
}

/** Waits until a number stands still, asked twice a second. @returns it. */
export async function settled(read: () => Promise<number>): Promise<number> {
  for (let last = await read(); ; ) {
    await sleep(500);
    const now = await read();
    if (now === last) return now;
    last = now;
  }
}

async function signIn(url: string): Promise<Ask> {
  const post = async (query: string, variables: object = {}, token?: string) => {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const { login } = (await post(`mutation { login(email: "admin@localhost", password: "${PASSWORD}") { token } }`)) as {
    login: { token: string };
  };
  return (query, variables) => post(query, variables, login.token);
}
