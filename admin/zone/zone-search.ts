import { rawTimeZones } from "@vvo/tzdb";
import { offsetAt } from "./wall-clock.js";
import { offsetOf } from "./written.js";
import { currentName, otherNames } from "./zone-names.js";

/** A zone as it is offered, and by what it is found. */
export interface ZoneChoice {
  /** As the browser calls it. */
  zone: string;
  /** As it is called now. */
  name: string;
  country: string;
  /** "UTC-3" */
  offset: string;
  minutes: number;
  /** In the order in which a match counts: its own names, its cities and countries, the rest. */
  names: string[][];
}

/** What people call countries otherwise. */
const CALLED: Record<string, string> = {
  AE: "UAE",
  CI: "Cote d'Ivoire",
  CZ: "Czechia Czech Republic",
  GB: "UK Great Britain England Scotland Wales",
  MM: "Burma",
  NL: "Holland",
  TR: "Turkey Turkiye",
  US: "USA America",
};
const UTC_NAMES = ["UTC", "Etc/UTC", "GMT", "Z", "Coordinated Universal Time", "Greenwich Mean Time"];

/** Zones as a browser lists them, with what is known of them. @param now  Unix ms, for their distance from UTC */
export function zoneChoices(zones: readonly string[], now: number = Date.now()): ZoneChoice[] {
  const listed = new Set(zones);
  const known = new Map(rawTimeZones.flatMap((entry) => entry.group.map((name) => [name, entry])));
  return [...listed].map((zone) => {
    const entry = known.get(zone) ?? known.get(currentName(zone));
    // What the browser has no other choice for: names of before, and of places that have no zone of their own.
    const unlisted = entry?.group.filter((name) => !listed.has(name)) ?? [];
    const isUtc = UTC_NAMES.includes(zone);
    return {
      zone,
      name: currentName(zone).replaceAll("_", " "),
      country: entry?.countryName ?? "",
      offset: offsetOf(zone, now),
      minutes: Math.round(offsetAt(now, zone) / 60_000),
      names: [
        [zone, ...otherNames(zone), ...(isUtc ? UTC_NAMES : [])],
        entry ? [entry.countryName, entry.countryCode, CALLED[entry.countryCode] ?? "", ...entry.mainCities] : [],
        entry ? [...unlisted, entry.alternativeName, entry.abbreviation, entry.dstAbbreviation ?? ""] : [],
      ].map((names) => names.map(plain)),
    };
  });
}

/** The zones that a text means, the nearest first: by city, country or distance from UTC, in any writing. All for an empty one. */
export function searchZones(choices: readonly ZoneChoice[], text: string): ZoneChoice[] {
  const asked = plain(text);
  const minutes = minutesOf(text);
  if (minutes !== null) return choices.filter((choice) => choice.minutes === minutes);
  if (!asked) return [...choices];
  const rank = ({ names }: ZoneChoice) =>
    names.findIndex((_, index) => isAmong(names.slice(0, index + 1).flat(), asked));
  return choices
    .map((choice) => ({ choice, rank: rank(choice) }))
    .filter((found) => found.rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .map(({ choice }) => choice);
}

/** Whether each word begins a word among the names, or all of them together stand in one. */
function isAmong(names: string[], asked: string): boolean {
  const words = names.flatMap((name) => name.split(" "));
  const together = asked.replaceAll(" ", "");
  return (
    asked.split(" ").every((each) => words.some((word) => word.startsWith(each))) ||
    (together.length > 3 && names.some((name) => name.replaceAll(" ", "").includes(together)))
  );
}

/** Words in small letters without accents: "São Paulo" and "sao_paulo" are the same. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}|['’]/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** A distance from UTC in minutes, of "utc-3", "GMT +5:30", "+0530", "−3"; null when it is none. */
function minutesOf(text: string): number | null {
  const [, sign, hours, minutes = "0"] =
    /^\s*(?:utc|gmt|z)?\s*([+\-−–])\s*(\d{1,2})(?::?([0-5]\d))?\s*$/i.exec(text) ?? [];
  if (!sign) return null;
  const size = Number(hours) * 60 + Number(minutes);
  // Never -0.
  return sign === "+" ? size : 0 - size;
}
