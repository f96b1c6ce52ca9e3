import { rmSync } from "node:fs";
import pino from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { User } from "../../server/accounts/user.js";
import { Flow } from "../../server/catalog/flow.js";
import { createFlow, updateFlow } from "../../server/catalog/flow-write.js";
import { PostbackKey } from "../../server/catalog/postback-key.js";
import { type Config } from "../../server/config.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { entities, openWaypostDatabase } from "../../server/database.js";
import { newId } from "../../server/kit/id.js";
import { withLease } from "../../server/kit/lease.js";
import { migrationsFor } from "../../server/kit/migrate.js";
import { type Database, openDatabase } from "../../server/kit/orm.js";
import { migrations } from "../../server/migrations/migrations.js";
import { prepareDatabase } from "../../server/prepare.js";
import { openFacts } from "../kit/facts.js";
import { until } from "../kit/until.js";
import { databases, freshConfig, startWaypost, type Waypost } from "../kit/waypost.js";

const log = pino({ level: "silent" });

describe.each(databases)("The database, on %s", (name) => {
  const open: Database[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const database of open.splice(0)) await database.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function fresh(): Config {
    const config = freshConfig(name);
    folders.push(config.dataDir);
    return config;
  }
  async function openAt(config: Config): Promise<Database> {
    const database = await openWaypostDatabase(config, log);
    open.push(database);
    return database;
  }

  it("has after its migrations exactly the tables that the nouns describe", async () => {
    const config = fresh();
    await prepareDatabase(config, log, { firstUser: true });
    const database = await openAt(config);
    const { up } = await database.schema.getUpdateSchemaMigrationSQL({ wrap: false, dropTables: false });
    expect(up.trim()).toBe("");
    expect(await database.migrator.checkSchema()).toBe(false);
    expect(await database.migrator.getPending()).toEqual([]);
  });

  it("is left empty when every migration is taken back, and works again after they are taken anew", async () => {
    const config = fresh();
    await prepareDatabase(config, log, { firstUser: true });
    const database = await openAt(config);
    await database.migrator.down({ to: 0 });
    const progress = name === "MySQL" ? ["migration_progress"] : [];
    expect(await tablesOf(database)).toEqual(["lease", ...progress, "mikro_orm_migrations"]);
    expect(await prepareDatabase(config, log, { firstUser: true })).toMatchObject({ email: "admin@localhost" });
    expect(await database.migrator.getExecuted()).toHaveLength(migrations.length);
    expect(await database.migrator.checkSchema()).toBe(false);
  });

  it("is brought up to date also when each of its migrations breaks off after every one of its statements", async () => {
    const config = fresh();
    const kind = name === "MySQL" ? "mysql" : "sqlite";
    const broken = "nonsense";
    /** The statements of the step that is taken, as many as it comes to. */
    let statements: string[] = [];
    const steps = migrations.map((step) => ({
      ...step,
      up: {
        get mysql() {
          return statements;
        },
        get sqlite() {
          return statements;
        },
      },
    }));
    const options = { entities, migrations: migrationsFor(kind, steps), log };
    const breaking = await openDatabase(config.database, options);
    open.push(breaking);
    for (const step of migrations) {
      const whole = step.up[kind];
      // SQLite takes a step whole or not at all.
      for (let taken = kind === "mysql" ? 0 : whole.length - 1; taken < whole.length; taken += 1) {
        statements = [...whole.slice(0, taken + 1), broken];
        await expect(breaking.migrator.up({ to: step.name })).rejects.toThrow(broken);
        // The change of a table that was under way may be made and not noted: what changes rows never is.
        if (kind === "mysql" && !/^(insert|update|delete)/.test(whole[taken] as string)) {
          await breaking.em
            .fork()
            .execute("update migration_progress set taken = ? where step = ?", [taken, step.name]);
        }
      }
      statements = whole;
      await breaking.migrator.up({ to: step.name });
    }
    await prepareDatabase(config, log, { firstUser: true });
    const database = await openAt(config);
    expect(await database.migrator.getExecuted()).toHaveLength(migrations.length);
    expect(await database.migrator.checkSchema()).toBe(false);
  });

  it("says that it is brought up to date, which may take minutes, and says nothing of that to a newcomer", async () => {
    const config = fresh();
    const said: string[] = [];
    const telling = pino({ level: "info" }, { write: (line) => void said.push(line) });
    await prepareDatabase(config, telling, { firstUser: true });
    expect(said).toEqual([]);
    const database = await openAt(config);
    const [before, newest] = migrations.slice(-2).map((step) => step.name);
    await database.migrator.down({ to: before });
    await prepareDatabase(config, telling, { firstUser: true });
    expect(said.map((line) => JSON.parse(line))).toMatchObject([
      { msg: expect.stringContaining("Bringing the database up to date"), steps: [newest] },
      { msg: "The database is up to date." },
    ]);
  });

  it("takes what a migration that broke off has changed of rows no second time", async () => {
    const statements = ["create table counted (n int)", "insert into counted values (1)"];
    const take = async (taken: string[]) => {
      const step = {
        name: "2026-01-01-0000-count",
        up: { mysql: taken, sqlite: taken },
        down: { mysql: [], sqlite: [] },
      };
      const kind = name === "MySQL" ? "mysql" : "sqlite";
      const options = { entities, migrations: migrationsFor(kind, [step]), log };
      const database = await openDatabase(address, options);
      open.push(database);
      await database.migrator.up();
      return database.em.fork().execute("select n from counted");
    };
    const address = fresh().database;
    await expect(take([...statements, "nonsense"])).rejects.toThrow("nonsense");
    expect(await take(statements)).toEqual([{ n: 1 }]);
  });

  it("keeps conversions of before first arrivals were kept, counted as they were", async () => {
    const config = fresh();
    await prepareDatabase(config, log, { firstUser: true });
    const database = await openAt(config);
    const facts = await openFacts({ config } as Waypost);
    const [kept] = await facts.conversions([
      { flowId: 1, at: 1_700_000_000_000, firstPostbackId: newId(1_600_000_000_000) },
    ]);
    await facts.close();
    await database.migrator.down({
      to: migrations[migrations.findIndex(({ name }) => name.includes("first-arrival")) - 1]?.name,
    });
    await database.migrator.up();
    const [conversion] = await database.em.fork().find(Conversion, {});
    expect(conversion).toMatchObject({ id: kept?.id, firstPostbackId: kept?.id, clickHash: kept?.clickHash });
    expect(await database.migrator.checkSchema()).toBe(false);
  });

  it("finds postbacks of before by what they came to in the end, counted so", async () => {
    const config = fresh();
    await prepareDatabase(config, log, { firstUser: true });
    const database = await openAt(config);
    const facts = await openFacts({ config } as Waypost);
    const processedAt = new Date();
    const said = (code: string, refused: boolean) => ({ status: 202, code, refused, processedAt });
    await facts.logs([said("RECORDED", false), said("FLOW_DELETED", true), { status: 200, code: "REPEATED" }]);
    await facts.close();
    const at = migrations.findIndex(({ name }) => name.includes("what-postbacks-came-to"));
    const query =
      "select code, refused, sum(n) as n from postback_log_count where span = (select max(span) from postback_log_count) group by code, refused";
    const counted = async () => {
      const rows = await database.em.fork().execute<{ code: string; refused: number; n: string }[]>(query);
      return rows.map(({ code, refused, n }) => `${code} ${refused} ${n}`).sort();
    };
    await database.migrator.down({ to: migrations[at - 1]?.name });
    expect(await counted()).toEqual(["ACCEPTED 0 2", "REPEATED 0 1"]);
    await database.migrator.up();
    expect(await counted()).toEqual(["FLOW_DELETED 1 1", "RECORDED 0 1", "REPEATED 0 1"]);
    expect(await database.migrator.checkSchema()).toBe(false);
  });

  it("finds flows of before by the destinations that their paths have, and counts none of them as changed", async () => {
    const config = fresh();
    await prepareDatabase(config, log, { firstUser: true });
    const database = await openAt(config);
    const { em } = database;
    const urls = ["https://Shop.Example/a", "https://КРЕМ.example/b"];
    const now = new Date();
    const made = await createFlow(em.fork(), { name: "Of before", paths: urls.map((url) => ({ url })) }, now);
    await createFlow(em.fork(), { name: "Without paths" }, now);
    await updateFlow(em.fork(), String(made.id), { paths: [{ url: urls[1] }] }, now);
    const kept = () => em.fork().find(Flow, {}, { populate: ["destinationsFolded"], orderBy: { id: "asc" } });
    const before = await kept();
    expect(before.map(({ destinationsFolded }) => destinationsFolded)).toEqual(["https://крем.example/b", ""]);
    const at = migrations.findIndex(({ name }) => name.includes("flows-by-their-destinations"));
    await database.migrator.down({ to: migrations[at - 1]?.name });
    await prepareDatabase(config, log, { firstUser: true });
    expect(await kept()).toEqual(before);
    // A start that broke off has filled some of them.
    await em.fork().nativeUpdate(Flow, { id: made.id }, { destinationsFolded: null });
    await prepareDatabase(config, log, { firstUser: true });
    expect(await kept()).toEqual(before);
  });

  it.each([2, 5, 12])("is prepared once when %i do it at once", async (count) => {
    const config = fresh();
    const all = await Promise.all(
      Array.from({ length: count }, () => prepareDatabase(config, log, { firstUser: true })),
    );
    expect(all.filter((first) => first !== null)).toHaveLength(1);
    const em = (await openAt(config)).em.fork();
    expect(await em.count(User, {})).toBe(1);
    expect(await em.count(PostbackKey, {})).toBe(1);
  });

  it("lets one process at a time do what a lease guards, and all of them in the end", async () => {
    const config = fresh();
    let inside = 0;
    const seen: number[] = [];
    const workers = Array.from({ length: 8 }, async () => {
      const em = (await openAt(config)).em.fork();
      for (let round = 0; round < 3; round += 1) {
        await withLease(em, "test", async () => {
          inside += 1;
          await new Promise((resolve) => setTimeout(resolve, 5));
          seen.push(inside);
          inside -= 1;
        });
      }
    });
    await Promise.all(workers);
    expect(seen).toEqual(Array.from({ length: 24 }, () => 1));
  });

  it("gives a lease back when the work fails, and takes over that of a dead holder when it has expired", async () => {
    const em = (await openAt(fresh())).em.fork();
    await expect(withLease(em, "test", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await withLease(em, "test", async () => "again")).toBe("again");

    const expiresMs = Date.now() + 300;
    await em.execute("update lease set holder = 'dead', expires_ms = ?", [expiresMs], "run");
    const takenAt = await withLease(em, "test", async () => Date.now());
    expect(takenAt).toBeGreaterThan(expiresMs);
  });

  it("6.9 tells who waits for a lease that another has it, and who has it at once nothing", async () => {
    const config = fresh();
    const [holder, waiter] = [(await openAt(config)).em.fork(), (await openAt(config)).em.fork()];
    const told: string[] = [];
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const held = withLease(
      holder,
      "test",
      () => {
        begun.resolve();
        return gate.promise;
      },
      () => told.push("holder"),
    );
    await begun.promise;
    const waited = withLease(
      waiter,
      "test",
      async () => told.push("done"),
      () => told.push("waiter"),
    );
    await until(() => told.length > 0);
    gate.resolve();
    await Promise.all([held, waited]);
    expect(told).toEqual(["waiter", "done"]);
  });

  it("compares postback keys and texts byte for byte, and flow keys without case", async () => {
    const waypost = await startWaypost(name);
    const goals = ["sale", "Sale", "sále", "sale2"];
    const flow = await waypost.seedFlow({ goals: goals.map((key) => ({ key })) });
    const click = await waypost.click(flow.key);
    const uids = ["a", "A", "ä", "a\u0308", "ａ", "ss", "ß", "😀"];
    const sent = [...goals.map((goal) => ({ goal })), ...uids.map((uid) => ({ goal: "sale", uid }))];
    for (const more of sent) {
      expect((await waypost.postback({ click, ...more })).body).toMatchObject({ status: 200, code: "RECORDED" });
    }
    const count = async (filter: object) =>
      (
        await waypost.ask("query($filter: ConversionFilter) { conversions(filter: $filter) { totalCount } }", {
          filter,
        })
      ).conversions.totalCount;
    for (const goal of goals) expect([goal, await count({ goal })]).toEqual([goal, goal === "sale" ? 9 : 1]);
    for (const uid of uids) expect([uid, await count({ uid })]).toEqual([uid, 1]);
    expect(await count({ goal: "SALE" })).toBe(0);
    expect(await count({ goal: "sale " })).toBe(0);

    await waypost.ask('mutation { generatePostbackKey(key: "Mixed-Case") { id } }');
    expect((await waypost.track(`/postback/Mixed-Case?click=${click}`)).status).toBe(200);
    expect((await waypost.track(`/postback/mixed-case?click=${click}`)).status).toBe(401);
    expect((await waypost.track(`/c/${flow.key.toUpperCase()}`)).status).toBe(302);
    await waypost.close();
  });
});

async function tablesOf(database: Database): Promise<string[]> {
  const isSqlite = database.config.getAll().dbName?.endsWith(".sqlite");
  const rows = await database.em
    .fork()
    .execute<{ name: string }[]>(
      isSqlite
        ? "select name from sqlite_schema where type = 'table' and name not like 'sqlite%' order by name"
        : "select table_name as name from information_schema.tables where table_schema = database() order by name",
    );
  return rows.map(({ name }) => name);
}
