import { type EntityManager } from "@mikro-orm/sql";
import { type ListDay, totalOfDays } from "./changed-days.js";
import { keyOf } from "./column.js";
import { type Condition, type Where } from "./condition.js";
import { DAY, SECOND_MS, startOf } from "./counters.js";
import { firstIdAt, momentOf } from "./id.js";
import { type List, type OpenList, readPart, readPartFromEnd, STEP_MAX } from "./list-rows.js";

/** A list that is asked for by when its rows were changed. */
export interface ChangedParts<T extends object> {
  list: List<T>;
  /** The same, found by the change and sorted. */
  sorted: List<T>;
  /** Oldest first. */
  days: ListDay[];
  /** Whether it asks for nothing else. */
  isAll: boolean;
}

/**
 * Opens it. The counters say how many rows each day has; only days that have some are read, row by row in the list's own
 * index, or, where others lie between them in great number, by the change.
 */
export function openChangedList<T extends object>(em: EntityManager, parts: ChangedParts<T>): OpenList<T> {
  const { list, sorted, days, isAll } = parts;
  const key = keyOf(list.entity);
  const isUp = list.order.direction === "asc";
  const inOrder = isUp ? days : days.toReversed();
  const total = totalOfDays(days);
  const isSparse = (some: ListDay[]) => isAll && othersOf(some) > total;

  const withinDays = (some: ListDay[]): Where => {
    const starts = some.map(({ start }) => start);
    const id = (seconds: number) => firstIdAt(new Date(seconds * SECOND_MS));
    return [
      { property: key, is: ">=", value: id(Math.min(...starts)) },
      { property: key, is: "<", value: id(Math.max(...starts) + DAY) },
    ];
  };

  /** Reads on over days, in the order of the list. @param offset  rows of the first day to leave out */
  async function read(some: ListDay[], limit: number, offset = 0, beyond: Where = []): Promise<T[]> {
    const needed = daysWith(some, limit + (beyond.length > 0 ? (some[0]?.n ?? 0) : offset));
    if (isSparse(needed)) {
      return readPart(em, sorted, { beyond: [...withinDays(needed), ...beyond], limit, offset });
    }
    const rows: T[] = [];
    for (const [index, stretch] of stretchesOf(needed).entries()) {
      if (rows.length >= limit) break;
      const part = { beyond: [...withinDays(stretch), ...beyond], limit: limit - rows.length };
      rows.push(...(await readPart(em, list, index === 0 ? { ...part, offset } : part)));
    }
    return rows;
  }

  async function at(offset: number, size: number): Promise<T[]> {
    const left = [...inOrder];
    let skipped = offset;
    while (left[0] && left[0].n <= skipped) skipped -= left.shift()?.n ?? 0;
    const [first, ...later] = left;
    if (!first || skipped <= first.n / 2 || isSparse([first])) return read(left, size, skipped);
    const rest = first.n - skipped;
    const part = { beyond: withinDays([first]), limit: Math.min(rest, size), offset: Math.max(rest - size, 0) };
    const rows = await readPartFromEnd(em, list, part);
    return rows.length < size ? [...rows, ...(await read(later, size - rows.length))] : rows;
  }

  return {
    total,
    at,
    after: (beyond, limit) => {
      const [{ value }] = beyond as [Condition];
      const day = startOf(momentOf(String(value)).getTime(), DAY);
      const left = inOrder.filter(({ start }) => (isUp ? start >= day : start <= day));
      return read(left, limit, 0, beyond);
    },
  };
}

/** Rows that are not of the list, on days that have some of it. */
function othersOf(days: ListDay[]): number {
  return days.reduce((sum, { n, all }) => (n > 0 ? sum + all - n : sum), 0);
}

/** The first days that have so many rows, or all. */
function daysWith(days: ListDay[], rows: number): ListDay[] {
  let left = rows;
  const end = days.findIndex(({ n }) => {
    left -= n;
    return left <= 0;
  });
  return end < 0 ? days : days.slice(0, end + 1);
}

/** Days that are read by one statement, in the order of the list: what lies between them that is not of the list is little. */
function stretchesOf(days: ListDay[]): ListDay[][] {
  const stretches: ListDay[][] = [];
  let between = 0;
  for (const day of days) {
    const last = stretches.at(-1);
    if (day.n === 0) between += day.all;
    else if (last && between <= STEP_MAX) last.push(day);
    else stretches.push([day]);
    if (day.n > 0) between = 0;
  }
  return stretches;
}
