import { describe, expect, it } from "vitest";
import { addDays, beginOf, dayAt, isDay } from "../../admin/zone/days.js";
import { daysOf, type Range, rangeWords, readRange, toInstants } from "../../admin/zone/range.js";
import { dayOf } from "../../server/reports/dashboard.js";

/** Clocks that change by an hour, by half of one, at midnight so that a day has none or two, and never. */
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/Sao_Paulo",
  "Asia/Kathmandu",
  "America/Havana",
  "America/Santiago",
  "Africa/Cairo",
  "Asia/Beirut",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "America/St_Johns",
];
const year = Array.from({ length: 365 }, (_, index) => addDays("2026-01-01", index));
const HOUR = 3_600_000;

describe("A day in a zone", () => {
  it.each(ZONES)("begins and ends where the server's does, all year long in %s", (zone) => {
    for (const day of year) {
      const [from, to] = [beginOf(day, zone), beginOf(addDays(day, 1), zone)];
      expect({ from: new Date(from), to: new Date(to) }, day).toEqual(dayOf(zone, from + HOUR));
      expect([dayAt(from, zone), dayAt(to - 1, zone)], day).toEqual([day, day]);
    }
  });

  it.each([
    ["Europe/Berlin", "2026-03-29", 23],
    ["Europe/Berlin", "2026-10-25", 25],
    ["America/Havana", "2026-03-08", 23],
    ["America/Havana", "2026-11-01", 25],
    ["Australia/Lord_Howe", "2026-04-05", 24.5],
    ["Australia/Lord_Howe", "2026-10-04", 23.5],
    ["America/Sao_Paulo", "2018-11-04", 23],
    ["America/Sao_Paulo", "2026-03-29", 24],
    ["Asia/Kathmandu", "2026-10-25", 24],
  ])("is as long as its clocks say: %s, %s, %d hours", (zone, day, hours) => {
    const { from = "", to = "" } = toInstants({ zone, from: day, to: day });
    expect((Date.parse(to) - Date.parse(from)) / HOUR).toBe(hours);
  });

  it("is one that the calendar has", () => {
    expect(["2028-02-29", "2026-12-31"].map(isDay)).toEqual([true, true]);
    const others = ["2026-02-29", "2026-13-01", "2026-1-1", "2026-01-01T00:00", " 2026-01-01", "", null, 20260101];
    expect(others.filter(isDay)).toEqual([]);
  });
});

describe("A range of days", () => {
  it("includes its last day, to the end that the day has where clocks change", () => {
    const spring: Range = { zone: "Europe/Berlin", from: "2026-03-28", to: "2026-03-29" };
    expect(toInstants(spring)).toEqual({ from: "2026-03-27T23:00:00.000Z", to: "2026-03-29T22:00:00.000Z" });
    const autumn: Range = { zone: "Europe/Berlin", from: "2026-10-25", to: "2026-10-25" };
    expect(toInstants(autumn)).toEqual({ from: "2026-10-24T22:00:00.000Z", to: "2026-10-25T23:00:00.000Z" });
    const nepal: Range = { zone: "Asia/Kathmandu", from: "2026-10-25", to: "2026-10-25" };
    expect(toInstants(nepal)).toEqual({ from: "2026-10-24T18:15:00.000Z", to: "2026-10-25T18:15:00.000Z" });
  });

  it("is open where a day is left out", () => {
    expect(toInstants({ zone: "UTC", from: "2026-03-01" })).toEqual({ from: "2026-03-01T00:00:00.000Z" });
    expect(toInstants({ zone: "UTC", to: "2026-03-01" })).toEqual({ to: "2026-03-02T00:00:00.000Z" });
  });

  it.each(ZONES)("with a name is of whole days around now, in %s", (zone) => {
    for (const day of year) {
      for (const now of [beginOf(day, zone), beginOf(addDays(day, 1), zone) - 1]) {
        expect(daysOf({ zone, word: "today" }, now)).toEqual({ from: day, to: day });
        expect(daysOf({ zone, word: "yesterday" }, now)).toEqual({ from: addDays(day, -1), to: addDays(day, -1) });
        expect(daysOf({ zone, word: "7d" }, now)).toEqual({ from: addDays(day, -6), to: day });
        expect(daysOf({ zone, word: "30d" }, now)).toEqual({ from: addDays(day, -29), to: day });
        expect(daysOf({ zone, word: "month" }, now)).toEqual({ from: `${day.slice(0, 7)}-01`, to: day });
      }
    }
  });

  it.each([
    ["2026-03-31", "2026-02-01", "2026-02-28"],
    ["2028-03-01", "2028-02-01", "2028-02-29"],
    ["2026-01-15", "2025-12-01", "2025-12-31"],
  ])("called last month is the whole one before: on %s from %s to %s", (today, from, to) => {
    expect(daysOf({ zone: "UTC", word: "lastMonth" }, Date.parse(today))).toEqual({ from, to });
  });

  it("is read from an address that anybody may have written", () => {
    for (const word of rangeWords) expect(readRange({ zone: "UTC", word })).toEqual({ zone: "UTC", word });
    const days = { zone: "Asia/Kathmandu", from: "2026-03-01", to: "2026-03-02" };
    expect(readRange({ ...days, more: 1 })).toEqual(days);
    for (const broken of [
      null,
      "today",
      [],
      { word: "today" },
      { zone: "Mars/Olympus", word: "today" },
      { zone: 1, word: "today" },
      { zone: "UTC", word: "toString" },
      { zone: "UTC" },
      { zone: "UTC", from: "2026-02-31" },
      { zone: "UTC", from: "2026-02-01", to: 5 },
    ]) {
      expect(readRange(broken), JSON.stringify(broken)).toBe(null);
    }
  });
});
