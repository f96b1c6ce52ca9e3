import { expect, it } from "vitest";
import { createCountryOf } from "../../server/clicks/country.js";
import { readDevice } from "../../server/clicks/device.js";
import { drawVisitor } from "../../server/demo/draw-visitor.js";
import { homes } from "../../server/demo/people.js";
import { seededRandom } from "../kit/chi-square.js";

const HOUR = 3_600_000;
const DAY_START = Date.parse("2026-11-30T00:00:00.000Z");
const countryOf = createCountryOf("");

/** What a day of the demo would be like, with as many visitors in each hour. */
function dayOf(perHour: number) {
  const random = seededRandom(17);
  return Array.from({ length: 24 * perHour }, (_, index) => {
    const ms = DAY_START + Math.floor(index / perHour) * HOUR;
    const { ip, headers, query } = drawVisitor(random, ms);
    return { ms, ip, headers, query, country: countryOf(ip), ...readDevice(headers["user-agent"] ?? "") };
  });
}

it("the demo's visitors come from many countries, with phones and computers, by apps, and a few are bots", () => {
  const day = dayOf(400);
  const share = (is: (visitor: (typeof day)[number]) => boolean) => day.filter(is).length / day.length;
  const kinds = (of: (visitor: (typeof day)[number]) => string | null | undefined) => new Set(day.map(of)).size;
  expect(share(({ country }) => country === null)).toBeLessThan(0.02);
  expect(kinds(({ country }) => country)).toBeGreaterThanOrEqual(homes.length);
  expect(share(({ device }) => device === "mobile")).toBeGreaterThan(0.55);
  expect(share(({ device }) => device === "desktop")).toBeGreaterThan(0.15);
  expect(
    share(({ browser }) => ["Facebook", "Instagram", "TikTok", "Telegram"].includes(String(browser))),
  ).toBeGreaterThan(0.2);
  expect(share(({ bot }) => bot)).toBeGreaterThan(0.02);
  expect(share(({ bot }) => bot)).toBeLessThan(0.06);
  expect(share(({ bot, os }) => !bot && os === null)).toBe(0);
  expect(share(({ ip }) => ip.includes(":"))).toBeGreaterThan(0.1);
  expect(kinds(({ headers }) => headers["accept-language"])).toBeGreaterThan(15);
  expect(kinds(({ headers }) => headers.referer)).toBeGreaterThan(8);
  expect(kinds(({ query }) => query.utm_source)).toBeGreaterThan(6);
});

it("the demo's networks are in the countries that they are said to be in", () => {
  const wrong = homes.flatMap(({ country, networks }) =>
    networks.filter((network) => {
      const ips = network.includes(":")
        ? ["1:1::1", "7f00:2::9"].map((end) => `${network}:${end}`)
        : ["1.1", "120.9"].map((end) => `${network}.${end}`);
      return ips.every((ip) => countryOf(ip) !== country);
    }),
  );
  expect(wrong).toEqual([]);
});

it("the demo's visitors sleep at night, each by the clocks at home", () => {
  const day = dayOf(400);
  const fromIndia = (hour: number) =>
    day.filter(({ ms, country }) => ms === DAY_START + hour * HOUR && country === "IN").length;
  // 20:30 and 03:30 in India.
  expect(fromIndia(15)).toBeGreaterThan(4 * fromIndia(22));
});
