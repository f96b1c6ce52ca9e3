import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { dayAt } from "../../admin/zone/days.js";
import { wallClockAt } from "../../admin/zone/wall-clock.js";
import { dayAndTime, longTime, offsetOf, shortTime, timeAgo, writeDays } from "../../admin/zone/written.js";

const MOMENT = Date.parse("2026-11-30T23:05:09.007Z");
const WINTER = Date.parse("2026-01-15T12:00:00Z");
const SUMMER = Date.parse("2026-07-15T12:00:00Z");
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

describe("5.0 Times are written alike in every browser:", () => {
  it.each([
    ["UTC", "30 Nov 23:05:09", "Mon, 30 November 2026 at 23:05:09.007", "Mon 30 Nov", "23:05", "2026-11-30"],
    ["Asia/Kathmandu", "01 Dec 04:50:09", "Tue, 1 December 2026 at 04:50:09.007", "Tue 1 Dec", "04:50", "2026-12-01"],
    [
      "America/St_Johns",
      "30 Nov 19:35:09",
      "Mon, 30 November 2026 at 19:35:09.007",
      "Mon 30 Nov",
      "19:35",
      "2026-11-30",
    ],
    ["Pacific/Apia", "01 Dec 12:05:09", "Tue, 1 December 2026 at 12:05:09.007", "Tue 1 Dec", "12:05", "2026-12-01"],
  ])("a moment in %s", (zone, short, long, day, time, date) => {
    expect(shortTime(MOMENT, zone, MOMENT)).toBe(short);
    expect(longTime(MOMENT, zone)).toBe(long);
    expect(dayAndTime(MOMENT, zone)).toEqual({ day, time });
    expect(dayAt(MOMENT, zone)).toBe(date);
  });

  it.each([
    ["UTC", WINTER, "UTC"],
    ["Europe/London", WINTER, "UTC"],
    ["Europe/London", SUMMER, "UTC+1"],
    ["America/Sao_Paulo", WINTER, "UTC-3"],
    ["America/St_Johns", WINTER, "UTC-3:30"],
    ["America/St_Johns", SUMMER, "UTC-2:30"],
    ["Asia/Kathmandu", WINTER, "UTC+5:45"],
    ["Pacific/Kiritimati", WINTER, "UTC+14"],
    ["Pacific/Marquesas", WINTER, "UTC-9:30"],
  ])("the distance of %s from UTC", (zone, ms, offset) => {
    expect(offsetOf(zone, ms)).toBe(offset);
  });

  it("a moment of another year, or from beyond every calendar", () => {
    expect(shortTime(Date.parse("2025-12-31T22:30:00Z"), "UTC", MOMENT)).toBe("31 Dec 2025 22:30:00");
    expect(shortTime(Date.parse("2025-12-31T22:30:00Z"), "Europe/Kyiv", MOMENT)).toBe("01 Jan 00:30:00");
    expect(shortTime(2 ** 48 - 1, "UTC", MOMENT)).toBe("02 Aug 10889 05:31:50");
  });

  it.each([
    [0, "0s ago"],
    [-5 * SECOND, "0s ago"],
    [59 * SECOND, "59s ago"],
    [MINUTE, "1m ago"],
    [2 * HOUR - 1, "1h ago"],
    [DAY, "1d ago"],
    [1234 * DAY, "1,234d ago"],
  ])("how long ago %i ms are", (age, text) => {
    expect(timeAgo(MOMENT - age, MOMENT)).toBe(text);
  });

  it.each([
    [{ from: "2026-11-01", to: "2026-11-10" }, "1 Nov – 10 Nov"],
    [{ from: "2026-11-30", to: "2026-11-30" }, "30 Nov"],
    [{ from: "2025-12-31", to: "2026-01-01" }, "31 Dec 2025 – 1 Jan 2026"],
    [{ from: "2026-09-01" }, "1 Sep – …"],
    [{ to: "2025-09-01" }, "… – 1 Sep 2025"],
  ])("the days %o", (days, text) => {
    expect(writeDays(days, "2026-11-30")).toBe(text);
  });
});

describe("5.0 No pattern of a locale is read", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it("for the day of a moment: what a browser makes of one is never looked at", () => {
    vi.spyOn(Intl.DateTimeFormat.prototype as unknown as { format: unknown }, "format", "get").mockReturnValue(
      () => "11/30/2026",
    );
    for (const method of ["toLocaleDateString", "toLocaleTimeString", "toLocaleString"] as const)
      vi.spyOn(Date.prototype, method).mockReturnValue("11/30/2026");
    expect(dayAt(MOMENT, "Asia/Tokyo")).toBe("2026-12-01");
    expect(wallClockAt(MOMENT, "Asia/Tokyo")).toBe("2026-12-01T08:05");
    expect(offsetOf("Asia/Tokyo", MOMENT)).toBe("UTC+9");
  });

  it.each([
    ["in another order", (parts: Intl.DateTimeFormatPart[]) => parts.toReversed()],
    [
      "with midnight as 24 o'clock",
      (parts: Intl.DateTimeFormatPart[]) =>
        parts.map((part) => (part.type === "hour" && Number(part.value) === 0 ? { ...part, value: "24" } : part)),
    ],
    [
      "with zeros before, and words between",
      (parts: Intl.DateTimeFormatPart[]) =>
        parts.map(({ type, value }) => ({ type, value: type === "literal" ? " at " : value.padStart(4, "0") })),
    ],
  ])("by its parts, also where a browser gives them %s", (_, change) => {
    const own = Intl.DateTimeFormat.prototype.formatToParts;
    vi.spyOn(Intl.DateTimeFormat.prototype, "formatToParts").mockImplementation(function (
      this: Intl.DateTimeFormat,
      date,
    ) {
      return change(own.call(this, date));
    });
    for (const zone of ["UTC", "Asia/Kolkata", "America/New_York"]) {
      const ms = Date.parse("2026-03-01T00:00:00Z") - (zone === "UTC" ? 0 : zone === "Asia/Kolkata" ? 5.5 : -5) * HOUR;
      expect(wallClockAt(ms, zone)).toBe("2026-03-01T00:00");
      expect(dayAt(ms - 1, zone)).toBe("2026-02-28");
    }
  });

  const sources = readdirSync("admin", { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  it.each([
    [
      "a date as some locale writes it",
      /toLocale(Date|Time)String|timeZoneName|RelativeTimeFormat|dateStyle|timeStyle/,
    ],
    ["a number in the browser's own language", /toLocaleString\((?!"en"\))/],
    ["a date format anywhere but in wall-clock.ts", /Intl\.DateTimeFormat\((?!\)\.resolvedOptions|"en", \{ timeZone)/],
  ])("anywhere in the admin: no file asks for %s", (_, pattern) => {
    const asking = sources.filter((file) => pattern.test(readFileSync(join("admin", file), "utf8")));
    expect(asking.filter((file) => file !== "zone/wall-clock.ts")).toEqual([]);
  });
});
