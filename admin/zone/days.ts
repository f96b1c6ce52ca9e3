import { wallClockAt } from "./wall-clock.js";

/** A day of the calendar, as `2026-11-22`. */
export type Day = string;

const HOUR = 3_600_000;

/** The day that a moment (Unix ms) falls on in a zone. */
export function dayAt(ms: number, zone: string): Day {
  return wallClockAt(ms, zone).slice(0, 10);
}

/**
 * Where a day begins in a zone: the first moment (Unix ms) whose date there is that day.
 *
 * Not midnight plus hours: where clocks change, a day has 23 to 25 hours and some have no midnight.
 */
export function beginOf(day: Day, zone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  let before = utc - 15 * HOUR;
  let begun = utc + 15 * HOUR;
  while (begun - before > 1) {
    const middle = Math.floor((before + begun) / 2);
    if (dayAt(middle, zone) < day) before = middle;
    else begun = middle;
  }
  return begun;
}

/** The day so many days later, or earlier when negative. */
export function addDays(day: Day, count: number): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** Whether a text is a day that the calendar has, of the years 1000 to 9998: a date field has others while it is typed in. */
export function isDay(text: unknown): text is Day {
  if (typeof text !== "string" || !/^[1-9]\d{3}-\d\d-\d\d$/.test(text) || text.startsWith("9999")) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
