import { type Stats, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Logger } from "pino";
import { type Metrics } from "../kit/metrics.js";
import { type AddressFile, type AddressFileKind, openAddressFile, readAddressFile } from "./address-file.js";
import { type CountryOf, countryFile, openOwnOrPackaged } from "./country.js";
import { asnFile, type NetworkOf } from "./network.js";

/** An operator's own file is old after so many milliseconds: networks change hands. */
export const OLD_MS = 90 * 24 * 60 * 60 * 1000;
/** How often is looked whether a file was replaced. */
const POLL_MS = 2000;

/** What files say of addresses; one that is replaced in `DATA_DIR` is taken up while visitors come. */
export interface AddressFiles {
  countryOf: CountryOf;
  networkOf: NetworkOf;
  close(): void;
}

export interface AddressFilesParts {
  dataDir: string;
  log: Logger;
  metrics: Metrics;
  /** Unix milliseconds. */
  now: () => number;
  pollMs?: number;
}

const NO_NETWORK = { asn: null, isp: null };

/** Opens the files, says of what date they are, and keeps an eye on them. @throws StartError when an own one cannot be used. */
export function openAddressFiles(parts: AddressFilesParts): AddressFiles {
  const countries = watch(countryFile, parts);
  const networks = watch(asnFile, parts);
  const poll = setInterval(() => {
    void countries.look();
    void networks.look();
  }, parts.pollMs ?? POLL_MS);
  return {
    countryOf: (ip) => countries.file()?.of(ip) ?? null,
    networkOf: (ip) => networks.file()?.of(ip) ?? NO_NETWORK,
    close: () => clearInterval(poll),
  };
}

/** A file that may be replaced at any time. */
interface Watched<T> {
  file(): AddressFile<T> | null;
  /** Takes up what has come since the last look. Never rejects. */
  look(): Promise<void>;
}

function watch<T>(kind: AddressFileKind<T>, { dataDir, log, metrics, now }: AddressFilesParts): Watched<T> {
  const { name, packaged, holds } = kind;
  const own = join(dataDir, name);
  /** What was taken up, or refused, and what was there at the last look. Asked before the file is read: it may be replaced meanwhile. */
  let taken = stateOf(statSync(own, { throwIfNoEntry: false }));
  let seen = taken;
  let file = openOwnOrPackaged(kind, dataDir);
  let isOwn = taken !== MISSING;
  let isOldTold = false;
  tell();
  metrics.gauge(
    `${name.replace(".mmdb", "")}_file_built_timestamp_seconds`,
    `When the data of the file of ${holds} was put together, in seconds since 1970; 0: there is no file.`,
    () => (file?.built.getTime() ?? 0) / 1000,
    "max",
  );

  function tell(): void {
    if (!file) return;
    const details = { file: isOwn ? own : "packaged", date: dateOf(file.built) };
    if (isOwn) log.info(details, `The ${holds} of addresses come from ${name} in DATA_DIR.`);
    else
      log.info(
        details,
        `The ${holds} of addresses come from the file of Waypost's own. A newer one: put it into DATA_DIR as ${name}.`,
      );
    isOldTold = false;
    warnOfAge();
  }

  function warnOfAge(): void {
    if (isOldTold || !file || !isOwn || !isOld(file.built, now())) return;
    isOldTold = true;
    log.warn({ file: own, date: dateOf(file.built) }, `${name} is older than 90 days: replace it by a newer one.`);
  }

  async function take(state: string): Promise<void> {
    try {
      if (state !== MISSING) file = readAddressFile(kind, await readFile(own));
      else file = packaged === null ? null : openAddressFile(kind, packaged);
      isOwn = state !== MISSING;
      if (!isOwn && !file) log.info({ file: own }, `${name} is gone: ${holds} are no longer told.`);
      tell();
    } catch (error) {
      const { message: reason } = error as Error;
      log.warn({ file: own, reason }, `${name} was replaced and cannot be used: the one before it stays in use.`);
    }
  }

  let looking = false;
  return {
    file: () => file,
    look: async () => {
      if (looking) return;
      looking = true;
      const state = stateOf(await stat(own).catch(() => undefined));
      // Read at the second look that finds it as it is: it may be under way.
      const isStill = state === seen;
      seen = state;
      if (isStill && state !== taken) {
        taken = state;
        await take(state);
      }
      warnOfAge();
      looking = false;
    },
  };
}

const MISSING = "missing";

/** What changes when a file is replaced or written. */
function stateOf(stats: Stats | undefined): string {
  return stats ? [stats.ino, stats.size, stats.mtimeMs].join(" ") : MISSING;
}

/** Whether data of this date is older than an operator should let it become. */
export function isOld(built: Date, now: number): boolean {
  return now - built.getTime() > OLD_MS;
}

function dateOf(built: Date): string {
  return built.toISOString().slice(0, 10);
}
