const DAY = 86_400_000;

/**
 * Made once for each zone. Only its parts are read, by their names: the pattern of a locale ("11/30/2026", "2026-11-30") and its
 * words ("GMT", "GMT+0", "UTC") differ from browser to browser and from year to year.
 */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(zone, known);
  return known;
}

/** How far a zone's clock is ahead of UTC at a moment (Unix ms), in milliseconds. */
export function offsetAt(ms: number, zone: string): number {
  const parts = formatOf(zone)
    .formatToParts(ms)
    .map(({ type, value }) => [type, Number(value)]);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts);
  // Some browsers call midnight 24.
  return Date.UTC(year, month - 1, day, hour % 24, minute, second) - Math.floor(ms / 1000) * 1000;
}

/** What a clock on the wall of a zone shows at a moment (Unix ms), as a date field takes it: "2026-11-22T10:00". */
export function wallClockAt(ms: number, zone: string): string {
  return new Date(ms + offsetAt(ms, zone)).toISOString().slice(0, 16);
}

/**
 * The moment (Unix ms) at which a zone's clock shows this; NaN when it is no time.
 *
 * What it shows twice, where clocks go back, is the first time; what it skips is as much later as it skips.
 */
export function momentOf(wallClock: string, zone: string): number {
  const utc = Date.parse(`${wallClock}Z`);
  if (Number.isNaN(utc)) return Number.NaN;
  const before = utc - offsetAt(utc - DAY, zone);
  if (wallClockAt(before, zone) === wallClock.slice(0, 16)) return before;
  const after = utc - offsetAt(utc + DAY, zone);
  return wallClockAt(after, zone) === wallClock.slice(0, 16) ? after : before;
}
