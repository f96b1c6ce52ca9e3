import { addDays, beginOf, type Day, dayAt, isDay } from "./days.js";

/** The ranges with a name, in the order they are offered. */
export const rangeWords = ["today", "yesterday", "7d", "30d", "month", "lastMonth"] as const;
export type RangeWord = (typeof rangeWords)[number];

/** A range of whole days in a zone, as the URL keeps it: a word that moves on with time, or two days, both included. */
export type Range = { zone: string } & ({ word: RangeWord } | { from?: Day; to?: Day });

/** The first and last day of a range, both included; undefined: open. */
export function daysOf(range: Range, now: number = Date.now()): { from?: Day; to?: Day } {
  if (!("word" in range)) return { from: range.from, to: range.to };
  const today = dayAt(now, range.zone);
  const monthBegin = `${today.slice(0, 8)}01`;
  switch (range.word) {
    case "today":
      return { from: today, to: today };
    case "yesterday":
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case "7d":
      return { from: addDays(today, -6), to: today };
    case "30d":
      return { from: addDays(today, -29), to: today };
    case "month":
      return { from: monthBegin, to: today };
    case "lastMonth": {
      const last = addDays(monthBegin, -1);
      return { from: `${last.slice(0, 8)}01`, to: last };
    }
  }
}

/** A range as the API takes it: from the first day's begin to before the begin of the day after the last. */
export function toInstants(range: Range, now?: number): { from?: string; to?: string } {
  const { from, to } = daysOf(range, now);
  return {
    ...(from && { from: new Date(beginOf(from, range.zone)).toISOString() }),
    ...(to && { to: new Date(beginOf(addDays(to, 1), range.zone)).toISOString() }),
  };
}

/** A range from an address, which anybody may have written: null when it is none. */
export function readRange(value: unknown): Range | null {
  const { zone, word, from, to } = (value ?? {}) as Record<string, unknown>;
  if (typeof zone !== "string" || !isZone(zone)) return null;
  if (rangeWords.includes(word as RangeWord)) return { zone, word: word as RangeWord };
  if ((from !== undefined && !isDay(from)) || (to !== undefined && !isDay(to)) || !(from || to)) return null;
  return { zone, from, to };
}

function isZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}
