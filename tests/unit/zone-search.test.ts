import { rawTimeZones } from "@vvo/tzdb";
import { describe, expect, it } from "vitest";
import { cityOf, currentName } from "../../admin/zone/zone-names.js";
import { searchZones, zoneChoices } from "../../admin/zone/zone-search.js";

const NOW = Date.parse("2026-11-30T12:00:00Z");

/** As Chromium and WebKit list zones, whose names are old ones, and as Firefox does. */
const listed = ["UTC", ...Intl.supportedValuesOf("timeZone")];
const lists = {
  "old names": zoneChoices(listed, NOW),
  "new names": zoneChoices(listed.map(currentName), NOW),
};

describe.each(Object.entries(lists))("5.6 A zone is found among %s,", (_, choices) => {
  const find = (text: string) => searchZones(choices, text).map(({ zone }) => currentName(zone));

  it.each([
    ["brazil", "America/Sao_Paulo"],
    ["Brazil", "America/Manaus"],
    ["utc-3", "America/Sao_Paulo"],
    ["UTC−3", "America/Argentina/Buenos_Aires"],
    ["gmt +5:30", "Asia/Kolkata"],
    ["+0545", "Asia/Kathmandu"],
    ["utc+05:30", "Asia/Kolkata"],
    ["-9:30", "Pacific/Marquesas"],
    ["utc+0", "UTC"],
    ["são paulo", "America/Sao_Paulo"],
    ["saopaulo", "America/Sao_Paulo"],
    ["new_york", "America/New_York"],
    ["newyork", "America/New_York"],
    ["los angeles", "America/Los_Angeles"],
    ["US/Pacific", "America/Los_Angeles"],
    ["usa", "America/Chicago"],
    ["uk", "Europe/London"],
    ["england", "Europe/London"],
    ["holland", "Europe/Amsterdam"],
    ["türkiye", "Europe/Istanbul"],
    ["turkey", "Europe/Istanbul"],
    ["mumbai", "Asia/Kolkata"],
    ["beijing", "Asia/Shanghai"],
    ["viet", "Asia/Ho_Chi_Minh"],
    ["america/sao", "America/Sao_Paulo"],
    ["pst", "America/Los_Angeles"],
    ["cote d'ivoire", "Africa/Abidjan"],
    ["gmt", "UTC"],
    ["greenwich", "UTC"],
  ])("by %s: %s", (text, zone) => {
    expect(find(text)).toContain(zone);
  });

  it.each([
    ["kyiv", "Europe/Kyiv"],
    ["kiev", "Europe/Kyiv"],
    ["kolkata", "Asia/Kolkata"],
    ["calcutta", "Asia/Kolkata"],
    ["ho chi minh", "Asia/Ho_Chi_Minh"],
    ["saigon", "Asia/Ho_Chi_Minh"],
    ["yangon", "Asia/Yangon"],
    ["rangoon", "Asia/Yangon"],
    ["kathmandu", "Asia/Kathmandu"],
    ["katmandu", "Asia/Kathmandu"],
    ["nuuk", "America/Nuuk"],
    ["godthab", "America/Nuuk"],
    ["faroe", "Atlantic/Faroe"],
    ["faeroe", "Atlantic/Faroe"],
    ["buenos aires", "America/Argentina/Buenos_Aires"],
    ["america/buenos_aires", "America/Argentina/Buenos_Aires"],
    ["indianapolis", "America/Indiana/Indianapolis"],
    ["kanton", "Pacific/Kanton"],
    ["enderbury", "Pacific/Kanton"],
    ["dacca", "Asia/Dhaka"],
    ["macao", "Asia/Macau"],
    ["tel aviv", "Asia/Jerusalem"],
    ["utc", "UTC"],
    ["berlin", "Europe/Berlin"],
    ["tokyo", "Asia/Tokyo"],
  ])("5.17 first of all by %s, an old or a new name: %s", (text, zone) => {
    expect(find(text)[0]).toBe(zone);
  });

  it("by its distance from UTC exactly: what is half an hour off is another", () => {
    const offsets = (text: string) => new Set(searchZones(choices, text).map(({ offset }) => offset));
    expect(offsets("utc-3")).toEqual(new Set(["UTC-3"]));
    expect(offsets("utc-3:30")).toEqual(new Set(["UTC-3:30"]));
    expect(offsets("+14")).toEqual(new Set(["UTC+14"]));
  });

  it("not by what no zone is called, and all of them by nothing", () => {
    for (const text of ["mordor", "utc+99", "utc-3:77"]) expect(find(text), text).toEqual([]);
    expect(find("  ")).toHaveLength(choices.length);
  });

  it("each by its own name, and is offered once", () => {
    for (const { zone } of choices) expect(find(zone)[0], zone).toBe(currentName(zone));
    expect(new Set(choices.map(({ zone }) => zone)).size).toBe(choices.length);
  });
});

describe("5.17 What a zone is called", () => {
  it("is its name of today, whatever the browser calls it", () => {
    expect(["Asia/Calcutta", "Asia/Kolkata", "Europe/Kiev", "America/Sao_Paulo", "UTC"].map(cityOf)).toEqual([
      "Kolkata",
      "Kolkata",
      "Kyiv",
      "Sao Paulo",
      "UTC",
    ]);
  });

  it("is known for every zone that is listed by an old name only", () => {
    const unknown = listed.filter((zone) => {
      const entry = rawTimeZones.find(({ group }) => group.includes(zone));
      return entry && entry.group.length === 2 && !listed.includes(entry.name) && currentName(zone) !== entry.name;
    });
    expect(unknown).toEqual([]);
  });
});
