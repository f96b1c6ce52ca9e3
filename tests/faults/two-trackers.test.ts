import { readFileSync } from "node:fs";
import { afterEach, describe, expect, inject, it } from "vitest";
import { cleanUp, freshEnvironment, start } from "../kit/processes.js";
import { until } from "../kit/until.js";
import { databases, PASSWORD } from "../kit/waypost.js";

afterEach(cleanUp);

describe.each(databases)("Two trackers, each a process of its own, on %s", (database) => {
  it("record one conversion of fifty equal postbacks at once, and log all fifty", async () => {
    const environment = await freshEnvironment(database, { ADMIN_PASSWORD: PASSWORD });
    const other = { ...environment, TRACKER_PORT: (await freshEnvironment("SQLite")).TRACKER_PORT };
    const api = await start("api", environment);
    await start("tracker", environment);
    await start("tracker", other);
    const key = /\/postback\/([\w-]+)\?/.exec(api.stdout)?.[1];

    const ask = async (query: string, token = "") => {
      const response = await fetch(`http://127.0.0.1:${environment.API_PORT}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: the data of any query.
      return ((await response.json()) as { data: any }).data;
    };
    const { login } = await ask(`mutation { login(email: "admin@localhost", password: "${PASSWORD}") { token } }`);
    const flow =
      'mutation { createFlow(input: { key: "f", name: "F", paths: [{ url: "https://example.com/?c={click}" }] }) { id } }';
    await ask(flow, login.token);
    const redirect = await fetch(`http://127.0.0.1:${environment.TRACKER_PORT}/c/f`, { redirect: "manual" });
    const click = new URL(redirect.headers.get("location") ?? "").searchParams.get("c");
    await until(async () => (await ask("{ clicks { totalCount } }", login.token)).clicks.totalCount === 1);

    const ports = [environment.TRACKER_PORT, other.TRACKER_PORT];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        fetch(`http://127.0.0.1:${ports[index % 2]}/postback/${key}?click=${click}&uid=u&status=approved&revenue=2`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { code: string }[];
    expect(bodies.filter(({ code }) => code === "RECORDED")).toHaveLength(1);
    const { conversions, postbackLogs } = await ask(
      "{ conversions { totalCount items { revenue status } } postbackLogs { totalCount } }",
      login.token,
    );
    expect(conversions).toEqual({ totalCount: 1, items: [{ revenue: "2.0000", status: "APPROVED" }] });
    expect(postbackLogs.totalCount).toBe(50);
    // The server describes every deadlock with the tables in it.
    const name = environment.DATABASE_URL ? new URL(environment.DATABASE_URL).pathname.slice(1) : "no database of it";
    expect(readFileSync(inject("mysqlLog"), "utf8")).not.toContain(name);
  });
});
