import { rmSync } from "node:fs";
import { join } from "node:path";
import { type EntityManager } from "@mikro-orm/sql";
import pino from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { createFlow } from "../../server/catalog/flow-write.js";
import { Goal } from "../../server/catalog/goal.js";
import { CLICK_ENTRY } from "../../server/clicks/click-store.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { ConversionChange } from "../../server/conversions/conversion-change.js";
import { PostbackDialect } from "../../server/conversions/dialect.js";
import { POSTBACK_ENTRY } from "../../server/conversions/received-postback.js";
import { entities, openWaypostDatabase } from "../../server/database.js";
import { newId } from "../../server/kit/id.js";
import { realDisk } from "../../server/kit/journal/disk.js";
import { createProgress } from "../../server/kit/journal/progress.js";
import { START } from "../../server/kit/journal/segments.js";
import { takeSlot } from "../../server/kit/journal/slots.js";
import { createJournalWriter } from "../../server/kit/journal/writer.js";
import { migrationsFor } from "../../server/kit/migrate.js";
import { type Database, openDatabase } from "../../server/kit/orm.js";
import { daysOf, differences } from "../../server/kit/reconcile.js";
import { migrations } from "../../server/migrations/migrations.js";
import { prepareDatabase } from "../../server/prepare.js";
import { DULL_CLICK, openFacts } from "../kit/facts.js";
import { databases, freshConfig, startWaypost, type Waypost } from "../kit/waypost.js";

const log = pino({ level: "silent" });
const STEP = migrations.findIndex(({ name }) => name.includes("hundred-millionths"));
const step = migrations[STEP] as (typeof migrations)[number];
const before = migrations[STEP - 1]?.name as string;
const NOON = Date.parse("2026-11-25T12:00:00.000Z");

describe.each(databases)("Amounts of before, on %s", (name) => {
  const kind = name === "MySQL" ? "mysql" : "sqlite";
  const open: Database[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const database of open.splice(0)) await database.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** A database with amounts, brought back to how the version before had it. */
  async function startOld(revenues: string[]) {
    const config = freshConfig(name);
    folders.push(config.dataDir);
    await prepareDatabase(config, log, { firstUser: true });
    const facts = await openFacts({ config } as Waypost);
    const conversions = await facts.conversions(
      revenues.map((revenue, index) => ({
        flowId: 1,
        at: NOON,
        status: ConversionStatus.APPROVED,
        revenue,
        uidKey: `${index}`,
        goal: index % 2 === 0 ? "sale" : null,
      })),
    );
    await facts.changes(conversions.map(({ id, revenue }) => ({ conversionId: id, revenue })));
    await facts.changes(conversions.slice(0, 1).map(({ id }) => ({ conversionId: id, revenue: null })));
    await facts.close();
    const database = await openWaypostDatabase(config, log);
    open.push(database);
    for (const revenue of revenues) {
      await database.em.fork().insert(Goal, { flowId: 1, key: `g${revenue}`, revenue, currency: "USD", position: 0 });
    }
    await database.migrator.down({ to: before });
    return { config, em: database.em.fork() };
  }

  async function wrong(em: EntityManager): Promise<unknown[]> {
    const found = [];
    for await (const one of differences(em.fork(), Conversion, await daysOf(em.fork(), Conversion))) found.push(one);
    return found;
  }

  it("are the same amounts in hundred-millionths, and so are their counted sums, after a step that broke off everywhere", async () => {
    const revenues = ["0.0000", "0.0001", "1234.5678", "2.5000", "999999999.9999", "999999999.9999"];
    const { config, em } = await startOld(revenues);
    const stored = async (table: string) =>
      (await em.execute(`select revenue from ${table}`)).map((row) => `${row.revenue}`);
    const inTenThousandths = revenues.map((revenue) => `${BigInt(revenue.replace(".", ""))}`).sort();
    expect((await stored("conversion")).sort()).toEqual(inTenThousandths);
    // One that lies all in its rest, as sums did before they had two parts.
    const ofGoals = "update conversion_count_by_goal set";
    await em.execute(`${ofGoals} revenue = revenue + revenue_units * 10000000, revenue_units = 0`, [], "run");

    const statements = step.up[kind];
    let taken: string[] = [];
    const breaking = { ...step, up: { mysql: [], sqlite: [], [kind]: [] } };
    Object.defineProperty(breaking.up, kind, { get: () => taken });
    const options = { entities, migrations: migrationsFor(kind, [...migrations.slice(0, STEP), breaking]), log };
    const database = await openDatabase(config.database, options);
    open.push(database);
    for (let many = 1; many <= statements.length; many += 1) {
      taken = [...statements.slice(0, many), "nonsense"];
      await expect(database.migrator.up({ to: step.name })).rejects.toThrow("nonsense");
    }
    await prepareDatabase(config, log, { firstUser: true });

    const amounts = (rows: { revenue: string | null }[]) => rows.flatMap(({ revenue }) => revenue ?? []).sort();
    expect(amounts(await em.fork().find(Conversion, {}))).toEqual(revenues);
    expect(amounts(await em.fork().find(ConversionChange, {}))).toEqual(revenues);
    expect(amounts(await em.fork().find(Goal, {}))).toEqual(revenues);
    expect(await wrong(em)).toEqual([]);
  });

  it("are written by no process of before any more: what counts them has another name", async () => {
    const { config, em } = await startOld(["2.5000"]);
    const count = `insert into conversion_count (span, start, status, other, currency, writer, n, revenue, revenue_units)
      values (1, 1, 'APPROVED', 1, 'USD', 7, 1, 25000, 0)`;
    await em.execute(count, [], "run");
    await em.execute("delete from conversion_count where writer = 7", [], "run");
    await prepareDatabase(config, log, { firstUser: true });
    await expect(em.execute(count, [], "run")).rejects.toThrow(/revenue_units/);
  });
});

describe.each(databases)("Postbacks that the version before kept, on %s", (name) => {
  it("say amounts as text, with no unit: from the journal and from where they wait for their click", async () => {
    const config = freshConfig(name);
    await prepareDatabase(config, log, { firstUser: true });
    const address = config.database.kind === "mysql" ? config.database.url : `sqlite:${config.database.file}`;
    const clicks = [newId(Date.now()), newId(Date.now())] as const;
    /** As the version before wrote it. */
    const received = (clickHash: string, uid: string) => ({
      postback: { goal: null, status: "APPROVED", revenue: "2.5000", currency: "EUR", uid },
      clickHash,
      warnings: [],
      entry: {
        id: newId(Date.now()),
        clickHash,
        clickKey: clickHash,
        goal: null,
        uid,
        ip: "192.0.2.1",
        method: "GET",
        dialect: PostbackDialect.WAYPOST,
        reading: [{ parameter: "revenue", name: "payout", place: "query", value: "2.5", means: "2.5000" }],
        payload: { click: clickHash, payout: "2.5" },
        payloadCut: false,
        postbackKeyId: 1,
        suppressed: 0,
        replayOfId: null,
      },
    });
    const database = await openWaypostDatabase(config, log);
    const { id: flowId } = await createFlow(database.em, { name: "A flow" }, new Date());
    await database.close();
    const facts = await openFacts({ config } as Waypost);
    await facts.clicks([{ id: clicks[1], flowId }]);
    const waiting = received(clicks[1], "waited");
    await facts.execute(
      `insert into pending_postback (id, click_hash, received) values (x'${waiting.entry.id}', x'${clicks[1]}', '${JSON.stringify(waiting)}')`,
    );
    await facts.close();
    const slot = takeSlot(join(config.dataDir, "journal"));
    const progress = createProgress();
    const writer = createJournalWriter({
      disk: realDisk,
      folder: slot.folder,
      progress,
      done: () => START,
      now: Date.now,
      failed: () => {},
    });
    await writer.append(CLICK_ENTRY, JSON.stringify({ id: clicks[0], flowId, ...DULL_CLICK }));
    await writer.append(POSTBACK_ENTRY, JSON.stringify(received(clicks[0], "journal")));
    await writer.close();
    slot.release();

    const waypost = await startWaypost(name, { environment: { DATA_DIR: config.dataDir, DATABASE_URL: address } });
    const list = "{ conversions { items { uid status revenue currency history { revenue } } } }";
    await expect.poll(async () => (await waypost.ask(list)).conversions.items).toHaveLength(2);
    const { conversions } = await waypost.ask(list);
    const said = { status: "APPROVED", revenue: "2.5000", currency: "EUR", history: [{ revenue: "2.5000" }] };
    expect(conversions.items).toEqual(
      expect.arrayContaining([
        { ...said, uid: "journal" },
        { ...said, uid: "waited" },
      ]),
    );
    await waypost.close();
  });
});
