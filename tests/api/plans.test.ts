import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Click } from "../../server/clicks/click.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { PostbackLog } from "../../server/conversions/postback-log.js";
import { keyOf } from "../../server/kit/column.js";
import { type Condition } from "../../server/kit/condition.js";
import { type EntityClass } from "../../server/kit/context.js";
import { firstIdAt, newId } from "../../server/kit/id.js";
import { readPage } from "../../server/kit/list.js";
import { idOfFact, MANY_FROM, MANY_TO, manyFacts, STEP_MS } from "../kit/many-facts.js";
import { openPlans, type Plans } from "../kit/plans.js";
import { databases } from "../kit/waypost.js";

const PER_PAGE = 50;
/** Rows of a page, and those stepped over to get to it. */
const FACTS_READ_MAX = 260;
/** A day's counters, of every minute six (two kinds of goal, three of status), each read four times on its way to a sum. */
const COUNTERS_READ_MAX = 1440 * 6 * 4;
const HOUR = 3_600_000;

/** Of each group one value or none, as conditions of equality. */
function combined(...groups: [property: string, ...values: unknown[]][]): Condition[][] {
  return groups.reduce<Condition[][]>(
    (all, [property, ...values]) =>
      all.flatMap((where) => [
        where,
        ...values.map((value) => [...where, { property, is: "=", value } satisfies Condition]),
      ]),
    [[]],
  );
}

/** All of these, as conditions of equality. */
function together(where: Record<string, unknown>): Condition[] {
  return Object.entries(where).map(([property, value]) => ({ property, is: "=", value }));
}

const flow: [string, ...unknown[]] = ["flowId", 3, 7];
const lists: [EntityClass, Condition[][]][] = [
  [
    Click,
    [
      ...combined(flow, ["country", "US", "IS"]),
      ...combined(flow, ["country", "US"]).map((where) => [...where, ...together({ bot: false })]),
      ...combined(flow).map((where) => [...where, ...together({ bot: true })]),
    ],
  ],
  [
    Conversion,
    [
      ...combined(flow, ["goal", "sale", "rare"], ["status", "APPROVED", "REJECTED"]),
      ...combined(flow, ["other", true, false], ["status", "APPROVED", "REJECTED"]),
      ...combined(["uidKey", "u100"], flow, ["status", "APPROVED"]),
      ...combined(["clickHash", newId(MANY_FROM)], flow, ["goal", "sale"]),
    ],
  ],
  [
    PostbackLog,
    [
      ...combined(flow, ["status", 200, 404]),
      ...combined(flow, ["refused", true, false]),
      ...combined(["clickKey", "c300"], flow, ["refused", false]),
      ...[
        { code: "CLICK_UNKNOWN" },
        { flowId: 7, code: "CLICK_UNKNOWN" },
        { warned: true },
        { flowId: 7, warned: true },
        { postbackKeyId: 1 },
        { postbackKeyId: 2 },
        { postbackKeyId: 2, status: 404 },
        { postbackKeyId: 2, refused: true },
        { postbackKeyId: 1, code: "STATUS_UNKNOWN" },
        { postbackKeyId: 2, warned: true },
        { flowId: 3, postbackKeyId: 2 },
        { uid: "u300" },
        { uid: "u300", postbackKeyId: 1, code: "STATUS_UNKNOWN" },
      ].map(together),
    ],
  ],
];
/** Ids of facts far from each other, and the moments between which a few are changed. */
const IDS = Array.from({ length: 100 }, (_, index) => idOfFact(index * 1999));
const [CHANGED_FROM, CHANGED_TO] = [MANY_FROM + 4 * HOUR, MANY_FROM + 4 * HOUR + 60_000];
const CHANGED = (CHANGED_TO - CHANGED_FROM) / STEP_MS;
const byIds: Condition[] = [{ property: "id", is: "in", value: IDS }];
const changed: Condition[] = [
  { property: "updatedAt", is: ">=", value: new Date(CHANGED_FROM) },
  { property: "updatedAt", is: "<", value: new Date(CHANGED_TO) },
];
/** What names few facts: conditions, how many they name, and what may be asked beside them. */
const few: [EntityClass, string, Condition[], count: number, besides: Condition[][]][] = [
  [Click, "by 100 ids", byIds, IDS.length, combined(flow, ["country", "US"])],
  [
    Conversion,
    "by 100 ids",
    byIds,
    IDS.length,
    combined(flow, ["goal", "sale"], ["status", "APPROVED"], ["uidKey", "u100"]),
  ],
  [PostbackLog, "by 100 ids", byIds, IDS.length, combined(flow, ["status", 200], ["clickKey", "c300"])],
  [
    Conversion,
    "changed within a minute",
    changed,
    CHANGED,
    [...combined(flow, ["goal", "sale", "rare"], ["status", "APPROVED"]), ...combined(["other", true], flow)],
  ],
];
/** All, newest first, and a time that cuts minutes, oldest first: the last page of one way is the first of the other. */
const times: [from: number, to: number, direction: "asc" | "desc"][] = [
  [0, Number.MAX_SAFE_INTEGER, "desc"],
  [MANY_FROM + 3 * HOUR + 123_456, MANY_TO - 5 * HOUR - 654_321, "asc"],
];

describe.each(databases)("Plans of lists with 200,000 facts of a kind, on %s", (name) => {
  let plans: Plans;
  beforeAll(async () => {
    plans = await openPlans(name, manyFacts);
  }, 600_000);
  afterAll(() => plans.close());

  /**
   * What is wrong with the statements that a page takes.
   *
   * @param few  how many facts its conditions name: these may be sorted, and no others looked at. Left out: it reads in order.
   */
  async function faultsOf(read: () => Promise<unknown>, table: string, few?: number): Promise<string[]> {
    // Each of the few is found, read, and read once more when they are sorted.
    const facts = few === undefined ? FACTS_READ_MAX : 3 * few + PER_PAGE;
    return plans.faultsOf(read, { table, facts, counters: COUNTERS_READ_MAX, inOrder: few === undefined });
  }

  const cases = lists.flatMap(([entity, wheres]) =>
    wheres.map((where) => [entity.name, shown(where), entity, where] as const),
  );
  it.each(cases)("read %s by %s in list order, no more than is shown", async (_, __, entity, equal) => {
    const table = plans.em.getMetadata().get(entity).tableName;
    const key = keyOf(entity);
    for (const [from, to, direction] of times) {
      const where: Condition[] = [...equal];
      if (from > 0) where.push({ property: key, is: ">=", value: firstIdAt(new Date(from)) });
      if (from > 0) where.push({ property: key, is: "<", value: firstIdAt(new Date(to)) });
      const read = (page: number) =>
        readPage(plans.em, { entity, fact: true }, where, { property: key, direction }, { page, perPage: PER_PAGE });
      const pages = Math.max(Math.ceil((await read(1)).totalCount / PER_PAGE), 1);
      for (const page of new Set([1, Math.ceil(pages / 2), pages])) {
        expect(await faultsOf(() => read(page), table), `page ${page} of ${pages}`).toEqual([]);
      }
    }
  });

  const fewCases = few.flatMap(([entity, how, named, count, besides]) =>
    besides.map((where) => [entity.name, how, shown(where), entity, [...named, ...where], count] as const),
  );
  it.each(fewCases)("find %s %s and %s, and look at no others", async (_, __, ___, entity, where, count) => {
    const table = plans.em.getMetadata().get(entity).tableName;
    const property = keyOf(entity);
    const time: Condition = { property, is: ">=", value: firstIdAt(new Date(MANY_FROM + HOUR)) };
    for (const conditions of [[...where], [...where, time]]) {
      const read = (page: number) =>
        readPage(
          plans.em,
          { entity, fact: true },
          conditions,
          { property, direction: "desc" },
          { page, perPage: PER_PAGE },
        );
      const pages = Math.max(Math.ceil((await read(1)).totalCount / PER_PAGE), 1);
      for (const page of new Set([1, pages])) {
        expect(await faultsOf(() => read(page), table, count)).toEqual([]);
      }
    }
  });
});

function shown(where: Condition[]): string {
  return where.map(({ property, value }) => `${property} ${value}`).join(", ") || "nothing";
}
