import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mmdb } from "../kit/mmdb.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.parse("2026-11-30T12:00:00.000Z");

let waypost: Waypost;
beforeAll(async () => {
  waypost = await startWaypost("SQLite", { now: () => NOW });
});
afterAll(() => waypost.close());

const files = async () => (await waypost.ask("{ addressFiles { name built own old } }")).addressFiles;
const put = (name: string, built: number, entry: object) =>
  writeFileSync(
    join(waypost.config.dataDir, name),
    mmdb({ built: new Date(built), networks: { "8.8.8.0/24": entry as Record<string, string> } }),
  );

it("3.5 the API says of what date the files are, whose, and which is old", async () => {
  const packaged = { name: "country.mmdb", built: "2026-06-01T20:32:58.000Z", own: false, old: false };
  expect(await files()).toEqual([packaged]);

  put("asn.mmdb", NOW - 90 * DAY, { autonomous_system_number: 1 });
  const networks = { name: "asn.mmdb", built: new Date(NOW - 90 * DAY).toISOString(), own: true, old: false };
  expect(await files()).toEqual([packaged, networks]);

  put("country.mmdb", NOW - 91 * DAY, { country_code: "QQ" });
  const own = { name: "country.mmdb", built: new Date(NOW - 91 * DAY).toISOString(), own: true, old: true };
  expect(await files()).toEqual([own, networks]);

  // A tracker keeps to the one before it too.
  writeFileSync(join(waypost.config.dataDir, "country.mmdb"), "half of a file");
  expect(await files()).toEqual([own, networks]);
});
