import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { afterEach, describe, expect, inject, it } from "vitest";
import { cleanUp, freshEnvironment, launch, start } from "../kit/processes.js";
import { until } from "../kit/until.js";

describe("A start waits", () => {
  afterEach(cleanUp);

  it("for another process that writes to SQLite for longer than a statement waits", async () => {
    const environment = await freshEnvironment("SQLite");
    const first = await start("main", environment);
    first.kill("SIGTERM");
    await first.ended();

    const migration = new DatabaseSync(join(environment.DATA_DIR, "waypost.sqlite"));
    migration.exec("begin immediate");
    const starting = start("tracker", environment);
    await sleep(7000);
    migration.exec("commit");
    migration.close();
    expect((await starting).words()).toEqual([]);
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
