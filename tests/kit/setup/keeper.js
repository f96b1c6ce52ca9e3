/**
 * Outlives a run of the tests by a moment: when the run ends, in whatever way, this kills every process that it started, takes
 * its mounts away and removes its folders.
 *
 * Its arguments are the folders of the run; the first marks its processes. It learns of the end by its standard input, which
 * closes with the process that holds it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const folders = process.argv.slice(2);

/** Signals that end a run are not for its keeper. */
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
process.stdin.resume().once("close", () => {
  while (killAll()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  for (const mount of mounts()) spawnSync("umount", [mount]);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  process.exit();
});

/**
 * Kills the processes that have this run's mark in their environment: all that the run started, and what they started in turn.
 *
 * @returns {boolean} whether there was any
 */
function killAll() {
  const mark = `WAYPOST_TEST_RUN=${folders[0]}`;
  let isAny = false;
  for (const pid of existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : []) {
    if (
      !readOr(join("/proc", pid, "environ"))
        .split("\0")
        .includes(mark)
    )
      continue;
    try {
      process.kill(Number(pid), "SIGKILL");
      isAny = true;
    } catch {
      // It has just ended.
    }
  }
  return isAny;
}

/** @returns {string[]} file systems mounted within the folders, the innermost first */
function mounts() {
  const all = readOr("/proc/mounts")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  return all.filter((mount) => folders.some((folder) => mount.startsWith(`${folder}/`))).reverse();
}

/** @param {string} file */
function readOr(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
