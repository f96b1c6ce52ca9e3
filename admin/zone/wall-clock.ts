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

const DAY = 86_400_000;

/** How far a zone's clock is ahead of UTC at a moment, in milliseconds. */
function offsetAt(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(ms);
  const [, sign = "+", hours = "0", minutes = "0", seconds = "0"] =
    /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(parts.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? [];
  return Number(`${sign}1`) * ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
