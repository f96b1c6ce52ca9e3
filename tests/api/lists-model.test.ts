import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/conversions/conversion-status.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

/** One row as the model knows it, and the filters it answers to. */
type Row = { id: string; at: number } & Record<string, unknown>;
type Filter = Record<string, unknown>;
type Ask = { filter: Filter; order: "ASC" | "DESC"; perPage: number };

const ROWS = 300;
const RUNS = 40;
const START = Date.parse("2026-03-28T20:00:00.000Z");
const MOMENTS = Array.from({ length: 40 }, (_, index) => START + index * 977_351);
const COUNTRIES = ["DE", "US", "GR", null];
const GOALS = ["sale", "Sale", "sale ", "sàle", null];
const UIDS = ["", "u1", "U1", "ü1", "u1\u0000", "u".repeat(128)];
const STATUSES = Object.values(ConversionStatus);
const HTTP_STATUSES = [200, 202, 401, 404, 422];
const NAMES = [
  "alpha",
  "Alpha",
  "ALPHA 2",
  "äther",
  "Äther",
  "зима",
  "ЗИМА",
  "a\tb",
  "a b",
  "a",
  "ab",
  "🚀 up",
  "zz%",
  "z_z",
];
const FLOW_STATUSES = ["ACTIVE", "PAUSED", "ARCHIVED"];

const TIMES = ["from", "to", "updatedFrom", "updatedTo"];

/** Rows that differ in everything, the same in each run. */
function mixed<T>(values: readonly T[], index: number, salt: number): T {
  return values[(index * 7919 + salt * 104_729 + ((index * salt) >> 3)) % values.length] as T;
}

const withIds = (rows: object[], stored: { id: string }[]) =>
  rows.map((row, index) => ({ ...row, id: stored[index]?.id }) as Row);

describe.each(databases)("Lists and their model, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  const flows: Row[] = [];
  const clicks: Row[] = [];
  const conversions: Row[] = [];
  const logs: Row[] = [];

  beforeAll(async () => {
    waypost = await startWaypost(database);
    facts = await openFacts(waypost);
    for (let index = 0; index < 60; index += 1) {
      const [name, status] = [mixed(NAMES, index, 3), mixed(FLOW_STATUSES, index, 5)];
      const { id } = await waypost.seedFlow({ name, status });
      const deleted = index % 5 === 0;
      if (deleted) await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id });
      flows.push({ id, at: Number(id), name, status, deleted });
    }
    const each = <T>(make: (index: number) => T) => Array.from({ length: ROWS }, (_, index) => make(index));
    const common = (index: number) => ({
      at: mixed(MOMENTS, index, 2),
      flowId: Number(mixed(flows.slice(0, 3), index, 11).id),
    });
    const clickRows = each((index) => ({ ...common(index), country: mixed(COUNTRIES, index, 13) }));
    clicks.push(...withIds(clickRows, await facts.clicks(clickRows)));
    const conversionRows = each((index) => ({
      ...common(index),
      goal: mixed(GOALS, index, 3),
      uidKey: mixed(UIDS, index, 17),
      status: mixed(STATUSES, index, 19),
      clickHash: mixed(clicks.slice(0, 40), index, 23).id,
      goalSentKey: `sent${index}`,
      updatedAt: new Date(mixed(MOMENTS, index, 37)),
    }));
    conversions.push(...withIds(conversionRows, await facts.conversions(conversionRows)));
    const logRows = each((index) => {
      const clickHash = mixed([...clicks.slice(0, 5).map(({ id }) => id), "ABC", "abc", " abc", null], index, 29);
      const { flowId, at } = common(index);
      const clickKey = clickHash?.trim().toLowerCase();
      return { at, flowId: index % 3 ? flowId : null, status: mixed(HTTP_STATUSES, index, 31), clickHash, clickKey };
    });
    logs.push(...withIds(logRows, await facts.logs(logRows)));
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });

  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });
  const idsOf = (rows: () => Row[]) =>
    fc.array(
      fc.oneof(
        fc.nat(ROWS - 1).map((index) => rows()[index % rows().length]?.id ?? ""),
        fc.nat(ROWS - 1).map((index) => rows()[index % rows().length]?.id.toUpperCase() ?? ""),
        fc.string({ unit: "binary", maxLength: 40 }),
      ),
      { maxLength: 120 },
    );
  const moment = fc.tuple(fc.constantFrom(...MOMENTS), fc.integer({ min: -1, max: 1 })).map(([ms, by]) => ms + by);
  const flowId = fc.oneof(fc.constantFrom("1", "2", "3"), fc.constantFrom("4", "0", "x", "99999999999"));
  const order = fc.constantFrom("ASC" as const, "DESC" as const);
  const askOf = (filter: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Ask> =>
    fc.record({
      filter: fc
        .record(Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, maybe(value)])))
        .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))),
      order,
      perPage: fc.constantFrom(1, 7, 50, 99, 100, 300, 500),
    });

  /** Reads a list both by pages and by cursors, up to four steps each, and compares every step with the model's. */
  async function compare(list: string, type: string, sort: string, asked: Ask, expected: string[]): Promise<void> {
    const filter = Object.fromEntries(
      Object.entries(asked.filter).map(([name, value]) => [
        name,
        TIMES.includes(name) ? new Date(value as number).toISOString() : value,
      ]),
    );
    const query = `query($filter: ${type}Filter, $page: Int, $perPage: Int, $after: String) {
      list: ${list}(filter: $filter, sort: {field: ${sort}, order: ${asked.order}}, page: $page, perPage: $perPage, after: $after) {
        items { id } totalCount pageInfo { hasNextPage endCursor } } }`;
    let after: string | undefined;
    for (let step = 0; step < 4; step += 1) {
      const end = (step + 1) * asked.perPage;
      const shown = {
        ids: expected.slice(step * asked.perPage, end),
        total: expected.length,
        more: expected.length > end,
      };
      for (const place of [{ page: step + 1 }, { after }]) {
        const page = (await waypost.ask(query, { filter, perPage: asked.perPage, ...place })).list;
        const ids = page.items.map(({ id }: Row) => id);
        expect({ ids, total: page.totalCount, more: page.pageInfo.hasNextPage }).toEqual(shown);
        after = page.pageInfo.endCursor;
      }
      if (!shown.more) return;
    }
  }

  const check = (arbitrary: fc.Arbitrary<Ask>, run: (asked: Ask) => Promise<void>) =>
    fc.assert(fc.asyncProperty(arbitrary, run), { numRuns: RUNS });
  const sorted = (rows: Row[], { order: direction }: Ask) =>
    rows.map(({ id }) => id).sort((a, b) => (a < b === (direction === "ASC") ? -1 : 1));
  const inTime = ({ at }: Row, { from, to }: Filter) =>
    (from == null || at >= Number(from)) && (to == null || at < Number(to));
  const named = ({ id }: Row, { ids }: Filter) =>
    !ids || (ids as string[]).some((one) => one.trim().toLowerCase() === id);
  const equal = (row: Row, filter: Filter, name: string, column = name) =>
    filter[name] == null || String(row[column]) === filter[name];
  const time = { from: moment, to: moment };

  it("agree on clicks", async () => {
    const country = fc.constantFrom("DE", "de", " us ", "XX", "");
    const arbitrary = askOf({ ids: idsOf(() => clicks), flowId, country, ...time });
    await check(arbitrary, (asked) => {
      const { filter } = asked;
      const wanted = (filter.country as string | undefined)?.trim().toUpperCase();
      const rows = clicks.filter(
        (row) =>
          inTime(row, filter) &&
          named(row, filter) &&
          equal(row, filter, "flowId") &&
          (wanted === undefined || row.country === wanted),
      );
      return compare("clicks", "Click", "CREATED_AT", asked, sorted(rows, asked));
    });
  });

  it("agree on conversions", async () => {
    const arbitrary = askOf({
      ids: idsOf(() => conversions),
      flowId,
      goal: fc.constantFrom(...GOALS, "SALE", "'", ""),
      other: fc.constantFrom(true, false, null),
      status: fc.constantFrom(...STATUSES, null),
      uid: fc.constantFrom(...UIDS.slice(1), " u1 ", "u2", "u1' or '1'='1"),
      updatedFrom: moment,
      updatedTo: moment,
      clickHash: fc.nat(45).map((index) => clicks[index]?.id.toUpperCase() ?? "none"),
      ...time,
    });
    await check(arbitrary, (asked) => {
      const { filter } = asked;
      const rows = conversions.filter(
        (row) =>
          inTime(row, filter) &&
          named(row, filter) &&
          ["flowId", "goal", "status"].every((name) => equal(row, filter, name)) &&
          inTime({ ...row, at: Number(row.updatedAt) }, { from: filter.updatedFrom, to: filter.updatedTo }) &&
          (filter.other == null || (row.goal === null) === filter.other) &&
          (filter.uid == null || row.uidKey === (filter.uid as string).trim()) &&
          (filter.clickHash == null || row.clickHash === (filter.clickHash as string).toLowerCase()),
      );
      return compare("conversions", "Conversion", "CREATED_AT", asked, sorted(rows, asked));
    });
  });

  it("agree on postback logs", async () => {
    const clickHash = fc.oneof(
      fc.constantFrom("ABC", "abc ", "nothing", "'"),
      fc.nat(5).map((index) => clicks[index]?.id ?? ""),
    );
    const arbitrary = askOf({
      ids: idsOf(() => logs),
      flowId,
      status: fc.constantFrom(...HTTP_STATUSES, 500, -1, 2 ** 31 - 1),
      clickHash,
      ...time,
    });
    await check(arbitrary, (asked) => {
      const { filter } = asked;
      const rows = logs.filter(
        (row) =>
          inTime(row, filter) &&
          named(row, filter) &&
          equal(row, filter, "flowId") &&
          (filter.status == null || row.status === filter.status) &&
          (filter.clickHash == null || row.clickKey === (filter.clickHash as string).trim().toLowerCase()),
      );
      return compare("postbackLogs", "PostbackLog", "CREATED_AT", asked, sorted(rows, asked));
    });
  });

  it("agree on flows", async () => {
    const arbitrary = fc.tuple(
      fc.constantFrom("NAME", "CREATED_AT"),
      askOf({
        ids: idsOf(() => flows),
        status: fc.constantFrom(...FLOW_STATUSES, null),
        deleted: fc.constantFrom(true, false, null),
        search: fc.constantFrom("A", "alpha", "ÄTH", "зИм", "%", "_", " ", "2", "🚀", "b\\", "x'"),
      }),
    );
    const fold = (text: unknown) => Buffer.from(String(text).toLowerCase());
    await fc.assert(
      fc.asyncProperty(arbitrary, ([sort, asked]) => {
        const { ids, status, deleted = false, search } = asked.filter;
        const rows = flows.filter(
          (row) =>
            (!ids || (ids as string[]).includes(row.id)) &&
            (status == null || row.status === status) &&
            (deleted === null || row.deleted === deleted) &&
            (search == null || fold(row.name).includes(fold(search).toString().trim())),
        );
        rows.sort((a, b) => (sort === "NAME" ? Buffer.compare(fold(a.name), fold(b.name)) : 0) || a.at - b.at);
        if (asked.order === "DESC") rows.reverse();
        return compare(
          "flows",
          "Flow",
          sort,
          asked,
          rows.map(({ id }) => id),
        );
      }),
      { numRuns: RUNS },
    );
  });
});
