import { type Day } from "./days.js";
import { offsetAt } from "./wall-clock.js";

/**
 * How the admin writes times, alike in every browser: none is asked how some locale would write them, because each has an answer
 * of its own, and another one next year.
 */
const MONTHS = "January February March April May June July August September October November December".split(" ");
const WEEKDAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");

const padded = (value: number, digits = 2) => String(value).padStart(digits, "0");
/** A date whose UTC fields are what calendar and clock of a zone show. */
const shownAt = (ms: number, zone: string) => new Date(ms + offsetAt(ms, zone));
const clockOf = (shown: Date) =>
  [shown.getUTCHours(), shown.getUTCMinutes(), shown.getUTCSeconds()].map((value) => padded(value)).join(":");
const monthOf = (shown: Date) => (MONTHS[shown.getUTCMonth()] as string).slice(0, 3);

/** A moment as lists show it, as "22 Nov 17:43:10"; of another year than `now` with the year. */
export function shortTime(ms: number, zone: string, now: number = Date.now()): string {
  const shown = shownAt(ms, zone);
  const year = shown.getUTCFullYear();
  const day = `${padded(shown.getUTCDate())} ${monthOf(shown)}`;
  return `${day}${year === shownAt(now, zone).getUTCFullYear() ? "" : ` ${year}`} ${clockOf(shown)}`;
}

/** A moment to the millisecond: "Sun, 22 November 2026 at 17:43:10.123". */
export function longTime(ms: number, zone: string): string {
  const shown = shownAt(ms, zone);
  const day = `${shown.getUTCDate()} ${MONTHS[shown.getUTCMonth()]} ${shown.getUTCFullYear()}`;
  const thousandths = padded(shown.getUTCMilliseconds(), 3);
  return `${WEEKDAYS[shown.getUTCDay()]}, ${day} at ${clockOf(shown)}.${thousandths}`;
}

/** Day and time of a moment as a title has them: "Sun 22 Nov" and "17:43". */
export function dayAndTime(ms: number, zone: string): { day: string; time: string } {
  const shown = shownAt(ms, zone);
  return {
    day: `${WEEKDAYS[shown.getUTCDay()]} ${shown.getUTCDate()} ${monthOf(shown)}`,
    time: clockOf(shown).slice(0, 5),
  };
}

/** Days as people write them, both included: "16 Nov – 22 Nov"; with the year where one is of another than `today`'s. */
export function writeDays({ from, to }: { from?: Day; to?: Day }, today: Day): string {
  const isThisYear = [from, to].every((day) => !day || day.slice(0, 4) === today.slice(0, 4));
  const text = (day: Day | undefined) => (day ? dayText(new Date(`${day}T00:00:00Z`), !isThisYear) : "…");
  return from === to ? text(from) : `${text(from)} – ${text(to)}`;
}

function dayText(date: Date, hasYear: boolean): string {
  return `${date.getUTCDate()} ${monthOf(date)}${hasYear ? ` ${date.getUTCFullYear()}` : ""}`;
}

const steps = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** How long ago a moment is, as "28s ago". */
export function timeAgo(ms: number, now: number): string {
  const [unit, size] = steps.find(([, each]) => now - ms >= each) ?? steps[3];
  return `${Math.max(0, Math.floor((now - ms) / size)).toLocaleString("en")}${unit} ago`;
}

/** The zone's distance from UTC at a moment, as "UTC-3" or "UTC+5:30"; "UTC" where there is none. */
export function offsetOf(zone: string, ms: number = Date.now()): string {
  const minutes = Math.round(offsetAt(ms, zone) / 60_000);
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "-" : "+"}${Math.floor(size / 60)}${size % 60 ? `:${padded(size % 60)}` : ""}`;
}
