import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterEach, describe, expect, inject, it } from "vitest";
import { checkClock, EARLIEST_DAY } from "../../server/clock.js";
import { cleanUp, freshEnvironment, launch } from "../kit/processes.js";

describe("A start that fails after the database was reached", () => {
  afterEach(cleanUp);

  it.each([
    ["main", "CREATE", "select, insert, update, delete"],
    ["api", "ALTER", "select, insert, update, delete, create, index"],
    ["tracker", "ALTER", "select, insert, update, delete, create, index"],
  ] as const)("says in one line of %s that the database's user lacks %s", async (name, right, rights) => {
    const environment = await freshEnvironment("MySQL");
    const database = new URL(environment.DATABASE_URL ?? "").pathname.slice(1);
    const root = await createConnection(inject("mysqlUrl"));
    await root.query(`create database ${database}`);
    await root.query(`grant ${rights} on ${database}.* to ${name}_user@'127.0.0.1' identified by 's3cret'`);
    await root.end();

    const DATABASE_URL = environment.DATABASE_URL?.replace("root@", `${name}_user:s3cret@`) ?? "";
    const failed = launch(name, { ...environment, DATABASE_URL });
    expect((await failed.ended()).code).toBe(69);
    expect(failed.words()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^DATABASE_URL is "mysql://\\w+:\\*\\*\\*@127.*": the database cannot be brought up to date \\(${right} command denied.*\\)\\. Its user needs every right on it`,
        ),
      ),
    ]);
    expect(failed.stderr).not.toContain("s3cret");
  });

  it.each([
    ["garbage", "This is no country file."],
    ["nothing", ""],
  ])("says in one line that the country file in DATA_DIR holds %s", async (_, content) => {
    const environment = await freshEnvironment("SQLite");
    mkdirSync(environment.DATA_DIR, { recursive: true });
    writeFileSync(join(environment.DATA_DIR, "country.mmdb"), content);
    for (const name of ["tracker", "main"] as const) {
      const failed = launch(name, environment);
      expect((await failed.ended()).code).toBe(78);
      expect(failed.words()).toEqual([
        expect.stringMatching(/^DATA_DIR is ".*": country\.mmdb in it cannot be used \(.+\)\. Put .* or remove it\.$/),
      ]);
    }
  });
});

describe("A start with a clock that was never set", () => {
  afterEach(cleanUp);

  it.each(["main", "api", "tracker"] as const)("ends %s with one line that says what it shows", async (name) => {
    const day = Date.parse(EARLIEST_DAY);
    const clock = `--import=data:text/javascript,Date.now=()=>${day - 1}`;
    const failed = launch(name, await freshEnvironment("SQLite", { NODE_OPTIONS: clock }));
    expect((await failed.ended()).code).toBe(69);
    expect(failed.words()).toEqual([
      `The clock shows ${new Date(day - 1).toISOString()}: this Waypost was built on ${EARLIEST_DAY} or later. Set the machine's clock and start again.`,
    ]);
  });

  it("is told from one that may be right by the day of the newest migration", () => {
    expect(EARLIEST_DAY).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(() => checkClock(Date.parse(EARLIEST_DAY))).not.toThrow();
    expect(() => checkClock(0)).toThrow("1970-01-01T00:00:00.000Z");
  });
});
