import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { ownPort } from "../../scripts/ports.ts";
import { login, printed } from "../kit/first-start.js";
import { cleanUp, freshEnvironment, start } from "../kit/processes.js";
import { databases } from "../kit/waypost.js";

describe.each(databases)("The first start, on %s", (database) => {
  afterEach(cleanUp);

  it("tells the operator all that is needed, and docs/by-curl.md leads from there to a conversion", async () => {
    const environment = await freshEnvironment(database, {
      LOG_LEVEL: "trace",
      HOST: "",
      ADMIN_EMAIL: "owner@example.com",
    });
    const main = await start("main", environment);
    const api = `http://localhost:${environment.API_PORT}`;
    const tracker = `http://localhost:${environment.TRACKER_PORT}`;
    expect(printed(main.stdout, "Admin")).toBe(`${api}/`);
    expect(printed(main.stdout, "Tracker")).toBe(tracker);
    expect(printed(main.stdout, "E-mail")).toBe("owner@example.com");
    expect(main.stdout).toContain("Next: open the admin, sign in");
    const page = await fetch(printed(main.stdout, "Admin"));
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const password = printed(main.stdout, "Password");
    const [, key = ""] = /\/postback\/([A-Za-z0-9_-]+)\?click=/.exec(printed(main.stdout, "Postback")) ?? [];
    expect(password.length).toBeGreaterThanOrEqual(16);
    expect(key.length).toBeGreaterThanOrEqual(16);

    const output = await bash(
      commandsOf("docs/by-curl.md", {
        "http://localhost:4000": api,
        "http://localhost:4001": tracker,
        "admin@localhost": "owner@example.com",
        YOUR_PASSWORD: password,
        YOUR_KEY: key,
      }),
    );
    const [flow, postback, list, change, clicks, changed] = output
      .split(/(?<=\})\s*(?=\{"(?:data|status)")/)
      .map((answer) => JSON.parse(answer));
    expect(flow.data.createFlow.trackingUrl).toBe(`${tracker}/c/first`);
    expect(postback).toMatchObject({ status: 200, code: "RECORDED" });
    expect(list.data.conversions.items).toMatchObject([
      {
        status: "APPROVED",
        revenue: "2.5000",
        currency: "USD",
        flow: { name: "First flow" },
        click: { subId: "zone-7", source: "google", country: null },
      },
    ]);
    expect(change.data.changeConversions).toEqual({ changed: 1, unchanged: 0, overtaken: 0 });
    // A moment after the click it may not be told yet that nothing older can follow: then the page ends before it.
    const { items: read, completeUntil } = clicks.data.clicks;
    expect(read).toHaveLength(list.data.conversions.items[0].click.createdAt < completeUntil ? 1 : 0);
    expect(changed.data.conversions.items).toMatchObject([{ status: "REJECTED" }]);

    main.kill("SIGTERM");
    expect(await main.ended()).toEqual({ code: 0, signal: null });
    expect(main.stderr).not.toContain(password);
    expect(main.stderr).not.toContain(key);

    const again = await start("main", { ...environment, LOG_LEVEL: "info" });
    expect(again.stdout).toContain(`http://localhost:${environment.API_PORT}`);
    expect(again.stdout).not.toMatch(/password|postback\/|next:/i);
  });

  it("makes one user when two start at once, and both serve", async () => {
    const environment = await freshEnvironment(database);
    const other = { ...environment, API_PORT: `${await ownPort()}`, TRACKER_PORT: `${await ownPort()}` };
    const mains = await Promise.all([start("main", environment), start("main", other)]);
    const passwords = mains.flatMap(({ stdout }) => (/Password {2}/.test(stdout) ? [printed(stdout, "Password")] : []));
    expect(passwords).toHaveLength(1);
    for (const each of [environment, other]) {
      expect(await login(each, "admin@localhost", passwords[0])).toMatch(/^\S{20,}$/);
    }
    expect(mains.flatMap((main) => main.words())).toEqual([]);
  });

  it("works with processes that are started by themselves, the tracker first, several at once", async () => {
    const environment = await freshEnvironment(database);
    const second = { ...environment, API_PORT: `${await ownPort()}` };
    const [tracker, ...apis] = await Promise.all([
      start("tracker", environment),
      start("api", environment),
      start("api", second),
    ]);
    expect(tracker.stdout).toBe("");
    const told = apis.filter((api) => /Password {2}/.test(api.stdout));
    expect(told).toHaveLength(1);
    const password = printed(told[0]?.stdout ?? "", "Password");
    for (const each of [environment, second]) expect(await login(each, "admin@localhost", password)).toBeTruthy();
  });
});

describe("The first start, with a password", () => {
  afterEach(cleanUp);

  it("does not print a password that was given, and it signs in", async () => {
    const PASSWORD = "  given 'by' the $operator\"  ";
    const environment = await freshEnvironment("SQLite", { ADMIN_PASSWORD: PASSWORD });
    const main = await start("main", environment);
    expect(main.stdout + main.stderr).not.toContain("the $operator");
    expect(printed(main.stdout, "Password")).toContain("ADMIN_PASSWORD");
    expect(await login(environment, "admin@localhost", PASSWORD)).toMatch(/^\S{20,}$/);
  });
});

/** The shell commands of a page of the docs, with values of one's own filled in, each of which must be there. */
function commandsOf(page: string, values: Record<string, string>): string {
  const blocks = [...readFileSync(page, "utf8").matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands);
  return Object.entries(values).reduce((script, [placeholder, value]) => {
    expect(script).toContain(placeholder);
    return script.replaceAll(placeholder, value);
  }, blocks.join(""));
}

async function bash(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", ["-c", script]);
  return stdout;
}
