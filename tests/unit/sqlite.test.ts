import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { NodeSqlite } from "../../server/kit/sqlite.js";

describe("SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "waypost-sqlite-"));
  const database = new Kysely<unknown>({ dialect: new NodeSqlite(join(folder, "a.sqlite")) });
  afterAll(async () => {
    await database.destroy();
    rmSync(folder, { recursive: true });
  });
  const rows = async (statement: string) => (await sql.raw(statement).execute(database)).rows;

  it("answers whole numbers that no number of JavaScript holds as text, and all others as numbers", async () => {
    await rows("create table held (id integer primary key, amount integer, name text, share real)");
    const all = [
      { id: 1, amount: "99999999999990000", name: "a", share: 0.5 },
      { id: 2, amount: 9_007_199_254_740_991, name: null, share: null },
      { id: 3, amount: "-9007199254740993", name: "c", share: 1.5 },
    ];
    await rows("insert into held values (1, 99999999999990000, 'a', 0.5), (2, 9007199254740991, null, null)");
    expect(await rows("insert into held values (3, -9007199254740993, 'c', 1.5) returning *")).toEqual([all[2]]);
    for (const _ of ["first", "again, by the same statement"]) {
      expect(await rows("select * from held order by id")).toEqual(all);
    }
    expect(await rows("select * from held where id = 2")).toEqual([all[1]]);
    expect(await rows("select count(*) as n from held")).toEqual([{ n: 3 }]);
  });
});
