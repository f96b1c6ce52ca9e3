import { type EntityManager } from "@mikro-orm/sql";
import { keyOf } from "./column.js";
import { type Condition, type Sql, whereSql } from "./condition.js";
import { type CountedList, type Time } from "./counted-list.js";
import { ANY_CHANGE, DAY, SECOND_MS } from "./counters.js";
import { firstIdAt } from "./id.js";
import { indexBy } from "./list-index.js";
import { tableSql } from "./rows.js";
import { spanOfId } from "./span-sql.js";
import { between, counterWhere, type Part } from "./sums.js";
import { tableOf } from "./table.js";

const DAY_MS = DAY * SECOND_MS;

/** A list that is asked for by when its rows were changed. */
export interface ChangedList extends CountedList {
  change: Time;
}

/** A day of a list: where it begins, in seconds since 1970, and its rows. */
export interface ListDay {
  start: number;
  /** Those of the list. */
  n: number;
  /** Those that the list would have if it did not ask when they were changed. */
  all: number;
}

/**
 * How many rows of such a list each day has, from the counters that tell the days of the key apart by the days of the
 * change. Ends of the key's time and of the change's go to the nearest midnight; what that adds or leaves out is put right by
 * rows. A time of the key that has fewer rows itself is read row by row.
 *
 * @param list  whose change is not short
 * @returns the days that the list has whenever its rows were changed, oldest first.
 */
export async function daysOfChanged(em: EntityManager, list: ChangedList): Promise<ListDay[]> {
  const pieces = [allRows(em, list), ...changedRows(em, list)];
  const rows = await em.execute<{ start: number; n: number | string; of_all: number | string }[]>(
    `select start, sum(n) as n, sum(of_all) as of_all from (${pieces.map(({ sql }) => sql).join(" union all ")}) as days
    group by start order by start`,
    pieces.flatMap(({ values }) => values),
  );
  return rows.map(({ start, n, of_all }) => ({ start: Number(start), n: Number(n), all: Number(of_all) }));
}

export function totalOfDays(days: ListDay[]): number {
  return days.reduce((sum, { n }) => sum + n, 0);
}

/** Whether a list's rows are fewer than those that whole days of its change would have to be put right by. */
export function isShortChange({ change: { from, to } }: ChangedList): boolean {
  return isShort({ from, to: to ?? Date.now() });
}

function changedRows(em: EntityManager, list: ChangedList): Sql[] {
  const { time, change, index, counted } = list;
  const changeIndex = indexBy(counted.fact, counted.changed as string);
  const byKey = (part: Part) => rows(em, list, { time: part, change, index, sign: part.sign });
  if (isShort(time)) return [byKey({ ...time, sign: 1 })];
  const whole = wholeDays(time);
  return [
    changedDays(em, list, whole),
    ...edgesOf(change).map((edge) =>
      rows(em, list, { time: whole, change: edge, index: changeIndex, sign: edge.sign }),
    ),
    ...edgesOf(time).map(byKey),
  ];
}

/** Days of the key, whenever their rows were changed. */
function allRows(em: EntityManager, list: ChangedList): Sql {
  const { from, to } = list.time;
  const { sql, values } = counterWhere(em, list, DAY, {
    from: from === null ? null : Math.floor(from / DAY_MS) * DAY,
    to: to === null ? null : Math.ceil(to / DAY_MS) * DAY,
  });
  const { name } = tableOf(em, list.counter.entity);
  return { sql: `select start, 0 as n, sum(n) as of_all from ${name}${sql} group by start`, values };
}

/** Whole days of the key, by whole days of the change. */
function changedDays(em: EntityManager, { counter, equal, change }: ChangedList, time: Time): Sql {
  const table = tableOf(em, counter.entity);
  const inSeconds = (ms: number) => ms / SECOND_MS;
  const { sql, values } = whereSql(table, [
    ...equal,
    { property: "span", is: "=", value: DAY },
    { property: "changed", is: ">", value: ANY_CHANGE },
    ...timeWhere("changed", wholeDays(change), inSeconds),
    ...timeWhere("start", time, inSeconds),
  ]);
  return { sql: `select start, sum(n) as n, 0 as of_all from ${table.name}${sql} group by start`, values };
}

/** Rows themselves, by their day. */
function rows(
  em: EntityManager,
  { counted: { fact, changed }, equal }: ChangedList,
  { time, change, index, sign }: { time: Time; change: Time; index: string[] | undefined; sign: 1 | -1 },
): Sql {
  const [table, key] = [tableOf(em, fact), keyOf(fact)];
  const { sql, values } = whereSql(table, [
    ...equal,
    ...timeWhere(key, time, (ms) => firstIdAt(new Date(ms))),
    ...timeWhere(changed as string, change, (ms) => new Date(ms)),
  ]);
  const columns = `${spanOfId(em, table.column(key), DAY)} as start, ${sign < 0 ? "-" : ""}count(*) as n, 0 as of_all`;
  return { sql: `select ${columns} from ${tableSql(em, fact, index)}${sql} group by start`, values };
}

function timeWhere(property: string, { from, to }: Time, as: (ms: number) => unknown): Condition[] {
  return [
    ...(from === null ? [] : [{ property, is: ">=", value: as(from) } as const]),
    ...(to === null ? [] : [{ property, is: "<", value: as(to) } as const]),
  ];
}

/** Whether a time is no longer than what lies between its ends and the midnights nearest to them. */
function isShort(time: Time): boolean {
  const lengths = edgesOf(time).map(({ from, to }) => Number(to) - Number(from));
  const { from, to } = time;
  return from !== null && to !== null && to - from <= lengths.reduce((sum, length) => sum + length, 0);
}

function wholeDays({ from, to }: Time): Time {
  return { from: from && nearestDay(from), to: to && nearestDay(to) };
}

/** What lies between the ends of a time and the midnights nearest to them. */
function edgesOf({ from, to }: Time): Part[] {
  const edges = [
    ...(from === null ? [] : [between(nearestDay(from), from, -1)]),
    ...(to === null ? [] : [between(nearestDay(to), to, 1)]),
  ];
  return edges.filter((edge) => edge.from !== edge.to);
}

function nearestDay(ms: number): number {
  return Math.round(ms / DAY_MS) * DAY_MS;
}
