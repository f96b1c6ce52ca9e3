import { type EntityManager } from "@mikro-orm/sql";
import fc from "fast-check";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { type FlowTerms, readFlowTerms } from "../../server/catalog/flow-terms.js";
import { Click } from "../../server/clicks/click.js";
import { changeByHand } from "../../server/conversions/change-by-hand.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { PostbackDialect } from "../../server/conversions/dialect.js";
import { PostbackLog } from "../../server/conversions/postback-log.js";
import { recordConversions } from "../../server/conversions/record-conversion.js";
import { openWaypostDatabase } from "../../server/database.js";
import { type EntityClass } from "../../server/kit/context.js";
import { counterTablesOf } from "../../server/kit/counters.js";
import { newId } from "../../server/kit/id.js";
import { formatMoney, MONEY_MAX } from "../../server/kit/money.js";
import { type Database } from "../../server/kit/orm.js";
import { type Difference, daysOf, differences, repair } from "../../server/kit/reconcile.js";
import { count } from "../../server/kit/tally.js";
import { writeTransaction } from "../../server/kit/transaction.js";
import { migrations } from "../../server/migrations/migrations.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const FACTS = [Click, Conversion, PostbackLog];
const START = Date.parse("2026-03-28T22:00:00.000Z");
const HOUR = 3_600_000;
/** When all of this happens, for the API and the tracker: a day that does not end meanwhile. */
const NOON = Date.parse("2026-11-25T12:00:00.000Z");

describe.each(databases)("Counters, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  let orm: Database;
  let em: EntityManager;
  let flows: FlowTerms[];
  beforeAll(async () => {
    waypost = await startWaypost(database, { now: () => NOON });
    facts = await openFacts(waypost);
    const log = pino({ level: "silent" });
    orm = await openWaypostDatabase(waypost.config, log);
    em = orm.em.fork();
    flows = [];
    for (const goals of [[{ key: "sale", revenue: "2.5" }, { key: "lead" }], [{ key: "sale", currency: "EUR" }]]) {
      const { id } = await waypost.seedFlow({ goals });
      flows.push((await readFlowTerms(em, [Number(id)], ["sale", "lead"])).get(Number(id)) as FlowTerms);
    }
  });
  afterAll(async () => {
    await facts.close();
    await orm.close();
    await waypost.close();
  });

  async function wrong(entity: EntityClass): Promise<Difference[]> {
    const found: Difference[] = [];
    for await (const one of differences(em.fork(), entity, await daysOf(em.fork(), entity))) found.push(one);
    return found;
  }
  const sumOf = async (table: string) => {
    const [row] = (await facts.execute(`select sum(n) as n from ${table} where span = 60`)) as { n: string | number }[];
    return Number(row?.n ?? 0);
  };

  const moment = fc.integer({ min: 0, max: 30 * HOUR }).map((ms) => START + ms);
  const flowIndex = fc.constantFrom(0, 1);
  const clicks = fc.array(
    fc.record({ at: moment, flow: flowIndex, country: fc.constantFrom("DE", "US", null), bot: fc.boolean() }),
    { minLength: 1, maxLength: 30 },
  );
  const logs = fc.array(
    fc.record({ at: moment, flow: fc.constantFrom(0, 1, null), status: fc.constantFrom(200, 202, 401, 404) }),
    { minLength: 1, maxLength: 10 },
  );
  const reports = fc.array(
    fc.record({
      at: moment,
      flow: flowIndex,
      click: fc.constantFrom("0", "1", "2"),
      goal: fc.constantFrom("sale", "lead", "unknown", null),
      status: fc.constantFrom(...Object.values(ConversionStatus), null),
      revenue: fc.constantFrom("0.0001", "0.00000001", "123.45678901", "999999999.9999", null),
      currency: fc.constantFrom("EUR", "USD", null),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const hands = fc.array(fc.record({ at: moment, status: fc.constantFrom(...Object.values(ConversionStatus)) }), {
    maxLength: 3,
  });
  const work = fc.record({ clicks, logs, reports, hands, writer: fc.constantFrom(0, 1, 7) });

  it("say what the facts say after any work: late arrivals, changes of status by postbacks and by hand, repeats, several writers", async () => {
    await fc.assert(
      fc.asyncProperty(work, async (done) => {
        await facts.clicks(done.clicks.map(({ flow, ...row }) => ({ ...row, flowId: flows[flow]?.flow.id ?? 0 })));
        await facts.logs(
          done.logs.map(({ flow, ...row }) => ({ ...row, flowId: flow === null ? null : flows[flow]?.flow.id })),
        );
        for (const { at, flow, click, ...said } of done.reports) {
          const arrival = newId(at);
          const report = {
            postback: { uid: null, ...said },
            dialect: PostbackDialect.WAYPOST,
            clickHash: click.repeat(32),
            flow: flows[flow] as FlowTerms,
            arrival,
            entryId: arrival,
            warnings: [],
          };
          await writeTransaction(em, (own) => recordConversions(own, [report]), done.writer);
        }
        for (const { at, status } of done.hands) {
          const all = await em.fork().find(Conversion, {});
          const some = all.filter((_, index) => index % 3 > 0).map((one) => ({ ...one, arrival: newId(at) }));
          await changeByHand(em, some, { status, userId: 1, note: null });
        }
        for (const entity of FACTS) expect(await wrong(entity)).toEqual([]);
      }),
      { numRuns: 15 },
    );
    for (const table of ["click", "conversion", "postback_log"]) {
      const [row] = (await facts.execute(`select count(*) as n from ${table}`)) as { n: number }[];
      expect(await sumOf(`${table}_count`)).toBe(row?.n);
    }
  });

  it("are filled from the facts that were there before there were counters", async () => {
    const before = migrations[migrations.findIndex(({ name }) => name.includes("count-facts")) - 1];
    await orm.migrator.down({ to: before?.name });
    await orm.migrator.up();
    for (const entity of FACTS) expect(await wrong(entity)).toEqual([]);
    expect(await sumOf("conversion_count")).toBeGreaterThan(0);
    expect(await sumOf("click_count")).toBeGreaterThan(await sumOf("click_count_by_country"));
  });

  it("3.3 count the bots of clicks of before by themselves, and together again when that is taken back", async () => {
    const sums = async (table: string) => {
      const condition = "where n <> 0 and span in (60, 86400) group by span, start order by span, start";
      return JSON.stringify(await facts.execute(`select span, start, sum(n) as n from ${table} ${condition}`));
    };
    const tables = ["click_count", "click_count_by_flow_id"];
    const before = await Promise.all(tables.map(sums));
    const earlier = migrations[migrations.findIndex(({ name }) => name.includes("bots-of-clicks")) - 1];
    await orm.migrator.down({ to: earlier?.name });
    expect(await Promise.all(tables.map(sums))).toEqual(before);
    await orm.migrator.up();
    expect(await Promise.all(tables.map(sums))).toEqual(before);
    expect(await wrong(Click)).toEqual([]);
    const [row] = (await facts.execute("select sum(n) as n from click_count where span = 60 and bot = 1")) as object[];
    expect(row).toEqual(((await facts.execute("select sum(bot) as n from click")) as object[])[0]);
  });

  it("leave out of a column's table what has nothing in it, and count it in the others", async () => {
    const before = [await sumOf("click_count_by_country"), await sumOf("click_count_by_flow_id")];
    await facts.clicks([{ flowId: 1, country: null }]);
    const after = [await sumOf("click_count_by_country"), await sumOf("click_count_by_flow_id")];
    expect(after).toEqual([before[0], Number(before[1]) + 1]);
  });

  it("follow what the doors take", async () => {
    const flow = await waypost.seedFlow({ goals: [{ key: "sale" }] });
    const click = await waypost.click(flow.key);
    await waypost.postback({ click, goal: "sale", revenue: "3" });
    await waypost.postback({ click, goal: "sale", status: "approved", revenue: "4.5" });
    await waypost.postback({ click, goal: "sale", status: "approved", revenue: "4.5" });
    await waypost.postback({ click: "nothing" });
    for (const entity of FACTS) expect(await wrong(entity)).toEqual([]);
    const rows = await facts.execute(
      `select n, revenue, revenue_whole, status from conversion_count_by_flow_id where flow_id = ${flow.id} and span = 60 and n <> 0`,
    );
    expect(rows).toEqual([{ n: 1, revenue: 50_000_000, revenue_whole: 4, status: "APPROVED" }]);
  });

  it("add up exactly what no 64-bit integer holds, and are made right from there", async () => {
    await facts.clear();
    const most = { flowId: 1, at: NOON, status: ConversionStatus.APPROVED, revenue: "999999999.9999" };
    await facts.conversions(["1", "2", "3"].map((uidKey) => ({ ...most, uidKey })));
    // So many facts of one day as the number of them has room for.
    const times = 700_000_000n;
    for (const table of counterTablesOf(Conversion).map((entity) => em.getMetadata().get(entity).tableName)) {
      const many = ["n", "revenue", "revenue_whole"].map((column) => `${column} = ${column} * ${times}`);
      await facts.execute(`update ${table} set ${many.join(", ")}`);
    }
    const revenue = async () => (await waypost.ask("{ dashboard { revenueToday { amount } } }")).dashboard.revenueToday;
    expect(await revenue()).toEqual([{ amount: formatMoney(3n * times * MONEY_MAX) }]);

    const click = await waypost.click((await waypost.seedFlow()).key);
    const { body } = await waypost.postback({ click, status: "approved", revenue: most.revenue });
    expect(body.code).toBe("RECORDED");
    expect(await revenue()).toEqual([{ amount: formatMoney((3n * times + 1n) * MONEY_MAX) }]);

    for (const one of await wrong(Conversion)) await repair(em.fork(), Conversion, one);
    expect(await wrong(Conversion)).toEqual([]);
    expect(await revenue()).toEqual([{ amount: "3999999999.9996" }]);
  });

  it("are refused outside of a transaction that writes them", () => {
    expect(() => count(em.fork(), Click, [])).toThrow("outside of a writeTransaction");
  });
});
