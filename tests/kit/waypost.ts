import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pino from "pino";
import { inject } from "vitest";
import { createApi } from "../../server/api.js";
import { type Config, readConfig } from "../../server/config.js";
import { WAITS, type Waits } from "../../server/kit/deadline.js";
import { prepareDatabase } from "../../server/prepare.js";
import { createTracker, type TrackerParts } from "../../server/tracker.js";
import { copyTables } from "./empty-tables.js";
import { PATIENCE_MS, until } from "./until.js";

/** Both kinds of database; journeys run on each: `describe.each(databases)("…, on %s", (database) => …)`. */
export const databases = ["SQLite", "MySQL"] as const;
export type DatabaseName = (typeof databases)[number];

export const PASSWORD = "correct horse battery";
export const EMAIL = "admin@localhost";

/** A slow machine is no outage: only tests of outages are as impatient as Waypost. */
export const PATIENT = Object.fromEntries(Object.keys(WAITS).map((name) => [name, PATIENCE_MS])) as unknown as Waits;
/** Of a database that goes away under load: who waits for a journal that nobody loads any more has its answer soon. */
export const OUTAGE: Waits = { ...PATIENT, journal: WAITS.journal };

/** A connection for one request: a server that closes waits for a second on those that are kept. */
export const ONE_REQUEST = { connection: "close" };

export interface GraphqlAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any query.
  data: any;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; field?: string } & Record<string, unknown>;
  }[];
}

export interface Waypost {
  config: Config;
  apiUrl: string;
  trackerUrl: string;
  /** A bearer token of the first user. */
  token: string;
  /** The key made on the first start. */
  postbackKey: string;
  /** Every line both processes logged, at level debug. */
  logLines: string[];
  /** Asks the API; with `token: null` as a stranger. */
  graphql(
    query: string,
    variables?: object,
    options?: { token?: string | null; headers?: object },
  ): Promise<GraphqlAnswer>;
  /** The data of a query that must succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  ask(query: string, variables?: object): Promise<any>;
  /** Requests the tracker, never following a redirect. */
  track(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a postback with the first key. @returns status and body. */
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  postback(parameters: Record<string, string>): Promise<{ httpStatus: number; body: any }>;
  /** Opens a flow's tracking URL. @returns the click hash out of `click=` in the destination. */
  click(flowKey: string, query?: string, headers?: Record<string, string>): Promise<string>;
  /** Makes a flow with one path `https://example.com/?click={click}` unless told otherwise. */
  seedFlow(
    input?: object,
  ): Promise<{ id: string; key: string; name: string; paths: { id: string }[]; goals: { id: string }[] }>;
  close(): Promise<void>;
}

/** Settings for an empty system of its own on the given kind of database. */
export function freshConfig(database: DatabaseName, environment: Record<string, string> = {}): Config {
  const dataDir = mkdtempSync(join(tmpdir(), "waypost-test-"));
  const config = readConfig({
    DATA_DIR: dataDir,
    HOST: "127.0.0.1",
    ADMIN_PASSWORD: PASSWORD,
    ...(database === "MySQL" ? { DATABASE_URL: `${inject("mysqlUrl")}/test_${randomUUID().replaceAll("-", "")}` } : {}),
    ...environment,
  });
  return { ...config, apiPort: 0, trackerPort: 0 };
}

/** Starts an API and a tracker in this process, on free ports of loopback, over an empty database. */
export async function startWaypost(
  database: DatabaseName,
  {
    environment = {},
    adminFolder = resolve("dist/admin"),
    ...replace
  }: { environment?: Record<string, string>; adminFolder?: string } & Partial<TrackerParts> = {},
): Promise<Waypost> {
  const config = freshConfig(database, environment);
  const logLines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void logLines.push(line) });
  // A database that a test names itself may be on another server, or hold something already.
  if (!environment.DATABASE_URL) await copyTables(inject("emptyTables"), config);
  const waits = replace.waits ?? PATIENT;
  const first = await prepareDatabase(config, log, { firstUser: true });
  const tracker = await createTracker(config, { log, loaderFile: inject("loaderFile"), waits, ...replace });
  const trackerUrl = `http://127.0.0.1:${await tracker.listen()}`;
  const api = await createApi(
    { ...config, trackerUrl },
    { log, waits, adminFolder, ...(replace.now ? { now: replace.now } : {}) },
  );
  const apiUrl = `http://127.0.0.1:${await api.listen()}`;

  let mayBeUnloaded = false;
  /** A click is in lists within a second of its redirect; a test need not say so each time. */
  async function loaded(): Promise<void> {
    const isLoaded = async () =>
      /^journal_unloaded_bytes 0$/m.test(await (await fetch(`${trackerUrl}/metrics`, { headers: ONE_REQUEST })).text());
    if (mayBeUnloaded) await until(isLoaded);
    mayBeUnloaded = false;
  }

  const waypost: Waypost = {
    config,
    apiUrl,
    trackerUrl,
    token: "",
    postbackKey: first?.postbackKey ?? "",
    logLines,
    graphql: async (query, variables, { token = waypost.token, headers = {} } = {}) => {
      const response = await fetch(`${apiUrl}/graphql`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...ONE_REQUEST,
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      const body = (await response.json()) as Pick<GraphqlAnswer, "data" | "errors">;
      return { status: response.status, headers: response.headers, ...body };
    },
    ask: async (query, variables) => {
      await loaded();
      const { data, errors } = await waypost.graphql(query, variables);
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    track: (path, init = {}) => {
      mayBeUnloaded = true;
      const headers = new Headers({ ...ONE_REQUEST, ...Object.fromEntries(new Headers(init.headers)) });
      return fetch(trackerUrl + path, { redirect: "manual", ...init, headers });
    },
    postback: async (parameters) => {
      const response = await waypost.track(`/postback/${waypost.postbackKey}?${new URLSearchParams(parameters)}`);
      return { httpStatus: response.status, body: await response.json() };
    },
    click: async (flowKey, query = "", headers = {}) => {
      const response = await waypost.track(`/c/${flowKey}${query}`, { headers });
      const location = response.headers.get("location");
      if (response.status !== 302 || !location)
        throw new Error(`No redirect: ${response.status} ${await response.text()}`);
      return new URL(location).searchParams.get("click") ?? "";
    },
    seedFlow: async (input = {}) => {
      const { createFlow } = await waypost.ask(
        "mutation($input: FlowInput!) { createFlow(input: $input) { id key name paths { id } goals { id } } }",
        { input: { name: "A flow", paths: [{ url: "https://example.com/?click={click}" }], ...input } },
      );
      return createFlow;
    },
    close: async () => {
      await tracker.close();
      await api.close();
      rmSync(config.dataDir, { recursive: true, force: true });
    },
  };
  const { data } = await waypost.graphql(
    "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token } }",
    { email: config.adminEmail, password: config.adminPassword },
    { token: null },
  );
  waypost.token = data.login.token;
  return waypost;
}

/** Signs the first user in at an API that runs by itself. @returns what asks it, for the data of a query that must succeed. */
export async function createAsk(apiUrl: string, password: string): Promise<Waypost["ask"]> {
  let token = "";
  const ask = async (query: string, variables: object = {}) => {
    const authorization = token && { authorization: `Bearer ${token}` };
    const headers = { "content-type": "application/json", ...ONE_REQUEST, ...authorization };
    const response = await fetch(`${apiUrl}/graphql`, {
      method: "POST",
      headers,
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as Pick<GraphqlAnswer, "data" | "errors">;
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  token = (
    await ask("mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token } }", {
      email: EMAIL,
      password,
    })
  ).login.token;
  return ask;
}
