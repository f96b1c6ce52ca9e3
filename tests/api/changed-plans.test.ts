import { type EntityManager } from "@mikro-orm/sql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Conversion } from "../../server/conversions/conversion.js";
import { type Condition } from "../../server/kit/condition.js";
import { firstIdAt } from "../../server/kit/id.js";
import { readPage } from "../../server/kit/list.js";
import { MANY, manyNumbers } from "../kit/many-facts.js";
import { openPlans, type Plans, type Seed } from "../kit/plans.js";
import { type DatabaseName, databases } from "../kit/waypost.js";

const DAY = 86_400_000;
/** Conversions of forty days, 5,000 within some minutes of each noon, of which two in five are changed up to twenty days later. */
const FROM = Date.parse("2026-03-01T00:00:00.000Z");
const DAYS = 40;
const STEP_MS = 50;
const A_DAY = MANY / DAYS;
/** A program asks for what has changed: rows of half a day at each end, and of half a day where its page begins. */
const FACTS_READ_MAX = 2 * A_DAY;
/** Days by days of the change, of each six (two kinds of goal, three of status), and the rows of the ends. */
const COUNTERS_READ_MAX = DAYS * 20 * 6 + 3 * A_DAY;
const LIMITS = {
  table: "conversion",
  facts: FACTS_READ_MAX,
  counters: COUNTERS_READ_MAX,
  groups: true,
};
const PER_PAGE = 50;

/** Conversions as they are described above. */
const seed: Seed = { facts: [Conversion], fill };

async function fill(em: EntityManager, database: DatabaseName): Promise<void> {
  const ms = `(${FROM + DAY / 2} + (i - i % ${A_DAY}) * ${DAY / A_DAY} + i % ${A_DAY} * ${STEP_MS})`;
  const id =
    database === "SQLite"
      ? `unhex(printf('%012X%020X', ${ms}, i))`
      : `unhex(concat(lpad(hex(${ms}), 12, '0'), lpad(hex(i), 20, '0')))`;
  const goal = "case when i % 3 = 0 then 'sale' when i % 3 = 1 then 'lead' end";
  const later = `case when i % 5 < 2 then (i * 7919 % ${20 * 24}) * 3600000 else 0 end`;
  await em.execute(`insert into conversion (id, first_postback_id, click_hash, flow_id, goal, other, goal_sent_key, status,
    revenue, currency, uid_key, updated_at)
    select ${id}, ${id}, ${id}, case when i % 7000 = 0 then 7 else 1 + i % 6 end, ${goal}, (${goal}) is null, '',
    case when i % 5 = 0 then 'PENDING' else 'APPROVED' end, 10000, 'USD', '', ${ms} + ${later} from ${manyNumbers()}`);
}

/** Fewer than a day's conversions for each day they are of: without other conditions they are found by their change, and sorted. */
const FEW = "in three days";
const changes: [string, from: number | null, to: number | null][] = [
  ["until a moment", null, 20.6],
  ["since a moment", 20.4, null],
  ["in a week", 15.7, 22.2],
  [FEW, 36.4, 39.2],
];
const equals: Record<string, unknown>[] = [
  {},
  { flowId: 7 },
  { other: true },
  { flowId: 3, goal: "sale", status: "APPROVED" },
];

const at = (day: number) => new Date(FROM + day * DAY);
const key = "firstPostbackId";
const ORDER = { property: key, direction: "desc" } as const;
const time: Condition[] = [
  { property: key, is: ">=", value: firstIdAt(at(3.501)) },
  { property: key, is: "<", value: firstIdAt(at(30.501)) },
];

describe.each(databases)("Plans of lists of what has changed, of 200,000 conversions, on %s", (name) => {
  let plans: Plans;
  beforeAll(async () => {
    plans = await openPlans(name, seed);
  }, 600_000);
  afterAll(() => plans.close());

  const cases = changes.flatMap(([when, from, to]) =>
    equals.map((equal) => [when, JSON.stringify(equal), from, to, equal] as const),
  );
  it.each(cases)(
    "%s, by %s, are read in list order, and no more than a few days' rows",
    async (when, _, from, to, equal) => {
      const where: Condition[] = Object.entries(equal).map(([property, value]) => ({ property, is: "=", value }));
      if (from !== null) where.push({ property: "updatedAt", is: ">=", value: at(from) });
      if (to !== null) where.push({ property: "updatedAt", is: "<", value: at(to) });
      const inOrder = when !== FEW || Object.keys(equal).length > 0;
      for (const conditions of [where, [...where, ...time]]) {
        const read = (page: number) =>
          readPage(plans.em, { entity: Conversion, fact: true }, conditions, ORDER, { page, perPage: PER_PAGE });
        const pages = Math.max(Math.ceil((await read(1)).totalCount / PER_PAGE), 1);
        for (const page of new Set([1, Math.ceil(pages / 2), pages])) {
          const faults = await plans.faultsOf(() => read(page), { ...LIMITS, inOrder });
          expect(faults, `page ${page} of ${pages}`).toEqual([]);
        }
      }
    },
  );
});
