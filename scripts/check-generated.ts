/** Regenerates what is generated and fails when that changed anything: then commit what it made. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const FILES = [
  "schema.graphql",
  ...readdirSync("docs/help").map((page) => `docs/help/${page}`),
  "admin/generated/macros.ts",
  "admin/generated/example-postback.ts",
  ...(readFileSync("codegen.yml", "utf8").match(/admin\/generated\/\S+(?=:)/g) ?? []),
];

const read = () => FILES.map((file) => (existsSync(file) ? readFileSync(file, "utf8") : ""));
const before = read();
const { status } = spawnSync("npm run --silent codegen", {
  stdio: ["ignore", "ignore", "inherit"],
  shell: true,
});
if (status !== 0) process.exit(status ?? 1);
const after = read();
const changed = FILES.filter((_, index) => before[index] !== after[index]);
for (const file of changed)
  console.error(`${file} was not what the code generates. It is now: look at it and commit it.`);
process.exit(changed.length > 0 ? 1 : 0);
