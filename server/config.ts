import { isIP } from "node:net";
import { join, resolve } from "node:path";
import ipaddr from "ipaddr.js";
import pino from "pino";
import { readMySqlAddress, WrongAddress } from "./kit/mysql-address.js";
import { type DatabaseAddress } from "./kit/orm.js";
import { isTimeZone } from "./kit/time-zone.js";

/** Everything that can be set from outside, read and checked. */
export interface Config {
  database: DatabaseAddress;
  dataDir: string;
  apiPort: number;
  trackerPort: number;
  /** How many processes share the tracker's port. */
  trackerWorkers: number;
  /** Undefined: all addresses, IPv6 and IPv4. */
  host: string | undefined;
  /** Public base of tracking and postback URLs, without a slash at its end. */
  trackerUrl: string;
  adminEmail: string;
  /** Undefined: one is made up on the first start. */
  adminPassword: string | undefined;
  trustProxy: string[];
  /** Origins whose pages may use the API with a token. */
  corsOrigins: string[];
  /** What `/metrics` asks for; undefined: the address decides. */
  metricsToken: string | undefined;
  timeZone: string;
  logLevel: string;
}

/** A variable that cannot be used. The message is the one line an operator sees. */
export class ConfigError extends Error {}

type Environment = Record<string, string | undefined>;

/** Variables that hold secrets. */
const SECRETS = ["DATABASE_URL", "ADMIN_PASSWORD", "METRICS_TOKEN"];
/** Tells a process of ours that it is sent them. */
const SENT = "WAYPOST_SECRETS_SENT";

/** What a process hands on to those that it starts: its environment, which the system shows to others, and apart from it what is secret. */
export function handOn(environment: Environment = process.env): { environment: Environment; secrets: Environment } {
  const parts = { environment: { [SENT]: "1" } as Environment, secrets: {} as Environment };
  for (const [name, value] of Object.entries(environment)) {
    parts[SECRETS.includes(name) ? "secrets" : "environment"][name] = value;
  }
  return parts;
}

/** Takes the secrets that the process has been sent, if one of ours has started it. */
export async function takeSecrets(receive: () => Promise<Environment>): Promise<void> {
  if (process.env[SENT] && process.connected) Object.assign(process.env, await receive());
}

/** The embedded database, in `DATA_DIR`. */
export const SQLITE_FILE = "waypost.sqlite";
/** The journals, in `DATA_DIR`. */
export const JOURNAL_FOLDER = "journal";
const PASSWORD_MAX = 1024;
const WORKERS_MAX = 64;

/**
 * Reads the environment; an empty variable counts as not set.
 *
 * @throws ConfigError naming the variable, its value (never a password) and what is allowed.
 */
export function readConfig(environment: Environment = process.env): Config {
  const read = <T>(
    name: string,
    parse: (value: string) => T | undefined,
    allowed: string,
    shown?: string,
  ): T | undefined => {
    const value = environment[name]?.trim();
    if (!value) return undefined;
    const parsed = parse(value);
    if (parsed === undefined)
      throw new ConfigError(`${name} is ${shown ?? JSON.stringify(value)}: it must be ${allowed}.`);
    return parsed;
  };

  const dataDir = resolve(environment.DATA_DIR?.trim() || "data");
  const trackerPort = read("TRACKER_PORT", parsePort, PORT_RULE) ?? 4001;
  const apiPort = read("API_PORT", parsePort, PORT_RULE) ?? 4000;
  if (apiPort === trackerPort) {
    throw new ConfigError(
      `API_PORT is ${apiPort}: it must be another port than TRACKER_PORT, which is ${trackerPort} too.`,
    );
  }
  return {
    database: readDatabase(environment.DATABASE_URL?.trim()) ?? { kind: "sqlite", file: join(dataDir, SQLITE_FILE) },
    dataDir,
    apiPort,
    trackerPort,
    trackerWorkers: read("TRACKER_WORKERS", parseWorkers, `a whole number from 1 to ${WORKERS_MAX}`) ?? 1,
    host: environment.HOST?.trim() || undefined,
    trackerUrl:
      read("TRACKER_URL", parseBaseUrl, 'an http or https URL without query, such as "https://go.example.com"') ??
      `http://localhost:${trackerPort}`,
    adminEmail: read("ADMIN_EMAIL", parseEmail, 'an e-mail address, such as "admin@example.com"') ?? "admin@localhost",
    adminPassword: readPassword(environment.ADMIN_PASSWORD),
    trustProxy:
      read(
        "TRUST_PROXY",
        parseAddresses,
        'IP addresses or CIDR ranges with commas between them, such as "10.0.0.0/8,::1"',
      ) ?? [],
    corsOrigins:
      read(
        "CORS_ORIGINS",
        parseOrigins,
        'origins with commas between them, each with scheme, host and, where it is not the usual one, port, such as "https://app.example.com,http://localhost:5173"',
      ) ?? [],
    metricsToken: read(
      "METRICS_TOKEN",
      (value) => (/^[\x21-\x7e]+$/.test(value) ? value : undefined),
      "one word of printable ASCII characters",
      "not shown here",
    ),
    timeZone: read("TIME_ZONE", parseZone, 'an IANA time zone, such as "Europe/Berlin"') ?? "UTC",
    logLevel: read("LOG_LEVEL", parseLevel, `one of ${LEVELS.join(", ")}`) ?? "info",
  };
}

/** A setting after the `?` is not shown: it may be a password that somebody has put there. */
function readDatabase(value: string | undefined): DatabaseAddress | undefined {
  if (!value) return undefined;
  const refuse = (rule: string) =>
    new ConfigError(`DATABASE_URL is ${JSON.stringify(withoutPassword(value.replace(/\?[^@]*$/, "")))}: ${rule}.`);
  try {
    const address = parseDatabase(value);
    if (address) return address;
  } catch (error) {
    throw error instanceof WrongAddress ? refuse(error.message) : error;
  }
  throw refuse(`it must be ${DATABASE_RULE}`);
}

/** Taken as it is given, spaces included; never shown. */
function readPassword(value: string | undefined): string | undefined {
  if (value && value.length > PASSWORD_MAX) {
    throw new ConfigError(`ADMIN_PASSWORD has ${value.length} characters: it must have at most ${PASSWORD_MAX}.`);
  }
  return value || undefined;
}

/**
 * A database URL without its password, for messages and logs. It may be one that cannot be read: then everything that
 * could be a password is left out, up to the last `@`, or to the end where no port stands.
 */
export function withoutPassword(url: string): string {
  if (url.startsWith("sqlite:")) return url;
  const [, start = "", rest = ""] = /^((?:[a-z][a-z0-9+.-]*:\/\/)?(?:\[[^\]@]*\])?[^:@]*)(.*)$/is.exec(url) ?? [];
  const host = rest.slice(1).lastIndexOf("@") + 1;
  if (host > 0) return `${start}:***${rest.slice(host)}`;
  return rest === "" || /^(@|:\d+(,[a-z0-9.[\]:-]+:\d+)*(\/|$))/i.test(rest) ? url : `${start}:***`;
}

const LEVELS = [...Object.keys(pino.levels.values), "silent"];
const PORT_RULE = "a port from 1 to 65535";
const DATABASE_RULE =
  '"mysql://user:password@host:port/database", special characters in it percent-encoded, several hosts with commas between them, "?ssl=true" or "?ssl-ca=FILE" at its end where it is encrypted, or "sqlite:PATH"';

function parsePort(value: string): number | undefined {
  const port = Number(value);
  return /^\d{1,5}$/.test(value) && port >= 1 && port <= 65535 ? port : undefined;
}

function parseWorkers(value: string): number | undefined {
  const workers = Number(value);
  return /^\d{1,2}$/.test(value) && workers >= 1 && workers <= WORKERS_MAX ? workers : undefined;
}

function parseDatabase(value: string): DatabaseAddress | undefined {
  if (value.startsWith("sqlite:")) {
    const path = value.slice("sqlite:".length);
    return path && path !== ":memory:" ? { kind: "sqlite", file: resolve(path) } : undefined;
  }
  return readMySqlAddress(value) ? { kind: "mysql", url: value } : undefined;
}

function parseBaseUrl(value: string): string | undefined {
  if (!/^https?:\/\/[^/\s?#@][^\s?#@]*$/i.test(value) || !URL.canParse(value)) return undefined;
  return value.replace(/\/+$/, "");
}

function parseEmail(value: string): string | undefined {
  return /^[^\s@]+@[^\s@]+$/.test(value) && value.length <= 254 ? value.toLowerCase() : undefined;
}

function parseAddresses(value: string): string[] | undefined {
  const addresses = value
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  return addresses.length > 0 && addresses.every(isAddressOrRange) ? addresses : undefined;
}

/** Only what `proxy-addr` takes too: no short, octal or hexadecimal forms of IPv4, no zones. */
function isAddressOrRange(text: string): boolean {
  const [address = "", ...bits] = text.split("/");
  return isIP(address) !== 0 && !address.includes("%") && (bits.length === 0 || ipaddr.isValidCIDR(text));
}

function parseZone(value: string): string | undefined {
  return isTimeZone(value) ? value : undefined;
}

/** As browsers write them in `Origin`: what has a path, a slash at its end or capitals would never be met. */
function parseOrigins(value: string): string[] | undefined {
  const origins = value
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  const isOrigin = (each: string) => /^https?:[^*]*$/.test(each) && URL.canParse(each) && new URL(each).origin === each;
  return origins.length > 0 && origins.every(isOrigin) ? origins : undefined;
}

function parseLevel(value: string): string | undefined {
  return LEVELS.includes(value) ? value : undefined;
}
