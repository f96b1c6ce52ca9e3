import { setImmediate as nextTurn } from "node:timers/promises";
import { type EntityManager } from "@mikro-orm/sql";
import pino from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { announced } from "../../server/conversions/announcement.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { openWaypostDatabase } from "../../server/database.js";
import { momentOf, newId } from "../../server/kit/id.js";
import { type Database } from "../../server/kit/orm.js";
import { daysOf, differences, repair } from "../../server/kit/reconcile.js";
import { readCompleteUntil } from "../../server/loader/complete-until.js";
import { clicksAhead } from "../kit/clicks-ahead.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { until } from "../kit/until.js";
import { databases, EMAIL, startWaypost, type Waypost } from "../kit/waypost.js";

const CHANGE = `mutation($filter: ConversionFilter!, $expected: Int!, $status: ConversionStatus!, $note: String) {
  changeConversions(filter: $filter, expected: $expected, status: $status, note: $note) { changed unchanged overtaken } }`;
const ONE = `query($id: ID!) { conversion(id: $id) { status revenue createdAt updatedAt
  history { status revenue note applied change user { email } createdAt } } }`;

const DAY_MS = 86_400_000;
const NOBODY = { user: null, note: null };

describe.each(databases)("Conversions changed by hand, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  let nextClick: () => string;
  let orm: Database;
  let em: EntityManager;
  let flow: Awaited<ReturnType<Waypost["seedFlow"]>>;
  let now = Date.now;
  beforeAll(async () => {
    waypost = await startWaypost(database, { now: () => now() });
    facts = await openFacts(waypost);
    orm = await openWaypostDatabase(waypost.config, pino({ level: "silent" }));
    em = orm.em.fork();
    flow = await waypost.seedFlow({ goals: [{ key: "sale" }] });
    nextClick = await clicksAhead(waypost, flow.key, 30);
  });
  afterEach(async () => {
    now = Date.now;
    const wrong: unknown[] = [];
    for await (const one of differences(em.fork(), Conversion, await daysOf(em.fork(), Conversion))) wrong.push(one);
    expect(wrong).toEqual([]);
  });
  afterAll(async () => {
    await facts.close();
    await orm.close();
    await waypost.close();
  });

  const change = async (filter: object, expected: number, status: string, note?: string) =>
    (await waypost.ask(CHANGE, { filter, expected, status, note })).changeConversions;
  const one = async (id: string) => (await waypost.ask(ONE, { id })).conversion;
  const total = async (filter: object) =>
    (await waypost.ask("query($filter: ConversionFilter) { conversions(filter: $filter) { totalCount } }", { filter }))
      .conversions.totalCount;
  /** A conversion of a click of its own. */
  async function convert(parameters: Record<string, string> = {}): Promise<{ id: string; click: string }> {
    const click = nextClick();
    const { body } = await waypost.postback({ click, ...parameters });
    return { id: body.conversionId, click };
  }

  /** Pending conversions of one moment, made by one statement in the database, and counted. */
  async function seedOfOneMoment(at: number, count: number): Promise<void> {
    const digits = `(${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `select ${digit} as d`).join(" union all ")})`;
    const numbers = `(select a.d + 10 * b.d + 100 * c.d + 1000 * e.d as i from ${digits} a, ${digits} b, ${digits} c, ${digits} e) numbers`;
    const id =
      database === "SQLite"
        ? `unhex(printf('%012X%020X', ${at}, i))`
        : `unhex(concat(lpad(hex(${at}), 12, '0'), lpad(hex(i), 20, '0')))`;
    await facts.execute(`insert into conversion (id, first_postback_id, click_hash, flow_id, goal, other, goal_sent_key, status,
      revenue, currency, uid_key, updated_at)
      select ${id}, ${id}, ${id}, ${flow.id}, null, 1, '', 'PENDING', 0, 'USD', '', ${at} from ${numbers} where i < ${count}`);
    const uncounted = differences(em.fork(), Conversion, { from: at, to: at + DAY_MS });
    for await (const difference of uncounted) await repair(em.fork(), Conversion, difference);
  }

  it("have the new status in lists, totals and updatedFrom, and who did it and why in their history", async () => {
    const [first, second] = [await convert({ revenue: "3" }), await convert()];
    const before = { approved: await total({ status: "APPROVED" }), pending: await total({ status: "PENDING" }) };
    const began = new Date().toISOString();
    const ids = [first.id, second.id.toUpperCase()];
    const note = "  Confirmed by phone, <b>Ana</b> 🎉 ";
    expect(await change({ ids }, 2, "APPROVED", note)).toEqual({ changed: 2, unchanged: 0, overtaken: 0 });
    expect(await total({ status: "APPROVED" })).toBe(before.approved + 2);
    expect(await total({ status: "PENDING" })).toBe(before.pending - 2);
    expect(await total({ updatedFrom: began, clickHash: first.click })).toBe(1);
    const { history, ...conversion } = await one(first.id);
    expect(conversion).toMatchObject({ status: "APPROVED", revenue: "3.0000", updatedAt: history[1].createdAt });
    expect(conversion.createdAt).toBe(history[0].createdAt);
    const was = { status: "PENDING", revenue: "3.0000", currency: "USD" };
    expect(history[0]).toMatchObject({
      ...NOBODY,
      status: "PENDING",
      applied: true,
      change: { before: null, after: was },
    });
    expect(history[1]).toMatchObject({
      status: "APPROVED",
      revenue: null,
      note: note.trim(),
      user: { email: EMAIL },
      applied: true,
      change: { before: was, after: { ...was, status: "APPROVED" } },
    });
  });

  it("are as many as were confirmed, or none is changed", async () => {
    const { id, click } = await convert();
    for (const [filter, expected, found] of [
      [{ clickHash: click }, 2, 1],
      [{ clickHash: click }, 0, 1],
      [{ ids: [id, newId(0)] }, 2, 1],
      [{ clickHash: newId(0) }, 1, 0],
      [{ clickHash: click, status: "REJECTED" }, -1, 0],
    ] as const) {
      const { errors } = await waypost.graphql(CHANGE, { filter, expected, status: "APPROVED" });
      expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field: "expected" });
      expect(errors?.[0]?.message).toContain(`leaves ${found} now, not ${expected}`);
    }
    expect((await one(id)).history).toHaveLength(1);
    expect(await change({ clickHash: newId(0) }, 0, "APPROVED")).toMatchObject({ changed: 0 });
  });

  it.each([
    [{ clickHash: "no hash" }, "clickHash"],
    [{ ids: ["x"] }, "ids.0"],
    [{ goal: null }, "goal"],
    [{ status: null }, "status"],
  ])("7.7 are not those of a filter that can leave none, or leaves all by mistake: %j", async (filter, field) => {
    const { errors } = await waypost.graphql(CHANGE, { filter, expected: 0, status: "APPROVED" });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field });
  });

  it("refuse a note that is too long, in its place", async () => {
    const { id } = await convert();
    const given = { filter: { ids: [id] }, expected: 1, status: "APPROVED" };
    const { errors } = await waypost.graphql(CHANGE, { ...given, note: "ü".repeat(501) });
    expect(errors?.[0]).toMatchObject({
      message: "The note has 501 characters; at most 500 are allowed.",
      extensions: { code: "BAD_USER_INPUT", field: "note" },
    });
    expect(await change(given.filter, 1, "APPROVED", "🎉".repeat(500))).toMatchObject({ changed: 1 });
    expect((await one(id)).history[1].note).toBe("🎉".repeat(500));
  });

  it("that have the status already are left alone, and only a note is kept", async () => {
    const { id } = await convert({ status: "approved" });
    const before = await one(id);
    expect(await change({ ids: [id] }, 1, "APPROVED", " ")).toEqual({ changed: 0, unchanged: 1, overtaken: 0 });
    expect(await one(id)).toEqual(before);
    await change({ ids: [id] }, 1, "APPROVED", "Seen.");
    const after = await one(id);
    expect(after).toMatchObject({
      ...before,
      history: [before.history[0], { note: "Seen.", status: "APPROVED", change: null }],
    });
  });

  it("are changed again by a postback that arrives later, and not by one that arrived before", async () => {
    const { id, click } = await convert({ status: "approved" });
    const postbackAt = (ms: number, status: string) => {
      now = () => ms;
      return waypost.postback({ click, status });
    };
    const at = Date.now() + 60_000;
    for (const status of ["REJECTED", "REJECTED"]) {
      now = () => at;
      await change({ ids: [id] }, 1, status);
      expect((await postbackAt(at - 4000, "approved")).body.code).toBe("SUPERSEDED");
      expect(await one(id)).toMatchObject({ status: "REJECTED" });
    }
    expect((await postbackAt(at + 1, "pending")).body.code).toBe("UPDATED");
    now = () => at;
    expect(await change({ ids: [id] }, 1, "APPROVED", "Too late")).toEqual({ changed: 0, unchanged: 0, overtaken: 1 });
    const { status, history } = await one(id);
    expect(status).toBe("PENDING");
    expect(history.find(({ note }: { note: string }) => note === "Too late")).toMatchObject({
      applied: false,
      change: null,
    });
  });

  it("that have it already keep it when a postback from before is processed later", async () => {
    const { id, click } = await convert({ status: "approved" });
    const at = Date.now() + 60_000;
    now = () => at;
    await change({ ids: [id] }, 1, "APPROVED");
    now = () => at - 4000;
    expect((await waypost.postback({ click, status: "rejected" })).body.code).toBe("SUPERSEDED");
    expect((await one(id)).status).toBe("APPROVED");
    expect((await waypost.postback({ click, status: "rejected", revenue: "7" })).body.code).toBe("UPDATED");
    const { history } = await one(id);
    expect(history.at(-1).change).toEqual({
      before: { status: "APPROVED", revenue: "0.0000", currency: "USD" },
      after: { status: "APPROVED", revenue: "7.0000", currency: "USD" },
    });
  });

  it("by the thousand go by a filter, in several transactions; too many are refused", async () => {
    // Days before all others here, and near them: their counters are looked through after every test.
    const day = Date.parse(new Date().toISOString().slice(0, 10)) - 3 * DAY_MS;
    await facts.conversions(
      Array.from({ length: 1200 }, (_, index) => ({ at: day + index * 1000, flowId: Number(flow.id) })),
    );
    await seedOfOneMoment(day + DAY_MS, 8801);
    const to = new Date(day + 1_200_000).toISOString();
    const filter = { from: new Date(day).toISOString(), to, flowId: flow.id };
    expect(await change({ ...filter, status: "PENDING" }, 1200, "REJECTED", "All of the day")).toMatchObject({
      changed: 1200,
    });
    expect(await change(filter, 1200, "APPROVED")).toMatchObject({ changed: 1200 });
    expect(await total({ ...filter, status: "APPROVED" })).toBe(1200);
    const late = { ...filter, to: new Date(day + 2 * DAY_MS).toISOString() };
    const { errors } = await waypost.graphql(CHANGE, { filter: late, expected: 10_001, status: "APPROVED" });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field: "filter" });
    expect(errors?.[0]?.message).toContain("more than 10000");
  });

  it("by several at once, with postbacks for the same ones, have the last status that was said", async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => convert()));
    const ids = made.map(({ id }) => id);
    const turns = ["APPROVED", "REJECTED", "PENDING", "APPROVED", "REJECTED"];
    await Promise.all(
      turns.flatMap((status, turn) => [
        change({ ids: turn % 2 ? ids : [...ids].reverse() }, 12, status, `turn ${turn}`),
        ...made.map(async ({ click }, index) => {
          // Each a little later than the other, by what else happens and not by the clock.
          for (let pause = turn * index; pause > 0; pause -= 1) await nextTurn();
          return waypost.postback({ click, status: (turns[(turn + index) % 5] ?? "").toLowerCase() });
        }),
      ]),
    );
    for (const id of ids) {
      const { status, history } = await one(id);
      expect(history.filter(({ note }: { note: string | null }) => note)).toHaveLength(5);
      const kept = await em.fork().findOneOrFail(Conversion, { id });
      const last = history.findLast(({ applied }: { applied: boolean }) => applied);
      expect(Date.parse(last.createdAt)).toBeLessThanOrEqual(momentOf(kept.statusFrom ?? "").getTime());
      expect(status).toBe(last.status);
    }
  });

  it("hold back the moment up to which everything is complete, as long as they are being changed", async () => {
    const id = newId(Date.now());
    await announced(em, id, async () => {
      await until(() => Date.now() > momentOf(id).getTime() + 20);
      expect((await readCompleteUntil(em)).getTime()).toBeLessThanOrEqual(momentOf(id).getTime());
    });
    await announced(em, newId(0), async () => {
      expect((await readCompleteUntil(em)).getTime()).toBeGreaterThan(0);
    });
    await expect(announced(em, newId(Date.now()), () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(await facts.execute("select count(*) as n from announcement")).toEqual([{ n: 0 }]);
  });
});
