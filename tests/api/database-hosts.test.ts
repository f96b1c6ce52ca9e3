import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type MariaDb } from "../../scripts/mariadb.js";
import { ownPort } from "../../scripts/ports.js";
import { type Config } from "../../server/config.js";
import { openWaypostDatabase, openWaypostDatabaseOnce } from "../../server/database.js";
import { isDatabaseDown } from "../../server/kit/database-errors.js";
import { connectionsLent, type Database } from "../../server/kit/orm.js";
import { prepareDatabase } from "../../server/prepare.js";
import { type DatabaseProxy, openDatabaseProxy, type Rule } from "../kit/database-proxy.js";
import { copyTables } from "../kit/empty-tables.js";
import { startOwnMariaDb } from "../kit/mariadb.js";
import { until } from "../kit/until.js";
import { freshConfig, PATIENT } from "../kit/waypost.js";

const log = pino({ level: "silent" });
const READ_ONLY: Rule = (sql) => (sql.includes("@@global.read_only") ? { instead: "select 1 as mode" } : null);
const NOT_READY: Rule = (sql) => {
  if (sql.includes("'wsrep_on'")) return { instead: "select 'wsrep_on' as Variable_name, 'ON' as Value" };
  return sql.includes("'wsrep_ready'") ? { instead: "select 'wsrep_ready' as Variable_name, 'OFF' as Value" } : null;
};
const REFUSED_WRITE: Rule = (sql) => (/^begin$/.test(sql) ? { errno: 1290 } : READ_ONLY(sql));

/** Ways to one server stand for several: what counts is who is asked. */
describe("Several hosts in DATABASE_URL", () => {
  let hosts: DatabaseProxy[];
  let path: string;
  let config: Config;
  let opened: Database[];

  beforeAll(async () => {
    config = freshConfig("MySQL");
    await copyTables(inject("emptyTables"), config);
    path = new URL((config.database as { url: string }).url).pathname;
  });
  beforeEach(async () => {
    hosts = await Promise.all([1, 2, 3].map(() => openDatabaseProxy()));
    opened = [];
  });
  afterEach(async () => {
    for (const database of opened) await database.close();
    for (const host of hosts) await host.close().catch(() => {});
  });

  async function open(ports = hosts.map(({ port }) => port)): Promise<Database> {
    const url = `mysql://root@${ports.map((port) => `127.0.0.1:${port}`).join(",")}${path}`;
    const database = await openWaypostDatabaseOnce(
      { ...config, database: { kind: "mysql", url } },
      log,
      PATIENT.statement,
    );
    opened.push(database);
    return database;
  }
  const work = (database: Database, count = 1) =>
    Promise.all(
      Array.from({ length: count }, () =>
        database.em.fork().transactional((own) => own.execute("select 1 from catalog_revision")),
      ),
    );
  const works = (database: Database) =>
    work(database).then(
      () => true,
      () => false,
    );
  /** How many statements each was asked that were meant to do something. */
  const worked = () => hosts.map(({ statements }) => statements.filter((sql) => sql === "begin").length);
  const connected = () => hosts.map((host) => host.open());

  it("has all connections of a process on the first", async () => {
    await work(await open(), 30);
    expect(worked()).toEqual([30, 0, 0]);
    expect(hosts.map((host) => host.total()).slice(1)).toEqual([0, 0]);
  });

  it.each([
    ["read-only", READ_ONLY],
    ["a member of a cluster that is not ready", NOT_READY],
  ])("passes over one that is %s", async (_, rule) => {
    hosts[0]?.setRule(rule);
    await work(await open(), 30);
    expect(worked()).toEqual([0, 30, 0]);
  });

  it("passes over one where nobody is", async () => {
    const nobody = await ownPort();
    await work(await open([nobody, ...hosts.map(({ port }) => port)]), 3);
    expect(worked()).toEqual([3, 0, 0]);
  });

  it("fails over when the host goes away, and has no connection left on two", async () => {
    const database = await open();
    await work(database, 20);
    await hosts[0]?.close();
    await until(() => works(database));
    await work(database, 20);
    expect(worked()[1]).toBeGreaterThanOrEqual(21);
    expect(connected()[2]).toBe(0);
    expect(connectionsLent(database)).toBe(0);
  });

  it("fails over when the host can be written no longer, and ends what was under way there", async () => {
    const database = await open();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const underWay = database.em.fork().transactional(async (own) => {
      await own.execute("select 1 from catalog_revision");
      begun.resolve();
      await gate.promise;
      await own.execute("select 2 from catalog_revision");
    });
    await begun.promise;
    hosts[0]?.setRule(REFUSED_WRITE);
    await expect(work(database)).rejects.toThrow();
    await work(database, 5);
    gate.resolve();
    const error = await underWay.then(
      () => null,
      (reason) => reason,
    );
    expect(isDatabaseDown(error)).toBe(true);
    expect(worked()[1]).toBe(5);
    await until(() => connected()[0] === 0);
    expect(connectionsLent(database)).toBe(0);
  });

  it("goes back to the first that can be written when the one in use goes away", async () => {
    hosts[0]?.setRule(READ_ONLY);
    const database = await open();
    await work(database);
    hosts[0]?.setRule(null);
    await work(database);
    expect(worked()).toEqual([0, 2, 0]);
    await hosts[1]?.close();
    await until(() => works(database));
    expect(worked()[0]).toBeGreaterThan(0);
  });

  it("names what is wrong with each when none can be written, and waits for one", async () => {
    for (const host of hosts) host.setRule(READ_ONLY);
    const error = await open().then(
      () => null,
      (reason) => reason,
    );
    expect(isDatabaseDown(error)).toBe(true);
    for (const { port } of hosts) expect(error.message).toContain(`127.0.0.1:${port}: it is read-only`);

    const url = `mysql://root@${hosts.map(({ port }) => `127.0.0.1:${port}`).join(",")}${path}`;
    const opening = openWaypostDatabase({ ...config, database: { kind: "mysql", url } }, log);
    await until(() => hosts.every((host) => host.total() > 1));
    hosts[2]?.setRule(null);
    opened.push(await opening);
    await work(opened[0] as Database);
    expect(worked()).toEqual([0, 0, 1]);
  });
});

describe("A database that is reached by TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "waypost-tls-"));
  const file = (name: string) => join(folder, name);
  let mariaDb: MariaDb;
  let port: string;

  /** A certificate that signs itself. */
  function certify(name: string, host: string): void {
    const options = `req -x509 -newkey rsa:2048 -nodes -days 3 -subj /CN=${host} -addext subjectAltName=DNS:${host}`;
    const files = ["-keyout", file(`${name}-key.pem`), "-out", file(`${name}.pem`)];
    execFileSync("openssl", [...options.split(" "), ...files], { stdio: "ignore" });
  }

  beforeAll(async () => {
    certify("server", "localhost");
    certify("other", "localhost");
    certify("named", "db.test");
    mariaDb = await startOwnMariaDb([`--ssl-cert=${file("server.pem")}`, `--ssl-key=${file("server-key.pem")}`]);
    port = new URL(mariaDb.url).port;
  });
  afterAll(() => mariaDb.remove());

  const configAt = (host: string, settings: string): Config => ({
    ...freshConfig("SQLite"),
    database: { kind: "mysql", url: `mysql://root@${host}:${port}/tls?${settings}` },
  });
  const ssl = (ca: string) => `ssl=true&ssl-ca=${encodeURIComponent(file(ca))}`;
  const refusalOf = (config: Config) =>
    openWaypostDatabaseOnce(config, log).then(
      () => "It was taken.",
      (error) => String(error.message),
    );

  it.each(["127.0.0.1", "localhost"])("encrypts every connection, at %s", async (host) => {
    const config = configAt(host, ssl("server.pem"));
    await prepareDatabase(config, log, { firstUser: false });
    const database = await openWaypostDatabaseOnce(config, log);
    const rows = await Promise.all(
      Array.from({ length: 5 }, () => database.em.fork().execute("show status like 'Ssl_cipher'")),
    );
    for (const [row] of rows) expect(row?.Value).toMatch(/^\S+$/);
    await database.close();
  });

  it("refuses a certificate that nobody has signed whom it trusts", async () => {
    expect(await refusalOf(configAt("localhost", "ssl=true"))).toMatch(/self-signed certificate/);
    expect(await refusalOf(configAt("localhost", ssl("other.pem")))).toMatch(
      /self-signed certificate|unable to verify/,
    );
    expect(await refusalOf(configAt("127.0.0.1", ssl("other.pem")))).toMatch(
      /self-signed certificate|unable to verify/,
    );
  });

  it("refuses a server that does not encrypt", async () => {
    const { port } = new URL(inject("mysqlUrl"));
    const url = `mysql://root@127.0.0.1:${port}/tls?ssl=true`;
    expect(await refusalOf({ ...freshConfig("SQLite"), database: { kind: "mysql", url } })).toMatch(
      /secure connection/,
    );
  });

  it("is not used without it where the server requires it", async () => {
    const admin = await openWaypostDatabaseOnce(configAt("localhost", ssl("server.pem")), log);
    await admin.em.fork().execute("set global require_secure_transport = 1", [], "run");
    expect(await refusalOf(configAt("127.0.0.1", "ssl=false"))).toMatch(/secure transport|Access denied/i);
    await admin.em.fork().execute("set global require_secure_transport = 0", [], "run");
    await admin.close();
  });

  it("refuses another host's certificate", async () => {
    const named = await startOwnMariaDb([`--ssl-cert=${file("named.pem")}`, `--ssl-key=${file("named-key.pem")}`]);
    const url = `mysql://root@localhost:${named.port}/tls?${ssl("named.pem")}`;
    expect(await refusalOf({ ...freshConfig("SQLite"), database: { kind: "mysql", url } })).toMatch(
      /does not match certificate's altnames/,
    );
    await named.remove();
  });
});
