import { type EntityManager } from "@mikro-orm/sql";
import { keyOf } from "./column.js";
import { type Condition, type Sql, type Where, whereSql } from "./condition.js";
import { type CountedList, type Time } from "./counted-list.js";
import { ANY_CHANGE, MINUTE_MS, SPANS } from "./counters.js";
import { firstIdAt } from "./id.js";
import { tableSql } from "./rows.js";
import { spanOfId } from "./span-sql.js";
import { between, counterWhere } from "./sums.js";
import { tableOf } from "./table.js";

const DAY = SPANS[0];
const DAY_MS = DAY * MINUTE_MS;

/** A day of a list: where it begins, in minutes since 1970, and its rows. */
export interface ListDay {
  start: number;
  /** Those of the list. */
  n: number;
  /** Those that the list would have if it did not ask when they were changed. */
  all: number;
}

/**
 * How many rows each day has of a list that is asked for by when they were changed: from the counters that tell the days of
 * the key apart by the days of the change. What an end leaves of a day of the change is put right by the rows in the index
 * of the changes, and what an end leaves of a day of the key is read row by row.
 *
 * @returns the days that the list without the change has, oldest first.
 */
export async function daysOfChanged(em: EntityManager, list: CountedList): Promise<ListDay[]> {
  const { whole, parts } = wholeDays(list.time);
  const pieces = [
    allRows(em, list),
    ...(whole ? [changedDays(em, list, whole), ...edgesOfChange(em, list, whole)] : []),
    ...parts.map((part) => countedRows(em, list, { time: part, change: list.change as Time, index: list.index }, 1)),
  ];
  const rows = await em.execute<{ start: number; n: number | string; of_all: number | string }[]>(
    `select start, sum(n) as n, sum(of_all) as of_all from (${pieces.map(({ sql }) => sql).join(" union all ")}) as days
    group by start order by start`,
    pieces.flatMap(({ values }) => values),
  );
  return rows.map(({ start, n, of_all }) => ({ start: Number(start), n: Number(n), all: Number(of_all) }));
}

/** Takes a time apart into whole days of UTC and what is left at its ends. */
function wholeDays({ from, to }: Time): { whole: Time | null; parts: Time[] } {
  const whole = {
    from: from === null ? null : Math.ceil(from / DAY_MS) * DAY_MS,
    to: to === null ? null : Math.floor(to / DAY_MS) * DAY_MS,
  };
  if (whole.from !== null && whole.to !== null && whole.from > whole.to) return { whole: null, parts: [{ from, to }] };
  const parts = [
    { from, to: whole.from },
    { from: whole.to, to },
  ];
  return { whole, parts: parts.filter((part) => part.from !== null && part.to !== null && part.from < part.to) };
}

function allRows(em: EntityManager, list: CountedList): Sql {
  const { from, to } = list.time;
  const where = counterWhere(em, list, DAY, {
    from: from === null ? null : Math.floor(from / DAY_MS) * DAY,
    to: to === null ? null : Math.ceil(to / DAY_MS) * DAY,
  });
  const { name } = tableOf(em, list.counter.entity);
  return {
    sql: `select start, 0 as n, sum(n) as of_all from ${name}${where.sql} group by start`,
    values: where.values,
  };
}

function changedDays(em: EntityManager, list: CountedList, time: Time): Sql {
  const table = tableOf(em, list.counter.entity);
  const { from, to } = list.change as Time;
  const inMinutes = (ms: number) => ms / MINUTE_MS;
  const where = whereSql(table, [
    ...list.equal,
    { property: "span", is: "=", value: DAY },
    { property: "changed", is: ">", value: ANY_CHANGE },
    ...timeWhere("changed", { from: from && nearestDay(from), to: to && nearestDay(to) }, inMinutes),
    ...timeWhere("start", time, inMinutes),
  ]);
  return {
    sql: `select start, sum(n) as n, 0 as of_all from ${table.name}${where.sql} group by start`,
    values: where.values,
  };
}

/** What lies between the ends of the change and the midnights nearest to them. */
function edgesOfChange(em: EntityManager, list: CountedList, time: Time): Sql[] {
  const { from, to } = list.change as Time;
  const index = [list.counted.changed as string, keyOf(list.counted.fact)];
  const edges = [
    ...(from === null ? [] : [between(nearestDay(from), from, -1)]),
    ...(to === null ? [] : [between(nearestDay(to), to, 1)]),
  ];
  return edges
    .filter((edge) => edge.from !== edge.to)
    .map(({ sign, ...change }) => countedRows(em, list, { time, change, index }, sign));
}

function countedRows(
  em: EntityManager,
  { counted: { fact, changed }, equal }: CountedList,
  { time, change, index }: { time: Time; change: Time; index: string[] | undefined },
  sign: 1 | -1,
): Sql {
  const table = tableOf(em, fact);
  const key = keyOf(fact);
  const conditions: Where = [
    ...equal,
    ...timeWhere(key, time, (ms) => firstIdAt(new Date(ms))),
    ...timeWhere(changed as string, change, (ms) => new Date(ms)),
  ];
  const where = whereSql(table, conditions);
  const start = spanOfId(em, table.column(key), DAY);
  const n = `${sign < 0 ? "-" : ""}count(*)`;
  return {
    sql: `select ${start} as start, ${n} as n, 0 as of_all from ${tableSql(em, fact, index)}${where.sql} group by start`,
    values: where.values,
  };
}

function timeWhere(property: string, { from, to }: Time, as: (ms: number) => unknown): Condition[] {
  return [
    ...(from === null ? [] : [{ property, is: ">=", value: as(from) } as const]),
    ...(to === null ? [] : [{ property, is: "<", value: as(to) } as const]),
  ];
}

function nearestDay(ms: number): number {
  return Math.round(ms / DAY_MS) * DAY_MS;
}
