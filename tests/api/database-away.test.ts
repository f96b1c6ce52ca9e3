import { rmSync } from "node:fs";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createApi } from "../../server/api.js";
import { type Config } from "../../server/config.js";
import { RETRY_SECONDS } from "../../server/kit/errors.js";
import { type RunningServer } from "../../server/kit/process.js";
import { prepareDatabase } from "../../server/prepare.js";
import { type DatabaseDoor, openDatabaseDoor } from "../kit/database-door.js";
import { copyTables } from "../kit/empty-tables.js";
import { until } from "../kit/until.js";
import { EMAIL, freshConfig, ONE_REQUEST, PASSWORD, PATIENT } from "../kit/waypost.js";

const LOGIN = `mutation { login(email: "${EMAIL}", password: "${PASSWORD}") { token } }`;

/** An embedded database is never away as a whole: `tests/unit/format-error.test.ts` has what it says when it cannot work. */
describe("The API without its database", () => {
  const log = pino({ level: "silent" });
  let config: Config;
  let door: DatabaseDoor;
  let api: RunningServer;
  let url: string;
  let token: string;

  beforeAll(async () => {
    config = freshConfig("MySQL");
    await copyTables(inject("emptyTables"), config);
    await prepareDatabase(config, log, { firstUser: true });
    door = await openDatabaseDoor();
    const behind = `${door.url}${new URL((config.database as { url: string }).url).pathname}`;
    api = await createApi({ ...config, database: { kind: "mysql", url: behind } }, { log, waits: PATIENT });
    url = `http://127.0.0.1:${await api.listen()}`;
    token = (await (await send(LOGIN, null)).json()).data.login.token;
  });
  afterAll(async () => {
    await api.close();
    await door.shut();
    rmSync(config.dataDir, { recursive: true, force: true });
  });

  const headers = (authorized: boolean) => ({
    "content-type": "application/json",
    ...ONE_REQUEST,
    ...(authorized ? { authorization: `Bearer ${token}` } : {}),
  });
  function send(query: string, as: "me" | null = "me"): Promise<Response> {
    return fetch(`${url}/graphql`, { method: "POST", headers: headers(as !== null), body: JSON.stringify({ query }) });
  }

  const asked: [what: string, ask: () => Promise<Response>][] = [
    ["a query", () => send("{ flows { totalCount } }")],
    ["several queries at once", () => send("{ a: flows { totalCount } b: clicks { totalCount } me { email } }")],
    ["a query by GET", () => fetch(`${url}/graphql?query={me{email}}`, { headers: headers(true) })],
    ["a change", () => send('mutation { createFlow(input: { name: "x" }) { id } }')],
    ["a stranger who signs in", () => send(LOGIN, null)],
  ];

  it("6.17 says SERVICE_UNAVAILABLE with 503 and when to ask again, and nothing of what is inside", async () => {
    await door.shut();
    for (const [what, ask] of asked) {
      const answer = await ask();
      const text = await answer.text();
      const { data, errors } = JSON.parse(text);
      const seen = [what, answer.status, answer.headers.get("retry-after"), data ?? null, errors[0].extensions];
      expect(seen).toEqual([what, 503, `${RETRY_SECONDS}`, null, { code: "SERVICE_UNAVAILABLE" }]);
      expect(errors).toHaveLength(1);
      expect(text).not.toMatch(/ECONN|127\.0\.0\.1|select|mysql|at /i);
    }
  });

  it("6.17 tells a stranger that he is one, and a probe the truth", async () => {
    expect((await send("{ me { email } }", null)).status).toBe(401);
    expect((await fetch(`${url}/readyz`, { headers: ONE_REQUEST })).status).toBe(503);
    expect((await fetch(`${url}/healthz`, { headers: ONE_REQUEST })).status).toBe(200);
  });

  it("6.17 answers as before when the database is back, without a restart", async () => {
    await door.open();
    await until(async () => (await send("{ me { email } }")).status === 200);
    for (const [what, ask] of asked) expect([what, (await ask()).status]).toEqual([what, 200]);
  });
});
