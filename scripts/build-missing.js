/**
 * Builds what is missing or older than its source, so that `npm start` needs no step before it.
 *
 * Its arguments name the parts that are meant; without any it is all of them.
 */
import "./check-node.js";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";

const parts = [
  {
    name: "server",
    built: "dist/server/.tsbuildinfo",
    sources: ["server", "tsconfig.json", "package-lock.json"],
    compiler: "node_modules/typescript",
  },
  {
    name: "admin",
    built: "dist/admin/index.html",
    sources: ["admin", "docs/help", "vite.config.ts", "package-lock.json"],
    compiler: "node_modules/vite",
  },
];

const meant = process.argv.slice(2);
for (const { name, built, sources, compiler } of parts.filter(
  (part) => meant.length === 0 || meant.includes(part.name),
)) {
  const isMissing = !existsSync(built);
  if (!isMissing && newest(sources) <= statSync(built).mtimeMs) continue;
  if (existsSync(compiler)) {
    console.error(`Building the ${name}.`);
    const since = new Date();
    const { status } = spawnSync(`npm run --silent build:${name}`, { stdio: "inherit", shell: true });
    if (status !== 0) process.exit(status ?? 1);
    // A compiler leaves alone what comes out the same.
    utimesSync(built, since, since);
  } else if (isMissing) {
    console.error(`The ${name} is not built and there is no compiler: run \`npm ci && npm run build\`, then start.`);
    if (name === "server") process.exit(1);
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
