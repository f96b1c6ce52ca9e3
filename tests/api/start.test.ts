import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import pino from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ownPort } from "../../scripts/ports.ts";
import { readConfig } from "../../server/config.js";
import { openWaypostDatabase } from "../../server/database.js";
import { checkPort } from "../../server/start.js";
import { cleanUp, freshEnvironment, launch, start } from "../kit/processes.js";
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
    expect(clicks.data.clicks.items).toHaveLength(1);
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

describe("A start that cannot be", () => {
  const holder = createServer();
  let takenPort: number;
  beforeAll(async () => {
    takenPort = await ownPort();
    await new Promise<void>((resolve) => holder.listen(takenPort, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    holder.close();
    await cleanUp();
  });

  it.each(["main", "api", "tracker"] as const)(
    "says in one line of %s which variable is wrong, its value and what is allowed",
    async (name) => {
      const DATABASE_URL = "postgres://u:s3cret@h/d";
      const failed = launch(name, await freshEnvironment("SQLite", { DATABASE_URL }));
      expect((await failed.ended()).code).toBe(78);
      expect(failed.stderr.trimEnd().split("\n")).toEqual([expect.stringContaining("DATABASE_URL")]);
      expect(failed.stderr).toContain("postgres://u:***@h/d");
      expect(failed.stderr).toContain("mysql://user:password@host:port/database");
      expect(failed.stderr).not.toContain("s3cret");
      expect(failed.stdout).toBe("");
    },
  );

  it.each([
    ["api", "API_PORT"],
    ["tracker", "TRACKER_PORT"],
    ["main", "TRACKER_PORT"],
  ] as const)("says in one line of %s that %s is taken", async (name, variable) => {
    const environment = await freshEnvironment("SQLite", { [variable]: String(takenPort) });
    const failed = launch(name, environment);
    expect((await failed.ended()).code).toBe(78);
    expect(failed.words()).toEqual([
      `${variable} is ${takenPort}: another process listens there already. Stop that process, or set ${variable}.`,
    ]);
    expect(failed.stdout).not.toContain("Waypost is running");
    if (name === "tracker") return;

    // Main has looked before it made anything; the API has made the first user.
    const mended = await start("main", { ...environment, [variable]: String(await ownPort()) });
    const [told, silent] = name === "main" ? [mended, failed] : [failed, mended];
    expect(silent.stdout).not.toMatch(/password/i);
    const { API_PORT = "" } = name === "main" ? environment : { API_PORT: apiPortOf(mended.stdout) };
    expect(await login({ API_PORT }, "admin@localhost", printed(told.stdout, "Password"))).toBeTruthy();
  });

  it("waits for a port that another lets go a moment later", async () => {
    const port = await ownPort();
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    const lines: string[] = [];
    const write = (line: string) => {
      lines.push(line);
      other.close();
    };
    const log = pino({ level: "warn" }, { write });
    await checkPort({ host: "127.0.0.1", variable: "API_PORT", port }, log);
    expect(lines).toEqual([expect.stringContaining("Another process listens there")]);
  });

  it.each(["main", "api", "tracker"] as const)("says in one line of %s that HOST is no address here", async (name) => {
    const failed = launch(name, await freshEnvironment("SQLite", { HOST: "192.0.2.1" }));
    expect((await failed.ended()).code).toBe(78);
    expect(failed.words()).toEqual([expect.stringMatching(/^HOST is "192.0.2.1": it must be an address of this/)]);
  });

  it.each([
    ["a folder in place of the file", "main", (folder: string) => `sqlite:${folder}`],
    ["a file that is no database", "api", (folder: string) => `sqlite:${noDatabase(folder)}`],
    ["a file below a file", "tracker", (folder: string) => `sqlite:${noDatabase(folder)}/waypost.sqlite`],
  ] as const)("says in one line that the database cannot be used: %s", async (_, name, urlIn) => {
    const environment = await freshEnvironment("SQLite");
    const DATABASE_URL = urlIn(environment.DATA_DIR);
    const failed = launch(name, { ...environment, DATABASE_URL });
    expect((await failed.ended()).code).toBe(69);
    expect(failed.words()).toEqual([expect.stringContaining(`DATABASE_URL is "${DATABASE_URL}"`)]);
  });

  it("says in one line that a database refuses us, without the password", async () => {
    const environment = await freshEnvironment("MySQL");
    const DATABASE_URL = environment.DATABASE_URL?.replace("root@", "root:s3c@ret@") ?? "";
    const failed = launch("main", { ...environment, DATABASE_URL });
    expect((await failed.ended()).code).toBe(69);
    expect(failed.words()).toEqual([expect.stringMatching(/^DATABASE_URL is "mysql:\/\/root:\*\*\*@127.*denied/)]);
    expect(failed.stderr).not.toMatch(/s3c|ret@/);
  });

  it("waits for a database that cannot be reached, then says so in one line", async () => {
    const DATABASE_URL = `mysql://root:s3cret@127.0.0.1:${await ownPort()}/waypost`;
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
    const opened = openWaypostDatabase(readConfig({ DATABASE_URL }), log, 1000);
    await expect(opened).rejects.toThrow(/^DATABASE_URL is "mysql:\/\/root:\*\*\*@127.*ECONNREFUSED[^\n]*$/);
    await expect(opened).rejects.toMatchObject({ exitCode: 69 });
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toContain("trying again");
    expect(lines.join("")).not.toContain("s3cret");
  });
});

/** What stands behind a word of the welcome. */
function printed(stdout: string, label: string): string {
  return new RegExp(`^  ${label} +(.*)$`, "m").exec(stdout)?.[1] ?? "";
}

function apiPortOf(stdout: string): string {
  return new URL(printed(stdout, "GraphQL")).port;
}

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

async function login({ API_PORT }: Record<string, string>, email: string, password?: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${API_PORT}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token } }",
      variables: { email, password },
    }),
  });
  return ((await response.json()) as { data: { login: { token: string } } }).data.login.token;
}

function noDatabase(folder: string): string {
  const file = join(folder, "notes.txt");
  writeFileSync(file, "This is no database, just a few lines of text that someone keeps here.\n".repeat(100));
  return file;
}
