import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterEach, describe, expect, inject, it } from "vitest";
import { cleanUp, freshEnvironment, launch } from "./kit/processes.js";

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
