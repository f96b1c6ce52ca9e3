import { type EntityManager } from "@mikro-orm/sql";
import { keyOf } from "./column.js";
import { type Condition, type Sql, whereSql } from "./condition.js";
import { type CountedList, type Time } from "./counted-list.js";
import { ANY_CHANGE, DAY, SECOND_MS, type Span, spansOf } from "./counters.js";
import { firstIdAt } from "./id.js";
import { tableSql } from "./rows.js";
import { tableOf } from "./table.js";
import { type SumPart, sumParts } from "./wide-sum.js";

/** What is told apart and added up in a sum, by property. */
export interface SumAsked {
  groups: string[];
  sums: string[];
}

/** A part of a time; with -1 what is too much. */
export interface Part extends Time {
  sign: 1 | -1;
}

/** Spans from their counters, or rows from the facts' index. */
interface Piece extends Part {
  span: Span | "rows";
}

/**
 * A statement that counts a list's rows, as `n`, and adds up amounts, each in two columns (`wide-sum.ts`) as text: from
 * whole days, corrected by the minutes between the ends and the midnights nearest to them, those by seconds where they are
 * counted, and by the rows that are left.
 */
export function sumSql(em: EntityManager, list: CountedList, { groups, sums }: SumAsked): Sql {
  const table = tableOf(em, list.counter.entity);
  const [grouped, parts] = [groups.map(table.column), sums.flatMap((sum) => sumParts(em, table, sum))];
  const pieces = piecesOf(list.time, spansOf(list.counter)).map((piece) => pieceSql(em, list, piece, grouped, parts));
  if (pieces.length === 0) return { sql: "select 0 as n", values: [] };
  const columns = [
    ...grouped,
    "coalesce(sum(n), 0) as n",
    ...parts.map(({ column }) => `cast(sum(${column}) as char) as ${column}`),
  ];
  const groupBy = grouped.length > 0 ? ` group by ${grouped.join(", ")}` : "";
  return {
    sql: `select ${columns.join(", ")} from (${pieces.map(({ sql }) => sql).join(" union all ")}) as pieces${groupBy}`,
    values: pieces.flatMap(({ values }) => values),
  };
}

/** How many rows a list has. */
export async function totalOf(em: EntityManager, list: CountedList): Promise<number> {
  const { sql, values } = sumSql(em, list, { groups: [], sums: [] });
  const [row] = await em.execute<{ n: number | string }[]>(sql, values);
  return Number(row?.n ?? 0);
}

/** The condition for a list's rows in its counter table, whenever they were changed. @param time  in seconds since 1970. */
export function counterWhere(em: EntityManager, { counted, counter, equal }: CountedList, span: Span, time: Time): Sql {
  const { from, to } = time;
  const where: Condition[] = [...equal, { property: "span", is: "=", value: span }];
  if (counted.changed) where.push({ property: "changed", is: "=", value: ANY_CHANGE });
  if (from !== null) where.push({ property: "start", is: ">=", value: from });
  if (to !== null) where.push({ property: "start", is: "<", value: to });
  return whereSql(tableOf(em, counter.entity), where);
}

function pieceSql(
  em: EntityManager,
  list: CountedList,
  { span, sign, ...time }: Piece,
  groups: string[],
  parts: SumPart[],
): Sql {
  const add = (sum: string, name: string) => `${sign < 0 ? "-" : ""}${sum} as ${name}`;
  const groupBy = groups.length > 0 ? ` group by ${groups.join(", ")}` : "";
  const isRows = span === "rows";
  const from = isRows ? tableSql(em, list.counted.fact, list.index) : tableOf(em, list.counter.entity).name;
  const where = isRows ? rowsWhere(em, list, time) : counterWhere(em, list, span, inSeconds(time));
  const amounts = parts.map(({ column, ofFact }) => add(`sum(${isRows ? ofFact : column})`, column));
  const columns = [...groups, add(isRows ? "count(*)" : "sum(n)", "n"), ...amounts];
  return { sql: `select ${columns.join(", ")} from ${from}${where.sql}${groupBy}`, values: where.values };
}

function rowsWhere(em: EntityManager, { counted: { fact }, equal }: CountedList, { from, to }: Time): Sql {
  const property = keyOf(fact);
  const where: Condition[] = [...equal];
  if (from !== null) where.push({ property, is: ">=", value: firstIdAt(new Date(from)) });
  if (to !== null) where.push({ property, is: "<", value: firstIdAt(new Date(to)) });
  return whereSql(tableOf(em, fact), where);
}

function inSeconds({ from, to }: Time): Time {
  return { from: from === null ? null : from / SECOND_MS, to: to === null ? null : to / SECOND_MS };
}

/** Takes a time apart. Each end goes to the nearest midnight; what that adds or leaves out is put right at the level below. */
function piecesOf({ from, to }: Time, spans: Span[]): Piece[] {
  if (from !== null && to !== null && from >= to) return [];
  const near = (end: number, span: Span) => Math.round(end / (span * SECOND_MS)) * span * SECOND_MS;
  const pieces: Piece[] = [{ span: DAY, from: from && near(from, DAY), to: to && near(to, DAY), sign: 1 }];
  for (const [end, sign] of [
    [from, -1],
    [to, 1],
  ] as const) {
    if (end === null) continue;
    let reached = near(end, DAY);
    for (const span of spans.slice(1)) {
      pieces.push({ span, ...between(reached, near(end, span), sign) });
      reached = near(end, span);
    }
    pieces.push({ span: "rows", ...between(reached, end, sign) });
  }
  return pieces.filter((piece) => piece.from === null || piece.from !== piece.to);
}

/** What lies from one moment to another; negative when the other comes first. */
export function between(one: number, other: number, sign: 1 | -1): Part {
  if (one <= other) return { from: one, to: other, sign };
  return { from: other, to: one, sign: sign === 1 ? -1 : 1 };
}
