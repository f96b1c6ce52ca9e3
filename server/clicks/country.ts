import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type CountryResponse, Reader } from "mmdb-lib";
import { isPrivateAddress } from "../kit/address.js";
import { EXIT_CONFIG, StartError } from "../kit/process.js";

/** An operator's own file in `DATA_DIR`, such as GeoLite2 Country, goes before the one that comes with Waypost. */
const OWN_FILE = "country.mmdb";
const PACKAGED_FILE = "@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb";

/** Country of an IP address: ISO 3166-1 alpha-2, or null. */
export type CountryOf = (ip: string) => string | null;

type CountryReader = Reader<CountryResponse & { country_code?: string }>;

/**
 * Opens the country file. IP data: RIRs, CC BY 4.0 (see README).
 *
 * @throws StartError when the operator's own file cannot be read.
 */
export function createCountryOf(dataDir: string): CountryOf {
  const own = join(dataDir, OWN_FILE);
  const reader = existsSync(own) ? openOwn(own, dataDir) : open(createRequire(import.meta.url).resolve(PACKAGED_FILE));
  return (ip) => {
    // Some files have countries for them, and they are nobody's.
    if (isPrivateAddress(ip)) return null;
    const found = reader.get(ip);
    const code = found?.country_code ?? found?.country?.iso_code;
    return code && /^[A-Z]{2}$/.test(code) && code !== "ZZ" ? code : null;
  };
}

function open(file: string): CountryReader {
  return new Reader(readFileSync(file));
}

function openOwn(file: string, dataDir: string): CountryReader {
  try {
    return open(file);
  } catch (error) {
    const { message } = error as Error;
    throw new StartError(
      `DATA_DIR is "${dataDir}": ${OWN_FILE} in it cannot be used (${message}). Put a MaxMind DB of countries there, or remove it.`,
      EXIT_CONFIG,
    );
  }
}
