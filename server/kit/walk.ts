import { type EntityManager } from "@mikro-orm/sql";
import { keyOf } from "./column.js";
import { type Where } from "./condition.js";
import { type CountedList } from "./counted-list.js";
import { DAY, SECOND_MS, type Span, spansOf } from "./counters.js";
import { firstIdAt } from "./id.js";
import { selectSql } from "./rows.js";
import { counterWhere, totalOf } from "./sums.js";
import { tableOf } from "./table.js";

/**
 * The key of a list's row, found by walking the counters: first to its day, then to shorter and shorter spans, and only
 * there row by row in the index, from the nearer end.
 *
 * @param position  counted from 0, oldest first; there must be such a row.
 */
export async function keyAt(em: EntityManager, list: CountedList, position: number): Promise<string> {
  const { from } = list.time;
  const begin = from === null ? null : from - (from % (DAY * SECOND_MS));
  const before = begin === null ? 0 : await totalOf(em, { ...list, time: { from: begin, to: from } });
  let found: Found = { start: begin === null ? null : begin / SECOND_MS, end: null, position: position + before, n: 0 };
  for (const span of spansOf(list.counter)) found = await descend(em, list, span, found);
  return keyWithin(em, list, found);
}

/** Where a row was found: in seconds since 1970, its place among the rows there, and how many they are. */
interface Found {
  start: number | null;
  end: number | null;
  position: number;
  n: number;
}

/** Finds, by the running sum, the span in which a row is. */
async function descend(
  em: EntityManager,
  list: CountedList,
  span: Span,
  { start, end, position }: Found,
): Promise<Found> {
  const { name } = tableOf(em, list.counter.entity);
  const where = counterWhere(em, list, span, { from: start, to: end });
  const [row] = await em.execute<{ start: number; passed: number | string; n: number | string }[]>(
    `select start, passed, n from (
      select start, sum(n) as n, sum(sum(n)) over (order by start) - sum(n) as passed from ${name}${where.sql} group by start
    ) as walk where passed <= ? and passed + n > ? order by start limit 1`,
    [...where.values, position, position],
  );
  if (!row) throw new Error(`The counters of ${list.counted.fact.name} do not reach row ${position}: reconcile them.`);
  return { start: row.start, end: row.start + span, position: position - Number(row.passed), n: Number(row.n) };
}

/** Steps over rows in the index, from the nearer end. */
async function keyWithin(em: EntityManager, list: CountedList, { start, end, position, n }: Found): Promise<string> {
  const { fact } = list.counted;
  const key = keyOf(fact);
  const table = tableOf(em, fact);
  const fromEnd = position > n / 2;
  const where: Where = [
    ...list.equal,
    { property: key, is: ">=", value: firstIdAt(new Date((start ?? 0) * SECOND_MS)) },
    { property: key, is: "<", value: firstIdAt(new Date((end ?? 0) * SECOND_MS)) },
  ];
  const { sql, values } = selectSql(em, fact, table.column(key), {
    where,
    order: [[key, fromEnd ? "desc" : "asc"]],
    offset: fromEnd ? n - 1 - position : position,
    limit: 1,
    index: list.index,
  });
  const [row] = await em.execute<Record<string, unknown>[]>(sql, values);
  if (!row) throw new Error(`${fact.name} has fewer rows than its counters say: reconcile them.`);
  return (table.toRow(row) as Record<string, string>)[key] as string;
}
