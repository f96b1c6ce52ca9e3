import { randomUUID } from "node:crypto";
import pino from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { type Config } from "../../server/config.js";
import { openWaypostDatabaseOnce } from "../../server/database.js";
import { connectionsLent, type Database, type EntityManager } from "../../server/kit/orm.js";
import { writeTransaction } from "../../server/kit/transaction.js";
import { JournalWriter } from "../../server/loader/journal-writer.js";
import { type DatabaseProxy, firstOnes, openDatabaseProxy } from "../kit/database-proxy.js";
import { copyTables } from "../kit/empty-tables.js";
import { until } from "../kit/until.js";
import { EMAIL, freshConfig, PASSWORD, PATIENT, startWaypost, type Waypost } from "../kit/waypost.js";

const log = pino({ level: "silent" });
const NO_QUORUM = { errno: 1047, sqlState: "08S01", message: "WSREP has not yet prepared node for application use" };

/** How a server behaves that cannot work for a moment, on living connections. */
describe("A database that refuses", () => {
  let proxy: DatabaseProxy;
  let config: Config;
  let database: Database;

  beforeAll(async () => {
    proxy = await openDatabaseProxy();
    const fresh = freshConfig("MySQL");
    await copyTables(inject("emptyTables"), fresh);
    const { pathname } = new URL((fresh.database as { url: string }).url);
    config = { ...fresh, database: { kind: "mysql", url: proxy.url + pathname } };
    database = await openWaypostDatabaseOnce(config, log, PATIENT.statement);
  });
  afterEach(() => proxy.setRule(null));
  afterAll(async () => {
    await database.close();
    await proxy.close();
  });

  const em = () => database.em.fork();
  const writer = () => ({
    name: randomUUID(),
    segment: new Date(0),
    position: 0,
    loadedUntil: new Date(0),
    seenAt: new Date(0),
    closed: true,
  });
  const store = (own: EntityManager, name: string) => own.insert(JournalWriter, { ...writer(), name } as never);
  const stored = (name: string) => em().count(JournalWriter, { name });
  /** Does something that is refused, so many times at once. */
  const refused = (count: number, work: () => Promise<unknown>) =>
    Promise.all(Array.from({ length: count }, () => expect(work()).rejects.toThrow()));

  it.each([
    ["begin", /^begin$/],
    ["how a transaction is to be read", /^set transaction/],
    ["to take back", /^rollback$/],
    ["how a session is to be", /^set session/],
  ])("6.1 destroys a connection that refuses %s, however often, and goes on", async (what, pattern) => {
    proxy.setRule((sql) => (pattern.test(sql) ? NO_QUORUM : null));
    const isRead = what.startsWith("how a transaction");
    const before = proxy.total();
    await refused(100, () =>
      em().transactional(
        async () => {
          throw new Error("It fails.");
        },
        isRead ? { isolationLevel: "repeatable read" as never } : {},
      ),
    );
    expect(connectionsLent(database)).toBe(0);
    expect(proxy.total()).toBeGreaterThan(before);
    proxy.setRule(null);
    const name = randomUUID();
    await writeTransaction(em(), (own) => store(own, name));
    expect(await stored(name)).toBe(1);
    await until(() => proxy.open() <= 16);
  });

  it("6.1 commits nothing of a transaction that could be neither committed nor taken back", async () => {
    const name = randomUUID();
    proxy.setRule((sql) => (/^(commit|rollback)$/.test(sql) ? NO_QUORUM : null));
    await refused(40, () => writeTransaction(em(), (own) => store(own, `${name} ${randomUUID()}`.slice(0, 64))));
    proxy.setRule(null);
    for (let count = 0; count < 40; count += 1) await writeTransaction(em(), (own) => store(own, randomUUID()));
    expect(await em().count(JournalWriter, { name: { $like: `${name}%` } })).toBe(0);
    expect(connectionsLent(database)).toBe(0);
  });

  it("6.1 sets up every connection that it uses, those made after a refusal too", async () => {
    proxy.setRule(firstOnes(1, /^set session transaction/, NO_QUORUM));
    const other = await openWaypostDatabaseOnce(config, log, PATIENT.statement);
    await expect(other.em.fork().execute("select 1")).rejects.toThrow();
    const [row] = await other.em
      .fork()
      .execute<{ mode: string; level: string }[]>("select @@sql_mode as mode, @@tx_isolation as level");
    expect(row).toEqual({ mode: expect.stringContaining("STRICT_ALL_TABLES"), level: "READ-COMMITTED" });
    await other.close();
  });

  it("6.1 closes with statements under way that are never answered", async () => {
    const other = await openWaypostDatabaseOnce(config, log);
    proxy.setRule((sql) => (/select 6/.test(sql) ? "silence" : null));
    const waiting = Promise.all(
      Array.from({ length: 20 }, () => expect(other.em.fork().execute("select 6")).rejects.toThrow()),
    );
    await until(() => connectionsLent(other) === 16);
    await other.close();
    await waiting;
    expect(connectionsLent(other)).toBe(0);
  });

  it.each([
    ["1213", { errno: 1213, sqlState: "40001" }],
    ["1205", { errno: 1205 }],
    ["3101", { errno: 3101, sqlState: "40000" }],
    ["1180 with 149", { errno: 1180, message: 'Got error 149 "Lock deadlock; Retry transaction" during COMMIT' }],
  ])("6.2 does a transaction again whose COMMIT meets a conflict: %s", async (_, conflict) => {
    const name = randomUUID();
    let times = 0;
    proxy.setRule(firstOnes(3, /^commit$/, conflict));
    await writeTransaction(em(), async (own) => {
      times += 1;
      await store(own, name);
    });
    expect([times, await stored(name)]).toEqual([4, 1]);
  });

  it("6.2 does a transaction once whose COMMIT fails for another reason", async () => {
    let times = 0;
    proxy.setRule(firstOnes(1, /^commit$/, { errno: 1180, message: "Got error 28 during COMMIT" }));
    await refused(1, () =>
      writeTransaction(em(), async (own) => {
        times += 1;
        await store(own, randomUUID());
      }),
    );
    expect(times).toBe(1);
  });

  it("6.2 does a statement again that meets a conflict by itself, outside of any transaction", async () => {
    const name = randomUUID();
    proxy.setRule(firstOnes(3, /^insert/, { errno: 1213, sqlState: "40001" }));
    await store(em(), name);
    expect(await stored(name)).toBe(1);
  });

  it("6.2 does no statement again by itself within a transaction, whose beginning is gone", async () => {
    const name = randomUUID();
    const statements = proxy.statements.length;
    proxy.setRule(firstOnes(1, /^insert/, { errno: 1213, sqlState: "40001" }));
    await writeTransaction(em(), (own) => store(own, name));
    const since = proxy.statements.slice(statements).filter((sql) => /^(begin|insert|rollback|commit)/.test(sql));
    expect(since.map((sql) => sql.split(" ")[0])).toEqual(["begin", "insert", "rollback", "begin", "insert", "commit"]);
    expect(await stored(name)).toBe(1);
  });

  it.each([
    ["a statement", /select 7/],
    ["begin", /^begin$/],
    ["commit", /^commit$/],
    ["rollback", /^rollback$/],
  ])("6.3 gives up a connection on which %s is not answered in time", async (what, pattern) => {
    const other = await openWaypostDatabaseOnce(config, log, 50);
    proxy.setRule(firstOnes(17, pattern, "silence"));
    const work = () =>
      other.em.fork().transactional(async (own) => {
        await own.execute("select 7");
        if (what === "rollback") throw new Error("It fails.");
      });
    await refused(17, work);
    expect(connectionsLent(other)).toBe(0);
    proxy.setRule(null);
    await until(() =>
      work().then(
        () => true,
        (error) => error.message === "It fails.",
      ),
    );
    await other.close();
  });
});

describe("An SQLite database", () => {
  it.each([
    ["was taken back already", ["rollback"]],
    ["was committed already", ["commit"]],
    ["is another than was begun", ["commit", "begin"]],
  ])("6.1 goes on after a transaction that %s when it is taken back", async (_, statements) => {
    const database = await openWaypostDatabaseOnce(freshConfig("SQLite"), log);
    for (let count = 0; count < 3; count += 1) {
      const failing = database.em.fork().transactional(async (own) => {
        for (const sql of statements) await own.execute(sql, [], "run");
        throw new Error("It fails.");
      });
      await expect(failing).rejects.toThrow("It fails.");
    }
    await database.em.fork().transactional((own) => own.execute("select 1"));
    await database.close();
  });
});

/** What goes through it: trackers, loader and API of one process. */
describe("Waypost on a database that refuses", () => {
  let proxy: DatabaseProxy;
  let waypost: Waypost;

  beforeAll(async () => {
    proxy = await openDatabaseProxy();
    const fresh = freshConfig("MySQL");
    await copyTables(inject("emptyTables"), fresh);
    const DATABASE_URL = proxy.url + new URL((fresh.database as { url: string }).url).pathname;
    waypost = await startWaypost("MySQL", {
      environment: { DATABASE_URL },
      waits: { ...PATIENT, statement: 500, journal: 100, postback: 1000, database: 2000 },
    });
  });
  afterEach(() => proxy.setRule(null));
  afterAll(async () => {
    await waypost.close();
    await proxy.close();
  });

  const clicks = (flow: { key: string }, count: number) =>
    Promise.all(Array.from({ length: count }, () => waypost.click(flow.key)));
  const total = async (list: string, filter: object = {}) => {
    const type = `${list[0]?.toUpperCase()}${list.slice(1, -1)}Filter`;
    const query = `query($filter: ${type}) { ${list}(filter: $filter) { totalCount } }`;
    const { data } = await waypost.graphql(query, { filter });
    return data?.[list]?.totalCount;
  };
  /** What was logged since, beyond what is said for whoever looks for mistakes. */
  const said = (since: number) =>
    waypost.logLines
      .slice(since)
      .map((line) => JSON.parse(line))
      .filter(({ level }) => level >= 30);
  const conflicts = [
    ["at COMMIT", /^commit$/, { errno: 1180, message: 'Got error 149 "Lock deadlock" during COMMIT' }],
    ["at a statement", /^(insert|update|delete)/, { errno: 1213, sqlState: "40001" }],
  ] as const;
  it.each(conflicts)("6.2 makes every change through a conflict %s", async (_, pattern, conflict) => {
    const flow = await waypost.seedFlow();
    const input = { name: "Another", paths: [{ url: "https://example.com/" }] };
    const login = `login(email: "${EMAIL}", password: "${PASSWORD}") { token }`;
    const changes: [string, object?][] = [
      ["mutation($input: FlowInput!) { createFlow(input: $input) { id } }", { input }],
      [`mutation { updateFlow(id: ${flow.id}, input: { name: "Renamed" }) { id } }`],
      [`mutation { deleteFlow(id: ${flow.id}) { id } }`],
      ['mutation { generatePostbackKey(name: "One more") { id } }'],
      [`mutation { ${login} }`],
      [`mutation { changePassword(current: "${PASSWORD}", new: "${PASSWORD}") }`],
    ];
    for (const [query, variables] of changes) {
      proxy.setRule(firstOnes(2, pattern, conflict));
      const { errors } = await waypost.graphql(query, variables);
      expect([query, errors]).toEqual([query, undefined]);
    }
  });

  it("6.3 loads on when a connection has died without a word", async () => {
    const flow = await waypost.seedFlow();
    proxy.setRule(firstOnes(2, /^insert into `click` /, "silence"));
    await clicks(flow, 5);
    await until(async () => (await total("clicks", { flowId: flow.id })) === 5);
  });

  it("6.4 puts nothing aside for an error that nobody knows, and tries all again together", async () => {
    const flow = await waypost.seedFlow();
    const since = proxy.statements.length;
    const lines = waypost.logLines.length;
    proxy.setRule(firstOnes(3, /^insert into `click` /, { errno: 9003 }));
    await clicks(flow, 60);
    await until(async () => (await total("clicks", { flowId: flow.id })) === 60);
    expect(await total("putAsides")).toBe(0);
    const tried = proxy.statements.slice(since).filter((sql) => /^insert into `click` /.test(sql));
    expect(tried.length).toBeLessThan(20);
    expect(said(lines).map(({ msg }) => msg)).toEqual([
      "The journal cannot be loaded; it is tried again until it can be.",
      "The journal is loaded again.",
    ]);
  });

  it("6.4 puts aside the one whose value is refused, and no other", async () => {
    const flow = await waypost.seedFlow();
    proxy.setRule((sql) => (/^insert into `click` .*poison/.test(sql) ? { errno: 1366, sqlState: "22007" } : null));
    await Promise.all([
      ...Array.from({ length: 20 }, () => waypost.click(flow.key)),
      waypost.click(flow.key, "?kw=poison"),
    ]);
    await until(async () => (await total("clicks", { flowId: flow.id })) === 20);
    await until(async () => (await total("putAsides")) === 1);
  });

  it("6.4 takes a postback that the database refuses for a reason nobody knows, and settles it later", async () => {
    const flow = await waypost.seedFlow();
    const [click = ""] = await clicks(flow, 1);
    await until(async () => (await total("clicks", { flowId: flow.id })) === 1);
    proxy.setRule(firstOnes(1, /^insert into `conversion` /, { errno: 9003 }));
    expect((await waypost.postback({ click, payout: "5" })).httpStatus).toBe(202);
    await until(async () => (await total("conversions", { flowId: flow.id })) === 1);
  });
});
