import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const SCRIPT = resolve("scripts/build-missing.js");
const SOURCES = ["server/api.ts", "tsconfig.json", "admin/app.tsx", "docs/help/click.md", "vite.config.ts"];
const BUILT = ["dist/server/.tsbuildinfo", "dist/admin/index.html"];
const [LONG_AGO, LONGER_AGO] = [new Date("2026-01-02"), new Date("2026-01-01")];
const COMPILERS = ["node_modules/typescript", "node_modules/vite"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waypost-build-"));
  // Like a compiler whose output is the same each time, the builds touch no file that is there.
  const build = (file: string) => `mkdir -p ${dirname(file)} && ([ -e ${file} ] || echo > ${file})`;
  const scripts = { "build:server": build("dist/server/.tsbuildinfo"), "build:admin": build("dist/admin/index.html") };
  write("package.json", JSON.stringify({ scripts }));
  for (const source of SOURCES) write(source, "");
  for (const compiler of COMPILERS) mkdirSync(join(folder, compiler), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

it("builds what is missing, and then nothing", () => {
  expect(run()).toEqual(["Building the server.", "Building the admin."]);
  expect(run()).toEqual([]);
});

it.each([
  ["server/api.ts", "server"],
  ["tsconfig.json", "server"],
  ["admin/app.tsx", "admin"],
  ["docs/help/click.md", "admin"],
  ["vite.config.ts", "admin"],
])("after a change of %s builds the %s once", (source, part) => {
  run();
  for (const file of BUILT) utimesSync(join(folder, file), LONG_AGO, LONG_AGO);
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (!BUILT.includes(file)) utimesSync(join(folder, file), LONGER_AGO, LONGER_AGO);
  const between = new Date((LONG_AGO.getTime() + Date.now()) / 2);
  utimesSync(join(folder, source), between, between);
  expect(run()).toEqual([`Building the ${part}.`]);
  expect(run()).toEqual([]);
});

it("builds a part alone", () => {
  expect(run("server")).toEqual(["Building the server."]);
  expect(run("server")).toEqual([]);
  expect(run()).toEqual(["Building the admin."]);
});

it("without compilers starts without an admin, and not without a server", () => {
  rmSync(join(folder, "node_modules"), { recursive: true });
  const cannot = (part: string) =>
    `The ${part} is not built and there is no compiler: run \`npm ci && npm run build\`, then start.`;
  expect(run()).toEqual([cannot("server"), "exit 1"]);
  write("dist/server/.tsbuildinfo", "");
  expect(run()).toEqual([cannot("admin")]);
});

/** What the script says, and its exit code when it is not 0. */
function run(...words: string[]): string[] {
  const { stderr, status } = spawnSync(process.execPath, [SCRIPT, ...words], { cwd: folder, encoding: "utf8" });
  return [...stderr.split("\n").filter((line) => line !== ""), ...(status === 0 ? [] : [`exit ${status}`])];
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}
