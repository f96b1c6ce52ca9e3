import { rmSync } from "node:fs";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { updateFlow } from "../../server/catalog/flow-write.js";
import { type Config } from "../../server/config.js";
import { openWaypostDatabase } from "../../server/database.js";
import { type Database } from "../../server/kit/orm.js";
import { type RunningServer } from "../../server/kit/process.js";
import { prepareDatabase } from "../../server/prepare.js";
import { createTracker } from "../../server/tracker.js";
import { until } from "../kit/until.js";
import { databases, freshConfig, PATIENT } from "../kit/waypost.js";

/** More than a tracker reads at once, and not a multiple of that. */
const FLOWS = 450;
const silent = pino({ level: "silent" });

describe.each(databases)("A tracker of many flows, on %s", (name) => {
  let config: Config;
  let database: Database;
  let tracker: RunningServer;
  let trackerUrl: string;
  const statements: string[] = [];
  beforeAll(async () => {
    config = freshConfig(name);
    await prepareDatabase(config, silent, { firstUser: true });
    database = await openWaypostDatabase(config, silent);
    const numbers = Array.from({ length: FLOWS }, (_, index) => index + 1);
    const fill = (table: string, columns: string, row: (number: number) => string) =>
      database.em.execute(`insert into ${table} (${columns}) values ${numbers.map((id) => `(${row(id)})`).join(", ")}`);
    await fill(
      "flow",
      "id, `key`, name, name_folded, status, deleted, created_at, updated_at",
      (id) => `${id}, 'flow-${id}', 'Flow', 'flow', 'ACTIVE', 0, 0, 0`,
    );
    await fill(
      "path",
      "flow_id, url, weight, active, removed, position",
      (id) => `${id}, 'https://${id}.example/', 1, 1, 0, 0`,
    );

    const log = pino({ level: "debug" }, { write: (line: string) => void statements.push(line) });
    tracker = await createTracker(config, { log, loaderFile: inject("loaderFile"), waits: PATIENT });
    trackerUrl = `http://127.0.0.1:${await tracker.listen()}`;
  });
  afterAll(async () => {
    await tracker.close();
    await database.close();
    rmSync(config.dataDir, { recursive: true });
  });

  const visit = (id: number) => fetch(`${trackerUrl}/c/flow-${id}`, { method: "HEAD", redirect: "manual" });

  it("knows all of them from its start", async () => {
    for (const id of [1, 199, 200, 201, 400, 401, FLOWS]) {
      expect((await visit(id)).headers.get("location")).toBe(`https://${id}.example/`);
    }
  });

  it("reads the flow that changed and no other", async () => {
    const before = statements.length;
    const input = { paths: [{ url: "https://changed.example/", weight: 1, active: true }] };
    await updateFlow(database.em.fork(), "201", input, new Date());
    await until(async () => (await visit(201)).headers.get("location") === "https://changed.example/");
    for (const id of [200, 202]) expect((await visit(id)).headers.get("location")).toBe(`https://${id}.example/`);
    const read = statements.slice(before).flatMap((line) => {
      const [, table, rows] = /from `(flow|path|goal)` .* (\d+) results?\]/.exec(line) ?? [];
      return table ? [`${rows} ${table}`] : [];
    });
    expect(read).toEqual(["1 flow", "1 path"]);
  });

  it("reads all of them again from a database that is back from an older copy", async () => {
    await database.em.execute("update path set url = 'https://older.example/' where flow_id = 7");
    await database.em.execute("update catalog_revision set value = 0");
    await until(async () => (await visit(7)).headers.get("location") === "https://older.example/");
    expect((await visit(FLOWS)).headers.get("location")).toBe(`https://${FLOWS}.example/`);
  });
});
