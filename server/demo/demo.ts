import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CLICK_ROUTE, postbackUrl } from "../catalog/urls.js";
import { type Config } from "../config.js";
import { EXIT_CONFIG, run, StartError } from "../kit/process.js";
import { forgetKey, PROVEN_ADDRESS, proveAddress, renewKey } from "../kit/proven-address.js";
import { readSettings } from "../start.js";
import { draw, drawVisitor } from "./draw-visitor.js";
import { brokenPostbacks, flows, subIds } from "./scenery.js";

const USAGE = `Sends believable traffic to a running Waypost, through its HTTP doors only.

Usage: npm run demo -- [--for 60s] [--rate 5] [--email admin@localhost] [--password PASSWORD]

  --for       how long: seconds, or with a unit (90s, 10m, 8h)
  --rate      clicks a second on average
  --email     of the user to sign in as; ADMIN_EMAIL counts too
  --password  of that user; ADMIN_PASSWORD counts too`;

/** How long an advertiser takes to report a conversion, and to change its mind, at the most. */
const REPORT_MS_MAX = 8000;
const KEY_NAME = "Demo advertiser";
/** Out of a hundred: clicks that convert, and that bring a broken postback; conversions first pending; of those, rejected. */
const CONVERTING = 12;
const PENDING = 60;
const REJECTED = 25;
const BROKEN = 1;

/** How often the proof of the visitors' addresses is renewed, in milliseconds. */
const RENEW_MS = 15_000;
let renewing: NodeJS.Timeout | undefined;

/** What was sent, for the last line. */
const sent = { clicks: 0, postbacks: 0, failures: 0 };

await run(async () => {
  const options = readOptions();
  const config = readSettings();
  const doors = await openDoors(config, options);
  const prove = await openProof(config.dataDir);
  const end = Date.now() + options.forMs;
  const visits = new Set<Promise<void>>();
  process.stdout.write(`Sending ${options.rate} clicks a second for ${options.forMs / 1000} s. Ctrl-C ends it.\n`);
  process.once("SIGINT", () => {
    tell();
    forgetKey(config.dataDir);
    process.exit(0);
  });
  while (Date.now() < end) {
    const visiting = visit({ ...doors, prove }, Math.max(end - Date.now(), 0))
      .catch(() => {
        sent.failures += 1;
      })
      .finally(() => visits.delete(visiting));
    visits.add(visiting);
    await sleep((-Math.log(1 - Math.random()) * 1000) / options.rate);
  }
  await Promise.all(visits);
  clearInterval(renewing);
  forgetKey(config.dataDir);
  tell();
  process.exitCode = sent.failures > 0 ? 1 : 0;
});

function tell(): void {
  process.stdout.write(`${sent.clicks} clicks and ${sent.postbacks} postbacks sent, ${sent.failures} failed.\n`);
}

interface Options {
  forMs: number;
  rate: number;
  email: string | undefined;
  password: string | undefined;
}

function readOptions(): Options {
  const usage = (problem: string) => new StartError(`${problem}\n\n${USAGE}`, EXIT_CONFIG);
  const option = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      options: { for: option, rate: option, email: option, password: option, help: { type: "boolean" } },
    });
    if (values.help) throw usage("");
    const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(values.for ?? "60s") ?? [];
    const rate = Number(values.rate ?? 5);
    if (!amount) throw usage(`--for is "${values.for}": it must be a time such as 90s, 10m or 8h.`);
    if (!(rate > 0 && rate <= 1000)) throw usage(`--rate is "${values.rate}": it must be a number up to 1000.`);
    const forMs = Number(amount) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as "s" | "m" | "h"];
    return { forMs, rate, email: values.email, password: values.password };
  } catch (error) {
    throw error instanceof StartError ? error : usage((error as Error).message);
  }
}

/** Where the demo sends to. */
interface Doors {
  tracker: string;
  postback: string;
}

/** Signs in and makes the demo's flows and postback key where they are missing. */
async function openDoors(config: Config, options: Options): Promise<Doors> {
  const host = config.host && config.host !== "::" && config.host !== "0.0.0.0" ? config.host : "localhost";
  const base = (port: number) => `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const password = options.password ?? config.adminPassword;
  if (!password)
    throw new StartError(`The password is missing: give --password or set ADMIN_PASSWORD.\n\n${USAGE}`, EXIT_CONFIG);

  const ask = createAsk(`${base(config.apiPort)}/graphql`);
  const { login } = await ask<{ login: { token: string } }>(
    "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token } }",
    { email: options.email ?? config.adminEmail, password },
  );
  const signedIn = createAsk(`${base(config.apiPort)}/graphql`, login.token);
  const { flows: known, postbackKeys } = await signedIn<{
    flows: { items: { key: string }[] };
    postbackKeys: { items: { name: string; key: string }[] };
  }>(
    "{ flows(perPage: 500, filter: { deleted: null }) { items { key } } postbackKeys(perPage: 100) { items { name key } } }",
  );
  for (const input of flows) {
    if (known.items.some(({ key }) => key === input.key)) continue;
    await signedIn("mutation($input: FlowInput!) { createFlow(input: $input) { id } }", { input });
  }
  const own = postbackKeys.items.find(({ name }) => name === KEY_NAME);
  const key = own?.key ?? (await generateKey(signedIn));
  return { tracker: base(config.trackerPort), postback: postbackUrl(base(config.trackerPort), key) };
}

/** Makes the header that an address is to be believed by; nothing where `DATA_DIR` is not that of a Waypost on this machine. */
type Prove = (address: string) => Record<string, string>;

async function openProof(dataDir: string): Promise<Prove> {
  if (!existsSync(dataDir)) {
    process.stdout.write(
      `DATA_DIR is "${dataDir}", where no Waypost runs: every visitor will have this machine's address.\n`,
    );
    return () => ({});
  }
  let key = await renewKey(dataDir);
  renewing = setInterval(() => {
    renewKey(dataDir).then(
      (renewed) => {
        key = renewed;
      },
      () => {}, // Tried again soon; until then the one before is good.
    );
  }, RENEW_MS);
  return (address) => ({ [PROVEN_ADDRESS]: proveAddress(key, address) });
}

type Ask = <T>(query: string, variables?: object) => Promise<T>;

async function generateKey(ask: Ask): Promise<string> {
  const { generatePostbackKey } = await ask<{ generatePostbackKey: { key: string } }>(
    "mutation($name: String) { generatePostbackKey(name: $name) { key } }",
    { name: KEY_NAME },
  );
  return generatePostbackKey.key;
}

function createAsk(url: string, token?: string): Ask {
  return async (query, variables) => {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) }).catch(
      () => {
        throw new StartError(`Nobody answers at ${url}: start Waypost first (npm start).`, EXIT_CONFIG);
      },
    );
    const { data, errors } = (await response.json()) as { data: never; errors?: { message: string }[] };
    if (errors) throw new StartError(`${url} answers: ${errors[0]?.message}`, EXIT_CONFIG);
    return data;
  };
}

/** One visitor: a click, and now and then what the advertiser says of it, within `msLeft`. */
async function visit({ tracker, postback, prove }: Doors & { prove: Prove }, msLeft: number): Promise<void> {
  const flow = pick(flows);
  const { ip, headers, query } = drawVisitor(Math.random, Date.now());
  const labels = new URLSearchParams({ ...query, sub_id: pick(subIds), utm_term: pick(["cheap", "best", ""]) });
  const response = await fetch(`${tracker}${CLICK_ROUTE}${flow.key}?${labels}`, {
    redirect: "manual",
    headers: { ...headers, ...prove(ip) },
  });
  sent.clicks += 1;
  const click = /[0-9a-f]{32}/.exec(response.headers.get("location") ?? "")?.[0];
  if (!click) {
    sent.failures += 1;
    return;
  }
  const report = async (parameters: Record<string, string>) => {
    await sleep(Math.random() * Math.min(REPORT_MS_MAX, msLeft / 2));
    const { status } = await fetch(`${postback}?${new URLSearchParams(parameters)}`);
    sent.postbacks += 1;
    if (status === 401 || status >= 500) sent.failures += 1;
  };
  if (chance(BROKEN)) await report(withClick(pick(brokenPostbacks), click));
  if (!chance(CONVERTING)) return;
  const conversion = { click, goal: pick(flow.goals).key, uid: `order-${Math.floor(Math.random() * 1e9)}` };
  if (!chance(PENDING)) return report({ ...conversion, status: "approved" });
  await report({ ...conversion, status: "pending" });
  await report({ ...conversion, status: chance(REJECTED) ? "rejected" : "approved" });
}

function withClick(parameters: Record<string, string>, click: string): Record<string, string> {
  return { ...parameters, click: parameters.click === "CLICK" ? click : (parameters.click ?? "") };
}

function chance(percent: number): boolean {
  return Math.random() * 100 < percent;
}

function pick<T>(items: readonly T[]): T {
  return draw(items, Math.random);
}
