import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownPort } from "../../scripts/ports.ts";
import { readConfig } from "../../server/config.js";
import { openWaypostDatabase } from "../../server/database.js";
import { checkPort } from "../../server/start.js";
import { firstPassword, login, printed } from "../kit/first-start.js";
import { cleanUp, freshEnvironment, launch, start } from "../kit/processes.js";

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
    expect([told.stdout, silent.stdout].map((each) => /password/i.test(each))).toEqual([true, false]);
    const { API_PORT = "" } = name === "main" ? environment : { API_PORT: apiPortOf(mended.stdout) };
    expect(await login({ API_PORT }, "admin@localhost", firstPassword(environment))).toBeTruthy();
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
    const opened = openWaypostDatabase(readConfig({ DATABASE_URL }), log, { patienceMs: 1000 });
    await expect(opened).rejects.toThrow(/^DATABASE_URL is "mysql:\/\/root:\*\*\*@127.*ECONNREFUSED[^\n]*$/);
    await expect(opened).rejects.toMatchObject({ exitCode: 69 });
    expect(lines).toEqual([expect.stringContaining("trying again")]);
    expect(lines.join("")).not.toContain("s3cret");
  });
});

function apiPortOf(stdout: string): string {
  return new URL(printed(stdout, "GraphQL")).port;
}

function noDatabase(folder: string): string {
  const file = join(folder, "notes.txt");
  writeFileSync(file, "This is no database, just a few lines of text that someone keeps here.\n".repeat(100));
  return file;
}
