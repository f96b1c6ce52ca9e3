import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "first-password";

/** Where a made-up first password goes if the output is no terminal: who reads logs is not to read it. */
export function firstPasswordFile(dataDir: string): string {
  return join(dataDir, FILE);
}

/** Writes it to a new file that only its owner reads. @throws the system's error when it cannot be written. */
export function keepFirstPassword(dataDir: string, password: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  forgetFirstPassword(dataDir);
  writeFileSync(firstPasswordFile(dataDir), `${password}\n`, { mode: 0o600, flag: "wx" });
}

/** Deletes the file, if there is one: a password has been changed. */
export function forgetFirstPassword(dataDir: string): void {
  rmSync(firstPasswordFile(dataDir), { force: true });
}
