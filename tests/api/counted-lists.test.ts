import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { askEach } from "../kit/ask-each.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { borrowWaypost } from "../kit/lent-waypost.js";
import { databases, type Waypost } from "../kit/waypost.js";

/** One row as the model knows it: its moment and what it is filtered by. */
type Row = { id: string; at: number } & Record<string, unknown>;

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const START = Date.parse("2026-03-28T21:17:00.000Z");
/** How many questions are asked of each list, and how many of them in one document. */
const RUNS = 200;
const AT_ONCE = 20;
const GOALS = ["sale", "Sale", "lead"];
const STATUSES = Object.values(ConversionStatus);
const ANSWERS = [200, 202, 401, 422];

/** Most rows lie in one dense minute and on its edges, the others on three days. */
const momentOf = (index: number) =>
  index % 3 === 0
    ? START + ((index * 7_919_771) % (3 * DAY))
    : START + DAY + ((index * 97) % MINUTE) - (index % 7 === 0 ? MINUTE / 2 : 0);
const pick = <T>(values: readonly T[], index: number, salt: number) =>
  values[(index * 7919 + ((index * salt) >> 3)) % values.length] as T;

describe.each(databases)("Pages and totals of many facts, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  const model = {} as Record<"clicks" | "conversions" | "postbackLogs", Row[]>;

  beforeAll(async () => {
    waypost = await borrowWaypost(database);
    facts = await openFacts(waypost);
    const flows = [await waypost.seedFlow(), await waypost.seedFlow()].map(({ id }) => Number(id));
    const each = <T>(count: number, make: (index: number) => T) =>
      Array.from({ length: count }, (_, index) => make(index));
    const stored = async <T extends { at: number }>(rows: T[], store: (some: T[]) => Promise<{ id: string }[]>) => {
      const all: Row[] = [];
      for (let first = 0; first < rows.length; first += 500) {
        const some = rows.slice(first, first + 500);
        for (const [index, { id }] of (await store(some)).entries()) all.push({ ...(some[index] as T), id });
      }
      return all.sort((a, b) => (a.id < b.id ? -1 : 1));
    };
    const common = (index: number) => ({ at: momentOf(index), flowId: pick(flows, index, 3) });
    model.clicks = await stored(
      each(3000, (index) => ({ ...common(index), country: pick(["DE", "US", null], index, 5), bot: index % 9 === 0 })),
      (rows) => facts.clicks(rows),
    );
    model.conversions = await stored(
      each(1500, (index) => {
        const goal = pick([...GOALS, null], index, 7);
        const [status, currency] = [pick(STATUSES, index, 11), pick(["EUR", "USD"], index, 13)];
        // Many are never changed, most of the others within two weeks, one in a hundred half a year later.
        const later = index % 100 === 0 ? 180 * DAY : ((index * 7_919_771) % (15 * DAY)) * (index % 2);
        const updatedAt = new Date(momentOf(index) + later);
        return { ...common(index), goal, status, currency, other: goal === null, goalSentKey: `${index}`, updatedAt };
      }),
      (rows) => facts.conversions(rows),
    );
    model.postbackLogs = await stored(
      each(1500, (index) => {
        const { at, flowId } = common(index);
        const status = pick(ANSWERS, index, 17);
        return { at, flowId: index % 4 ? flowId : null, status, refused: status >= 400 };
      }),
      (rows) => facts.logs(rows),
    );
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });

  const flowId = fc.constantFrom("1", "2", "3");
  const end = fc.oneof(
    fc.integer({ min: -DAY, max: 4 * DAY }).map((ms) => START + ms),
    fc.integer({ min: -2 * MINUTE, max: 2 * MINUTE }).map((ms) => START + DAY + ms),
    fc
      .tuple(fc.integer({ min: 0, max: 4 * 96 }), fc.integer({ min: -1, max: 1 }))
      .map(([quarters, ms]) => START - (START % DAY) + quarters * 15 * MINUTE + ms),
  );
  const time = { from: end, to: end };
  const changed = fc.oneof(
    end,
    fc.integer({ min: 0, max: 200 * DAY }).map((ms) => START + ms),
    fc.integer({ min: 0, max: 20 }).map((days) => START - (START % DAY) + days * DAY),
  );
  const filters = {
    clicks: { flowId, country: fc.constantFrom("DE", "US", "FR"), bot: fc.boolean(), ...time },
    conversions: {
      flowId,
      goal: fc.constantFrom(...GOALS, "none"),
      other: fc.boolean(),
      status: fc.constantFrom(...STATUSES),
      updatedFrom: changed,
      updatedTo: changed,
      ...time,
    },
    postbackLogs: { flowId, status: fc.constantFrom(...ANSWERS, 500), refused: fc.boolean(), ...time },
  };
  const types = { clicks: "Click", conversions: "Conversion", postbackLogs: "PostbackLog" };

  const matches = (row: Row, filter: Record<string, unknown>) =>
    Object.entries(filter).every(([name, value]) => {
      if (name === "from") return row.at >= Number(value);
      if (name === "to") return row.at < Number(value);
      if (name === "updatedFrom") return (row.updatedAt as Date).getTime() >= Number(value);
      if (name === "updatedTo") return (row.updatedAt as Date).getTime() < Number(value);
      return String(row[name]) === String(value);
    });

  /** Moments as GraphQL takes them. */
  const asAsked = (filter: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(filter).map(([name, value]) => [
        name,
        typeof value === "number" && value >= START - DAY ? new Date(value).toISOString() : value,
      ]),
    );

  it.each(["clicks", "conversions", "postbackLogs"] as const)(
    "are those of a plain count and OFFSET, for %s: every filter, any time, any page, both ways",
    async (list) => {
      const asked = fc.record({
        filter: fc.record(filters[list] as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] }),
        order: fc.constantFrom("ASC", "DESC"),
        perPage: fc.constantFrom(1, 7, 50, 500),
        place: fc.integer({ min: 0, max: 1100 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(asked, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (all) => {
          const questions = all.map(({ filter, order, perPage, place }) => {
            const rows = model[list].filter((row) => matches(row, filter)).map(({ id }) => id);
            if (order === "DESC") rows.reverse();
            const page = Math.max(Math.ceil((place * rows.length) / 1000 / perPage), 1);
            return { given: { filter: asAsked(filter), order, page, perPage }, rows };
          });
          const answers = await askEach(
            waypost.ask,
            {
              types: `$filter: ${types[list]}Filter, $order: SortOrder!, $page: Int, $perPage: Int`,
              field: `${list}(filter: $filter, sort: { field: CREATED_AT, order: $order }, page: $page, perPage: $perPage) {
                items { id } totalCount pageInfo { hasNextPage } }`,
            },
            questions.map(({ given }) => given),
          );
          for (const [index, { given, rows }] of questions.entries()) {
            const { page, perPage } = given;
            const answer = answers[index];
            expect({ given, ...answer, items: answer.items.map(({ id }: Row) => id) }).toEqual({
              given,
              items: rows.slice((page - 1) * perPage, page * perPage),
              totalCount: rows.length,
              pageInfo: { hasNextPage: page * perPage < rows.length },
            });
          }
        }),
        { numRuns: RUNS / AT_ONCE },
      );
    },
  );

  it("are all there, once and in order, when a program walks by cursor over what was changed in a time", async () => {
    const asked = fc.record({
      filter: fc.record({ updatedFrom: changed, updatedTo: changed, flowId }, { requiredKeys: ["updatedTo"] }),
      order: fc.constantFrom("ASC", "DESC"),
      perPage: fc.constantFrom(60, 250),
    });
    const query = `query($filter: ConversionFilter, $order: SortOrder!, $after: String, $perPage: Int) {
      conversions(filter: $filter, sort: { field: CREATED_AT, order: $order }, after: $after, perPage: $perPage) {
        items { id } totalCount pageInfo { hasNextPage endCursor } } }`;
    await fc.assert(
      fc.asyncProperty(asked, async ({ filter, order, perPage }) => {
        const rows = model.conversions.filter((row) => matches(row, filter)).map(({ id }) => id);
        if (order === "DESC") rows.reverse();
        const walked: string[] = [];
        let after: string | null = null;
        do {
          const variables: object = { filter: asAsked(filter), order, after, perPage };
          const { conversions } = await waypost.ask(query, variables);
          expect(conversions.totalCount).toBe(rows.length);
          walked.push(...conversions.items.map(({ id }: Row) => id));
          after = conversions.pageInfo.hasNextPage ? conversions.pageInfo.endCursor : null;
        } while (after !== null);
        expect(walked).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });
});
