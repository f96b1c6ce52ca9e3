import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { askEach } from "../kit/ask-each.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { borrowWaypost } from "../kit/lent-waypost.js";
import { databases, type Waypost } from "../kit/waypost.js";

/** One row as the model knows it, and the filters it answers to. */
type Row = { id: string; at: number } & Record<string, unknown>;
type Filter = Record<string, unknown>;
type Ask = { filter: Filter; order: "ASC" | "DESC"; perPage: number };

const ROWS = 300;
/** How many questions are asked of each list, and how many of them in one document. */
const RUNS = 40;
const AT_ONCE = 10;
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
/** Ids that nothing has. */
const UNKNOWN = { flow: ["777", "4294967295"], fact: ["0".repeat(32), ` ${"F".repeat(32)} `] };
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
    waypost = await borrowWaypost(database);
    facts = await openFacts(waypost);
    const flowRows = Array.from({ length: 60 }, (_, index) => ({
      name: mixed(NAMES, index, 3),
      status: mixed(FLOW_STATUSES, index, 5),
      deleted: index % 5 === 0,
    }));
    const create = {
      kind: "mutation",
      types: "$input: FlowInput!",
      field: "createFlow(input: $input) { id }",
    } as const;
    const made = await askEach(
      waypost.ask,
      create,
      flowRows.map(({ name, status }) => ({ input: { name, status } })),
    );
    flows.push(...withIds(flowRows, made).map((row) => ({ ...row, at: Number(row.id) })));
    await askEach(
      waypost.ask,
      { kind: "mutation", types: "$id: ID!", field: "deleteFlow(id: $id) { id }" },
      flows.filter(({ deleted }) => deleted).map(({ id }) => ({ id })),
    );
    const each = <T>(make: (index: number) => T) => Array.from({ length: ROWS }, (_, index) => make(index));
    const common = (index: number) => ({
      at: mixed(MOMENTS, index, 2),
      flowId: Number(mixed(flows.slice(0, 3), index, 11).id),
    });
    const clickRows = each((index) => ({
      ...common(index),
      country: mixed(COUNTRIES, index, 13),
      bot: index % 7 === 0,
    }));
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
        fc.constantFrom(...UNKNOWN[rows() === flows ? "flow" : "fact"]),
      ),
      { maxLength: 120 },
    );
  const moment = fc.tuple(fc.constantFrom(...MOMENTS), fc.integer({ min: -1, max: 1 })).map(([ms, by]) => ms + by);
  const flowId = fc.oneof(fc.constantFrom("1", "2", "3"), fc.constantFrom("4", "4294967295"));
  const order = fc.constantFrom("ASC" as const, "DESC" as const);
  const askOf = (filter: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Ask> =>
    fc.record({
      filter: fc
        .record(Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, maybe(value)])))
        .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))),
      order,
      perPage: fc.constantFrom(1, 7, 50, 99, 100, 300, 500),
    });

  /**
   * Reads lists both by pages and by cursors, up to four steps each, and compares every step with the model's. All of them at
   * once: first the pages, then what follows the cursor of each page.
   */
  async function compare(list: string, type: string, all: { sort: string; asked: Ask; expected: string[] }[]) {
    const steps = all.flatMap(({ sort, asked, expected }) => {
      const { order, perPage } = asked;
      const filter = Object.fromEntries(
        Object.entries(asked.filter).map(([name, value]) => [
          name,
          TIMES.includes(name) ? new Date(value as number).toISOString() : value,
        ]),
      );
      const last = Math.min(Math.max(Math.ceil(expected.length / perPage), 1), 4);
      return Array.from({ length: last }, (_, step) => ({
        given: { filter, sort: { field: sort, order }, perPage, page: step + 1 },
        shown: {
          ids: expected.slice(step * perPage, (step + 1) * perPage),
          total: expected.length,
          more: expected.length > (step + 1) * perPage,
        },
        isLast: step === last - 1,
      }));
    });
    const sortType = type === "Flow" ? "FlowSort" : "FactSort";
    const ask = (variables: Record<string, unknown>[]) =>
      askEach(
        waypost.ask,
        {
          types: `$filter: ${type}Filter, $sort: ${sortType}, $page: Int, $perPage: Int, $after: String`,
          field: `${list}(filter: $filter, sort: $sort, page: $page, perPage: $perPage, after: $after) {
            items { id } totalCount pageInfo { hasNextPage endCursor } }`,
        },
        variables,
      );
    const shownIn = (page: { items: Row[]; totalCount: number; pageInfo: { hasNextPage: boolean } }) => ({
      ids: page.items.map(({ id }) => id),
      total: page.totalCount,
      more: page.pageInfo.hasNextPage,
    });
    const pages = await ask(steps.map(({ given }) => given));
    for (const [place, { given, shown }] of steps.entries()) {
      expect({ given, ...shownIn(pages[place]) }).toEqual({ given, ...shown });
    }
    const followed = steps.flatMap(({ given, isLast }, place) => {
      const after = pages[place].pageInfo.endCursor;
      return isLast ? [] : [{ given: { ...given, page: 1, after }, shown: steps[place + 1]?.shown }];
    });
    const following = await ask(followed.map(({ given }) => given));
    for (const [place, { given, shown }] of followed.entries()) {
      expect({ given, ...shownIn(following[place]) }).toEqual({ given, ...shown });
    }
  }

  /** Compares a list with what the model says of each of many questions. */
  const check = (list: string, type: string, arbitrary: fc.Arbitrary<Ask>, expectedOf: (asked: Ask) => string[]) =>
    fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { minLength: AT_ONCE, maxLength: AT_ONCE }), (all) =>
        compare(
          list,
          type,
          all.map((asked) => ({ sort: "CREATED_AT", asked, expected: expectedOf(asked) })),
        ),
      ),
      { numRuns: RUNS / AT_ONCE },
    );
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
    const country = fc.constantFrom("DE", "de", " us ", "XX");
    const arbitrary = askOf({ ids: idsOf(() => clicks), flowId, country, bot: fc.boolean(), ...time });
    await check("clicks", "Click", arbitrary, (asked) => {
      const { filter } = asked;
      const wanted = (filter.country as string | undefined)?.trim().toUpperCase();
      const rows = clicks.filter(
        (row) =>
          inTime(row, filter) &&
          named(row, filter) &&
          equal(row, filter, "flowId") &&
          (wanted === undefined || row.country === wanted) &&
          (filter.bot === undefined || row.bot === filter.bot),
      );
      return sorted(rows, asked);
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
    await check("conversions", "Conversion", arbitrary, (asked) => {
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
      return sorted(rows, asked);
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
    await check("postbackLogs", "PostbackLog", arbitrary, (asked) => {
      const { filter } = asked;
      const rows = logs.filter(
        (row) =>
          inTime(row, filter) &&
          named(row, filter) &&
          equal(row, filter, "flowId") &&
          (filter.status == null || row.status === filter.status) &&
          (filter.clickHash == null || row.clickKey === (filter.clickHash as string).trim().toLowerCase()),
      );
      return sorted(rows, asked);
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
    const question = ([sort, asked]: [string, Ask]) => {
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
      return { sort, asked, expected: rows.map(({ id }) => id) };
    };
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { minLength: AT_ONCE, maxLength: AT_ONCE }), (all) =>
        compare("flows", "Flow", all.map(question)),
      ),
      { numRuns: RUNS / AT_ONCE },
    );
  });
});
