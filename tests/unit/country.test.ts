import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCountryOf } from "../../server/clicks/country.js";

const packaged = createRequire(import.meta.url).resolve(
  "@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb",
);

describe("The country of an address", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "waypost-country-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ["8.8.8.8", "US"],
    ["2001:4860:4860::8888", "US"],
    ["127.0.0.1", null],
    ["", null],
    ["192.168.1.1", null],
    ["172.17.0.1", null],
    ["10.1.2.3", null],
    ["fe80::1", null],
    ["fd12::1", null],
  ])("of %j is %s by the file that comes with Waypost", (ip, country) => {
    expect(createCountryOf(folder)(ip)).toBe(country);
  });

  it("is what the operator's own file in DATA_DIR says", () => {
    const own = readFileSync(packaged);
    const text = (code: string) => Buffer.from(`\x42${code}`, "latin1");
    for (let at = own.indexOf(text("US")); at >= 0; at = own.indexOf(text("US"), at)) text("QQ").copy(own, at);
    writeFileSync(join(folder, "country.mmdb"), own);
    expect(createCountryOf(folder)("8.8.8.8")).toBe("QQ");
  });
});
