import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createConnection } from "mysql2/promise";
import { afterEach, describe, expect, inject, it } from "vitest";
import { cleanUp, freshEnvironment, launch, start } from "../kit/processes.js";
import { until } from "../kit/until.js";

/** The first statement of a start that has to wait, as the log has it when it was given up, and when it was done. */
const GIVEN_UP = /update lease [^[]*\[took \d+ ms\]/;
const DONE = /update lease [^[]*\[took \d+ ms, 1 rows? affected\]/;

describe("A start waits", () => {
  afterEach(cleanUp);

  it("for another process that writes to SQLite for longer than a statement waits", async () => {
    const environment = await freshEnvironment("SQLite", { LOG_LEVEL: "debug" });
    const first = await start("main", environment);
    first.kill("SIGTERM");
    await first.ended();

    const migration = new DatabaseSync(join(environment.DATA_DIR, "waypost.sqlite"));
    migration.exec("begin immediate");
    const tracker = launch("tracker", environment);
    await until(() => GIVEN_UP.test(tracker.stderr));
    migration.exec("commit");
    migration.close();
    await until(() => DONE.test(tracker.stderr) && tracker.stderr.includes("Ready."));
    expect(tracker.words()).toEqual([]);
  });

  it("for a server that has no connection left for its user", async () => {
    const root = await createConnection(inject("mysqlUrl"));
    await root.query("create user few@'127.0.0.1' with max_user_connections 4");
    await root.query("grant all on *.* to few@'127.0.0.1'");
    const { port } = new URL(inject("mysqlUrl"));
    const others = await Promise.all(
      Array.from({ length: 4 }, () => createConnection({ host: "127.0.0.1", port: Number(port), user: "few" })),
    );

    const environment = await freshEnvironment("MySQL");
    const DATABASE_URL = environment.DATABASE_URL?.replace("root@", "few@") ?? "";
    const tracker = launch("tracker", { ...environment, DATABASE_URL });
    await until(() => tracker.stderr.includes("trying again"));
    for (const other of others) await other.end();
    await until(() => tracker.stderr.includes("Ready."));
    expect(tracker.words()).toEqual([]);
    await root.query("drop user few@'127.0.0.1'");
    await root.end();
  });
});
