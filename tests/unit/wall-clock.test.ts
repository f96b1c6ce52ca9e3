import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { momentOf, wallClockAt } from "../../admin/zone/wall-clock.js";

const zones = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];
const HOUR = 3_600_000;

/** Every seventh hour of a year, and every quarter of one around each change of the clocks. */
function* momentsOf(zone: string): Generator<number> {
  const offset = (ms: number) => DateTime.fromMillis(ms, { zone }).offset;
  const step = 7 * HOUR;
  for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += step) {
    yield ms;
    if (offset(ms) !== offset(ms + step)) for (let more = ms - step; more < ms + 2 * step; more += HOUR / 4) yield more;
  }
}

describe.each(zones)("The clock on a wall in %s", (zone) => {
  it("shows what the calendar says at every seventh hour of a year and around changes, and is read as the same moment", () => {
    for (const ms of momentsOf(zone)) {
      const shown = wallClockAt(ms, zone);
      expect(shown).toBe(DateTime.fromMillis(ms, { zone }).toFormat("yyyy-MM-dd'T'HH:mm"));
      expect(wallClockAt(momentOf(shown, zone), zone)).toBe(shown);
      expect(momentOf(shown, zone)).toBeLessThanOrEqual(ms);
    }
  });
});

it("A time that a clock skips or shows twice is one moment, and what is no time is none", () => {
  expect(new Date(momentOf("2026-03-29T02:30", "Europe/Berlin")).toISOString()).toBe("2026-03-29T01:30:00.000Z");
  expect(new Date(momentOf("2026-10-25T02:30", "Europe/Berlin")).toISOString()).toBe("2026-10-25T00:30:00.000Z");
  expect(momentOf("tomorrow", "UTC")).toBeNaN();
});
