import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAddressFile } from "../../server/clicks/address-file.js";
import { type AddressFiles, openAddressFiles } from "../../server/clicks/address-files.js";
import { countryFile, createCountryOf } from "../../server/clicks/country.js";
import { createMetrics } from "../../server/kit/metrics.js";
import { seededRandom } from "../kit/chi-square.js";
import { mmdb } from "../kit/mmdb.js";
import { until } from "../kit/until.js";

const DAY = 24 * 60 * 60 * 1000;
const BUILT = new Date("2026-09-01T00:00:00Z");

/** Files as their makers write them. */
const byMaxMind = (code: string, network = "8.8.8.0/24") =>
  mmdb({ built: BUILT, type: "GeoLite2-Country", networks: { [network]: { country: { iso_code: code } } } });
const asn = (number: number, name: string) =>
  mmdb({
    built: BUILT,
    type: "GeoLite2-ASN",
    networks: {
      "8.8.8.0/24": { autonomous_system_number: number, autonomous_system_organization: name },
      "2001:db8:1::/48": { autonomous_system_number: number, autonomous_system_organization: name },
    },
  });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waypost-country-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const put = (name: string, bytes: Buffer | string) => writeFileSync(join(folder, name), bytes);

describe("The country of an address", () => {
  const packaged = createCountryOf("");

  it.each([
    ["8.8.8.8", "US"],
    ["2607:fb90::1", "US"],
    ["2001:2d8::1", "KR"],
    ["2409:4000::1", "IN"],
    ["2804:14c::1", "BR"],
    ["91.0.1.1", "DE"],
    ["133.11.0.1", "JP"],
    ["129.132.1.1", "CH"],
    ["127.0.0.1", null],
    ["", null],
    ["no address", null],
    ["192.168.1.1", null],
    ["172.17.0.1", null],
    ["10.1.2.3", null],
    ["100.64.0.1", null],
    ["192.0.2.1", null],
    ["0.0.0.0", null],
    ["224.0.0.1", null],
    ["fe80::1", null],
    ["fd12::1", null],
    ["2001:db8::1", null],
    ["::", null],
    // An IPv4 address that stands in an IPv6 one: mapped, 6to4, NAT64.
    ["::ffff:8.8.8.8", "US"],
    ["2002:808:808::1", "US"],
    ["64:ff9b::808:808", "US"],
    ["::ffff:192.168.1.1", null],
    ["2002:c0a8:101::1", null],
  ])("3.5 of %j is %s by the file that comes with Waypost", (ip, country) => {
    expect(packaged(ip)).toBe(country);
  });

  it.each([
    ["MaxMind's", { country: { iso_code: "FI" }, registered_country: { iso_code: "SE" } }, "FI"],
    ["MaxMind's, of a network without a country", { continent: { code: "EU" } }, null],
    ["MaxMind's, of a network that is only registered", { registered_country: { iso_code: "SE" } }, "SE"],
    ["ip-location-db's", { country_code: "FI" }, "FI"],
    ["IPinfo's", { country: "Finland", country_code: "FI", asn: "AS1" }, "FI"],
    ["an older IPinfo's", { country: "FI" }, "FI"],
    ["a file with no country", { country_code: "ZZ" }, null],
    ["a part of the world", { country: { iso_code: "EU" } }, null],
    ["no code", { country: { iso_code: "Finland" } }, null],
  ])("3.5 is read from a file of the operator's: %s", (_, entry, country) => {
    put("country.mmdb", mmdb({ networks: { "8.8.8.0/24": entry } }));
    expect(createCountryOf(folder)("8.8.8.8")).toBe(country);
    expect(createCountryOf(folder)("8.8.9.9")).toBe(null);
  });

  it("3.5 is nothing for IPv6 where the file has IPv4 alone, and for IPv4 where it has none", () => {
    // Its first bits are those of 38.7.0.0, which such a file has a country for.
    put("country.mmdb", mmdb({ ipVersion: 4, networks: { "38.0.0.0/8": { country_code: "BR" } } }));
    expect([createCountryOf(folder)("38.7.1.1"), createCountryOf(folder)("2607:fb90::1")]).toEqual(["BR", null]);
    expect(createCountryOf(folder)("::ffff:38.7.1.1")).toBe("BR");
    put("country.mmdb", mmdb({ networks: { "2a09:7::/32": { country_code: "US" } } }));
    expect([createCountryOf(folder)("38.7.1.1"), createCountryOf(folder)("2a09:7::1")]).toEqual([null, "US"]);
  });

  it("3.5 is a code or nothing, whatever is damaged in the file", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 200; round += 1) {
      const bytes = byMaxMind("FI", "8.8.0.0/16");
      const end = bytes.indexOf("\xab\xcd\xefMaxMind.com", 0, "latin1");
      for (let hits = 0; hits < 4; hits += 1) bytes[Math.floor(random() * end)] = Math.floor(random() * 256);
      try {
        const file = readAddressFile(countryFile, bytes);
        for (const ip of ["8.8.8.8", "1.1.1.1", "2600::1"]) expect(file.of(ip) ?? "QQ").toMatch(/^[A-Z]{2}$/);
      } catch (error) {
        expect((error as Error).message).toMatch(/^it (is|holds) /);
      }
    }
  });

  const whole = byMaxMind("QQ");
  it.each<[string, Buffer, RegExp]>([
    ["nothing", Buffer.alloc(0), /no whole MaxMind DB/],
    ["something else", Buffer.from("PK\u0003\u0004 this is an archive"), /no whole MaxMind DB/],
    ["half of a file", whole.subarray(0, whole.length / 2), /no whole MaxMind DB/],
    ["the end of a file", whole.subarray(-120), /no whole MaxMind DB/],
    ["no entry", mmdb({ networks: {} }), /it is empty/],
    ["networks", asn(15169, "Google LLC"), /of the type "GeoLite2-ASN" and holds no countries/],
  ])("3.5 stops the start where country.mmdb holds %s", (_, bytes, reason) => {
    put("country.mmdb", bytes);
    expect(() => createCountryOf(folder)).toThrow(
      /^DATA_DIR is ".*": country\.mmdb in it cannot be used \(.*\)\. Put /,
    );
    expect(() => createCountryOf(folder)).toThrow(reason);
  });
});

describe("The files of addresses", () => {
  let files: AddressFiles | null = null;
  let lines: { level: number; msg: string; date?: string }[] = [];
  let now = 0;
  let metrics = createMetrics();
  beforeEach(() => {
    lines = [];
    now = BUILT.getTime() + DAY;
    metrics = createMetrics();
  });
  afterEach(() => files?.close());

  function open(): AddressFiles {
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
    files = openAddressFiles({ dataDir: folder, log, metrics, now: () => now, pollMs: 5 });
    return files;
  }
  const told = (text: RegExp) => lines.filter(({ msg }) => text.test(msg));
  const metric = async (name: string) => Number(new RegExp(`^${name} (.*)$`, "m").exec(await metrics.text())?.[1]);

  it("3.5 say at the start, and in the metrics, of what date they are and how to replace them", async () => {
    const { countryOf, networkOf } = open();
    expect(countryOf("8.8.8.8")).toBe("US");
    expect(networkOf("8.8.8.8")).toEqual({ asn: null, isp: null });
    expect(told(/file of Waypost's own\. A newer one: put it into DATA_DIR as country\.mmdb/)).toMatchObject([
      { level: 30, date: "2026-06-01" },
    ]);
    expect(new Date((await metric("country_file_built_timestamp_seconds")) * 1000).toISOString()).toContain(
      "2026-06-01",
    );
    expect(await metric("asn_file_built_timestamp_seconds")).toBe(0);
  });

  it("3.5 take up what is put there, replaced and taken away, while they are asked", async () => {
    const { countryOf, networkOf } = open();
    put("country.mmdb", byMaxMind("QQ"));
    await until(() => countryOf("8.8.8.8") === "QQ");
    expect(told(/come from country\.mmdb in DATA_DIR/)).toMatchObject([{ date: "2026-09-01" }]);
    expect(await metric("country_file_built_timestamp_seconds")).toBe(BUILT.getTime() / 1000);

    put("new.mmdb", byMaxMind("QX"));
    renameSync(join(folder, "new.mmdb"), join(folder, "country.mmdb"));
    await until(() => countryOf("8.8.8.8") === "QX");

    put("asn.mmdb", asn(15169, "Google LLC"));
    await until(() => networkOf("8.8.8.8").asn !== null);
    expect(networkOf("8.8.8.8")).toEqual({ asn: 15169, isp: "Google LLC" });
    expect(networkOf("2001:db8:1::7")).toEqual({ asn: 15169, isp: "Google LLC" });
    expect(networkOf("1.1.1.1")).toEqual({ asn: null, isp: null });

    rmSync(join(folder, "country.mmdb"));
    rmSync(join(folder, "asn.mmdb"));
    await until(() => countryOf("8.8.8.8") === "US" && networkOf("8.8.8.8").asn === null);
    expect(told(/asn\.mmdb is gone/)).toHaveLength(1);
  });

  it.each([
    ["half of it", (whole: Buffer) => whole.subarray(0, whole.length - 60)],
    ["another kind of file", () => asn(1, "Network")],
    ["nothing", () => Buffer.alloc(0)],
  ])("3.5 keep to the file before while there is %s, and take up the whole one", async (_, broken) => {
    put("country.mmdb", byMaxMind("QQ"));
    const { countryOf } = open();
    put("country.mmdb", broken(byMaxMind("QX")));
    await until(() => told(/was replaced and cannot be used: the one before it stays in use/).length === 1);
    expect(countryOf("8.8.8.8")).toBe("QQ");
    put("country.mmdb", byMaxMind("QX"));
    await until(() => countryOf("8.8.8.8") === "QX");
    expect(told(/cannot be used/)).toHaveLength(1);
  });

  it("3.5 warn once when a file of the operator's is older than 90 days, and never of Waypost's own", async () => {
    put("country.mmdb", byMaxMind("QQ"));
    const { countryOf } = open();
    now = BUILT.getTime() + 90 * DAY;
    put("asn.mmdb", asn(1, "Network"));
    await until(() => told(/asn\.mmdb in DATA_DIR/).length === 1);
    expect(told(/90 days/)).toEqual([]);
    now += 1;
    await until(() => told(/90 days/).length === 2);
    expect(told(/country\.mmdb is older than 90 days: replace it/)).toMatchObject([{ level: 40, date: "2026-09-01" }]);
    rmSync(join(folder, "country.mmdb"));
    await until(() => countryOf("8.8.8.8") === "US");
    expect(told(/90 days/)).toHaveLength(2);
  });

  it.each([
    [
      "DB-IP's",
      { autonomous_system_number: 3320, autonomous_system_organization: "Deutsche Telekom AG" },
      3320,
      "Deutsche Telekom AG",
    ],
    [
      "MaxMind's of ISPs",
      { autonomous_system_number: 7, autonomous_system_organization: "Owner", isp: "Provider" },
      7,
      "Provider",
    ],
    ["IPinfo's", { asn: "AS15169", as_name: "Google LLC", country_code: "US" }, 15169, "Google LLC"],
    ["a number that GraphQL cannot hold", { autonomous_system_number: 4_200_000_000 }, null, null],
    ["a name that is too long", { autonomous_system_number: 7, isp: "é".repeat(140) }, 7, "é".repeat(128)],
  ])("3.5 tell number and name of the network: %s", (_, entry, number, isp) => {
    put("asn.mmdb", mmdb({ networks: { "8.8.8.0/24": entry } }));
    expect(open().networkOf("8.8.8.8")).toEqual({ asn: number, isp });
  });

  it("3.5 stop the start where asn.mmdb holds countries, or nothing that can be read", () => {
    put("asn.mmdb", readFileSync(countryFile.packaged as string));
    expect(open).toThrow(/asn\.mmdb in it cannot be used \(.*holds no networks\)\. Put a MaxMind DB of networks there/);
    put("asn.mmdb", "garbage");
    metrics = createMetrics();
    expect(open).toThrow(/asn\.mmdb in it cannot be used/);
  });
});
