import { randomUUID } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makePrivateFile } from "../private-files.js";

/** A folder for one journal, held by one process: its writer, or whoever reads what a dead writer has left. */
export interface Slot {
  /** Two digits. */
  name: string;
  folder: string;
  release(): void;
}

const SLOTS_MAX = 100;
const LOCK_FILE = "lock";
const ID_FILE = "installation";
const SQLITE_BUSY = 5;

/** Takes the first free slot in a folder. @throws when all are held. */
export function takeSlot(folder: string): Slot {
  for (let number = 0; number < SLOTS_MAX; number += 1) {
    const name = String(number).padStart(2, "0");
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    const slot = holdSlot(folder, name);
    if (slot) return slot;
  }
  throw new Error(`All ${SLOTS_MAX} journals in ${folder} are in use.`);
}

/** The slots that there are, held or not. */
export function slotNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d\d$/.test(name))
    .sort();
}

/**
 * Holds a slot; null when somebody else does. The lock is the system's own on an SQLite file, and ends with the process
 * that holds it, however that ends.
 */
export function holdSlot(folder: string, name: string): Slot | null {
  makePrivateFile(join(folder, name, LOCK_FILE));
  const lock = new DatabaseSync(join(folder, name, LOCK_FILE), { timeout: 0 });
  try {
    lock.exec("pragma journal_mode = off; pragma locking_mode = exclusive; begin exclusive");
  } catch (error) {
    lock.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== SQLITE_BUSY) throw error;
    return null;
  }
  return { name, folder: join(folder, name), release: () => lock.close() };
}

/** What tells the journals in this folder from those of other machines that share a database; made once. */
export function installationId(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, ID_FILE);
  if (!existsSync(file)) proposeId(file);
  return readFileSync(file, "utf8");
}

/** Puts a new id into a file that is not there, whole at once: of several that begin together one is first, and all read it. */
function proposeId(file: string): void {
  const id = randomUUID();
  const draft = `${file}.${id}`;
  writeFileSync(draft, id, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
}
