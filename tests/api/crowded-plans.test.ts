import { type EntityManager } from "@mikro-orm/sql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Click } from "../../server/clicks/click.js";
import { type Condition } from "../../server/kit/condition.js";
import { firstIdAt } from "../../server/kit/id.js";
import { readPage } from "../../server/kit/list.js";
import { MANY, manyNumbers } from "../kit/many-facts.js";
import { openPlans, type Plans, type Seed } from "../kit/plans.js";
import { type DatabaseName, databases } from "../kit/waypost.js";

/** A click in every millisecond: 60,000 in a minute. */
const FROM = Date.parse("2026-05-01T12:00:00.000Z");
const PER_PAGE = 50;
/** Half a second's clicks at each end of a time, or on the way to a page, and the page. */
const FACTS_READ_MAX = 2 * 500 + 2 * PER_PAGE;
/** The day, minutes and seconds, each read four times on its way to a sum, beside those. */
const COUNTERS_READ_MAX = 4 * (2 + 2 * 30 + 2 * 30) + FACTS_READ_MAX;

/** Clicks as they are described above. */
const seed: Seed = { facts: [Click], fill };

async function fill(em: EntityManager, database: DatabaseName): Promise<void> {
  const id =
    database === "SQLite"
      ? `unhex(printf('%012X%020X', ${FROM} + i, i))`
      : `unhex(concat(lpad(hex(${FROM} + i), 12, '0'), lpad(hex(i), 20, '0')))`;
  await em.execute(`insert into click (id, flow_id, ip, destination_url, bot, params)
    select ${id}, 1, '192.0.2.1', 'https://example.com/', 0, '{}' from ${manyNumbers()}`);
}

describe.each(databases)("Plans of lists of 200,000 clicks within a few minutes, on %s", (name) => {
  let plans: Plans;
  beforeAll(async () => {
    plans = await openPlans(name, seed);
  });
  afterAll(() => plans.close());

  it.each(["asc", "desc"] as const)("count and step over no more than a second's clicks, %s", async (direction) => {
    const [from, to] = [30_456, 150_543];
    const where: Condition[] = [
      { property: "id", is: ">=", value: firstIdAt(new Date(FROM + from)) },
      { property: "id", is: "<", value: firstIdAt(new Date(FROM + to)) },
    ];
    const read = (page: number) =>
      readPage(
        plans.em,
        { entity: Click, fact: true },
        where,
        { property: "id", direction },
        { page, perPage: PER_PAGE },
      );
    const { totalCount } = await read(1);
    expect(totalCount).toBe(Math.min(to, MANY) - from);
    const last = Math.ceil(totalCount / PER_PAGE);
    for (const page of [1, 5, Math.ceil(last / 3), Math.ceil(last / 2), last - 5, last]) {
      const limits = { table: "click", facts: FACTS_READ_MAX, counters: COUNTERS_READ_MAX, inOrder: true };
      expect(await plans.faultsOf(() => read(page), limits), `page ${page} of ${last}`).toEqual([]);
    }
  });
});
