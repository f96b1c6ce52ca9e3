import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { shared } from "./shared.js";

/**
 * Begins a run of the tests: every temporary folder from here on is in one of the run's own, and every process carries its mark.
 * A keeper beside it clears up when the run has ended, also when it was interrupted or has crashed.
 */
export default async function beginRun(): Promise<void> {
  await shared("run", async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "waypost-run-")));
    // What is built in there finds the packages of the checkout.
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    startKeeper(folder);
    process.env.TMPDIR = folder;
    process.env.WAYPOST_TEST_RUN = folder;
    return { value: folder, remove: async () => {} };
  });
}

/** In a session of its own, so that a signal to all of the run's processes leaves it alone. */
function startKeeper(folder: string): void {
  const keeper = spawn(process.execPath, [resolve("tests/kit/setup/keeper.js"), folder], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  // It waits for us, and we do not wait for it.
  keeper.unref();
  (keeper.stdin as Socket).unref();
}
