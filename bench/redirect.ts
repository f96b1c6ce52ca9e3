import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startMariaDb } from "../scripts/mariadb.ts";
import { load, median } from "./wrk.ts";

const ROUNDS = 5;
const SECONDS = 4;
const PASSWORD = "bench-password";

/** Redirects a second with everything a click takes, against a bare Fastify redirect without storage; then counts the clicks. */
export async function redirect(database: "mysql" | "sqlite"): Promise<object> {
  const dataDir = mkdtempSync(join(tmpdir(), "waypost-bench-"));
  const mariaDb = database === "mysql" ? await startMariaDb() : null;
  const [apiPort, trackerPort] = [await freePort(), await freePort()];
  const waypost = start(new URL("../dist/server/main.js", import.meta.url), {
    DATA_DIR: dataDir,
    HOST: "127.0.0.1",
    API_PORT: String(apiPort),
    TRACKER_PORT: String(trackerPort),
    ADMIN_PASSWORD: PASSWORD,
    LOG_LEVEL: "warn",
    ...(mariaDb ? { DATABASE_URL: `${mariaDb.url}/bench` } : {}),
  });
  const bare = start(new URL("./bare.ts", import.meta.url), {});
  try {
    const [barePort] = await once(bare, "message");
    await answering(`http://127.0.0.1:${apiPort}/readyz`);
    await answering(`http://127.0.0.1:${trackerPort}/readyz`);
    const ask = await signIn(`http://127.0.0.1:${apiPort}/graphql`);
    await ask(`mutation { createFlow(input: { key: "bench", name: "Bench", paths: [
      { url: "https://a.example/?click={click}&s={sub_id}&c={country}", weight: 70 }, { url: "https://b.example/?click={click}", weight: 30 }] }) { id } }`);
    const url = `http://127.0.0.1:${trackerPort}/c/bench?sub_id=zone-7&utm_source=google`;
    await load(url, 1);
    await loaded(trackerPort);
    const before = await countClicks(ask);
    const [ours, theirs] = [[], []] as [Awaited<ReturnType<typeof load>>[], Awaited<ReturnType<typeof load>>[]];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await load(url, SECONDS));
      await loaded(trackerPort);
      theirs.push(await load(`http://127.0.0.1:${barePort}/c/bench`, SECONDS));
    }
    const stored = (await countClicks(ask)) - before;
    const rps = median(ours.map((round) => round.rps));
    const bareRps = median(theirs.map((round) => round.rps));
    return {
      ratioToBare: rps / bareRps,
      rps,
      bareRps,
      p99Ms: median(ours.map((round) => round.p99Ms)),
      bareP99Ms: median(theirs.map((round) => round.p99Ms)),
      failed: ours.reduce((sum, round) => sum + round.failed, 0),
      lost: Math.max(ours.reduce((sum, round) => sum + round.requests, 0) - stored, 0),
    };
  } finally {
    await Promise.all([stop(waypost), stop(bare)]);
    await mariaDb?.remove();
    rmSync(dataDir, { recursive: true });
  }
}

function start(file: URL, environment: Record<string, string>): ChildProcess {
  return fork(file, { env: { PATH: process.env.PATH, ...environment }, stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error(`${url} does not answer.`);
}

/** Waits until the journal is in the database: the bare server shall have the machine to itself. */
async function loaded(trackerPort: number): Promise<void> {
  const metrics = async () => (await fetch(`http://127.0.0.1:${trackerPort}/metrics`)).text();
  while (!/^journal_unloaded_bytes 0$/m.test(await metrics())) await new Promise((resume) => setTimeout(resume, 100));
}

// biome-ignore lint/suspicious/noExplicitAny: the answer of any query.
type Ask = (query: string) => Promise<any>;

async function signIn(url: string): Promise<Ask> {
  const post = async (query: string, token?: string) => {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
    const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const { login } = (await post(`mutation { login(email: "admin@localhost", password: "${PASSWORD}") { token } }`)) as {
    login: { token: string };
  };
  return (query) => post(query, login.token);
}

async function countClicks(ask: Ask): Promise<number> {
  return (await ask("{ clicks(perPage: 1) { totalCount } }")).clicks.totalCount;
}
