import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type CountryResponse, Reader } from "mmdb-lib";

/** An operator's own file in `DATA_DIR`, such as GeoLite2 Country, goes before the one that comes with Waypost. */
const OWN_FILE = "country.mmdb";
const PACKAGED_FILE = "@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb";

/** Country of an IP address: ISO 3166-1 alpha-2, or null. */
export type CountryOf = (ip: string) => string | null;

/** Opens the country file. IP data: RIRs, CC BY 4.0 (see README). @throws when the operator's own file cannot be read. */
export function createCountryOf(dataDir: string): CountryOf {
  const own = join(dataDir, OWN_FILE);
  const file = existsSync(own) ? own : createRequire(import.meta.url).resolve(PACKAGED_FILE);
  const reader = new Reader<CountryResponse & { country_code?: string }>(readFileSync(file));
  return (ip) => {
    const found = reader.get(ip);
    const code = found?.country_code ?? found?.country?.iso_code;
    return code && /^[A-Z]{2}$/.test(code) && code !== "ZZ" ? code : null;
  };
}
