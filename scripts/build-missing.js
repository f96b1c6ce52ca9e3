/** Builds what is missing or older than its source, so that `npm start` needs no step before it. */
import "./check-node.js";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const BUILT = "dist/server/.tsbuildinfo";
const SOURCES = ["server", "tsconfig.json", "package-lock.json"];

const isMissing = !existsSync(BUILT);
if (isMissing || newest(SOURCES) > statSync(BUILT).mtimeMs) {
  const hasCompiler = existsSync("node_modules/typescript");
  if (hasCompiler) {
    console.error("Building the server.");
    const { status } = spawnSync("npm run --silent build", { stdio: "inherit", shell: true });
    process.exit(status ?? 1);
  }
  if (isMissing) {
    console.error("dist/ is missing and there is no compiler: run `npm ci && npm run build`, then start.");
    process.exit(1);
  }
}

/**
 * The time of the last change, in milliseconds, of files and of everything in folders.
 *
 * @param {string[]} paths
 * @returns {number}
 */
function newest(paths) {
  return Math.max(
    ...paths.map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (!stat) return 0;
      if (!stat.isDirectory()) return stat.mtimeMs;
      return Math.max(stat.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
    }),
  );
}
