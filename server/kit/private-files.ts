import { chmodSync, closeSync, lstatSync, openSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";

/** What others of this machine, and our group, may do. */
const OTHERS = 0o077;
const STICKY = 0o1000;

/** Has everything that this process makes from now on readable by us only. */
export function makeNewFilesPrivate(): void {
  process.umask(OTHERS);
}

/** Makes a file that is not there yet, readable by us only; what writes it (SQLite) gives the files beside it the same mode. */
export function makePrivateFile(file: string): void {
  closeSync(openSync(file, "a", 0o600));
}

/** Something that others may read, and why that stays so. */
export interface Exposed {
  path: string;
  reason: string;
}

/**
 * Takes a folder and the files in it from everybody but us, also those that were made before; of the folders in it those that are
 * named. What links in it lead to is left as it is, but for the folder itself and the named ones. What is not there is passed over.
 *
 * @param change  takes rights away from a path; throws where we may not.
 * @returns what others may still read.
 */
export function makePrivate(folder: string, folders: string[], change = chmodSync): Exposed[] {
  const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  if (!isThere) return [];
  if (isShared(folder)) return [{ path: folder, reason: "it is a folder for everybody: choose one of its own" }];
  return attempt(folder, () => [
    ...withoutOthers(folder, change),
    ...readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return withoutOthers(path, change);
      return folders.includes(entry.name) ? makePrivateBelow(path, change) : [];
    }),
  ]);
}

/** The same for a file that may be anywhere, with those that its name begins. */
export function makeFilePrivate(file: string, endings: string[], change = chmodSync): Exposed[] {
  return ["", ...endings].flatMap((ending) => withoutOthers(`${file}${ending}`, change));
}

/** All of a folder of ours, whatever its depth. */
function makePrivateBelow(folder: string, change: typeof chmodSync): Exposed[] {
  return attempt(folder, () => [
    ...withoutOthers(folder, change),
    ...readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return makePrivateBelow(path, change);
      return entry.isFile() ? withoutOthers(path, change) : [];
    }),
  ]);
}

/** The root, and what has a sticky bit, such as `/tmp`. */
function isShared(folder: string): boolean {
  return realpathSync(folder) === "/" || (statSync(folder).mode & STICKY) !== 0;
}

function withoutOthers(path: string, change: typeof chmodSync): Exposed[] {
  return attempt(path, () => {
    const { mode } = statSync(path);
    if ((mode & OTHERS) === 0) return [];
    change(path, mode & 0o7777 & ~OTHERS);
    const isPrivate = (statSync(path).mode & OTHERS) === 0;
    return isPrivate ? [] : [{ path, reason: "its file system keeps no rights" }];
  });
}

function attempt(path: string, work: () => Exposed[]): Exposed[] {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // A file that somebody has just taken away: a journal's, or SQLite's.
    if (code === "ENOENT" && !lstatSync(path, { throwIfNoEntry: false })) return [];
    return [{ path, reason: code === "EPERM" ? "it belongs to another user" : message }];
  }
}
