import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, statfsSync, symlinkSync } from "node:fs";
import { type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { shared } from "./shared.js";

/** A file system in memory, and the room that a run takes of it, in bytes. */
const MEMORY = "/dev/shm";
const ROOM = 4 * 1024 ** 3;

/**
 * Begins a run of the tests: every temporary folder from here on is in one of the run's own, and every process carries its mark.
 * A keeper beside it clears up when the run has ended, also when it was interrupted or has crashed.
 */
export default async function beginRun(): Promise<void> {
  await shared("run", async () => {
    // Databases flush at every commit: on a disk half of the run's time went by waiting for that.
    const folders = [makeFolder(isRoomy(MEMORY) ? MEMORY : tmpdir()), makeFolder(tmpdir())] as const;
    const [memory, disk] = folders;
    startKeeper(folders);
    process.env.TMPDIR = memory;
    process.env.WAYPOST_TEST_DISK = disk;
    process.env.WAYPOST_TEST_RUN = memory;
    return { value: folders, remove: async () => {} };
  });
}

function makeFolder(base: string): string {
  const folder = realpathSync(mkdtempSync(join(base, "waypost-run-")));
  // What is built in there finds the packages of the checkout.
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  return folder;
}

function isRoomy(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= ROOM;
}

/** In a session of its own and without a mark, so that what ends the processes of a run leaves it alone. */
function startKeeper(folders: readonly string[]): void {
  const keeper = spawn(process.execPath, [resolve("tests/kit/setup/keeper.js"), ...folders], {
    detached: true,
    env: { ...process.env, WAYPOST_TEST_RUN: "" },
    stdio: ["pipe", "ignore", "inherit"],
  });
  // It waits for us, and we do not wait for it.
  keeper.unref();
  (keeper.stdin as Socket).unref();
}
