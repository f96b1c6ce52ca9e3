/**
 * Drafts a migration: what the databases lack against the nouns as they are, for MySQL and for SQLite.
 * Usage: npm run migration -- NAME
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { startMariaDb } from "./mariadb.ts";

const STEPS = "server/migrations/migrations.ts";

const name = process.argv[2];
if (!name || !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error("Usage: npm run migration -- NAME, such as add-click-language (a-z, 0-9 and -).");
  process.exit(2);
}

const dist = (file: string) => import(new URL(`../dist/server/${file}`, import.meta.url).href);
const { openDatabase } = await dist("kit/orm.js");
const { migrate, migrationsFor } = await dist("kit/migrate.js");
const { migrations } = await dist("migrations/migrations.js");
const { entities } = await dist("database.js");

const log = pino({ level: "silent" });
const folder = mkdtempSync(join(tmpdir(), "waypost-migration-"));
const mariaDb = await startMariaDb();
const addresses = [
  { kind: "mysql", url: `${mariaDb.url}/draft` },
  { kind: "sqlite", file: join(folder, "draft.sqlite") },
];
const diffs: Record<string, { up: string[]; down: string[] }> = {};
try {
  for (const address of addresses) {
    const database = await openDatabase(address, {
      entities,
      migrations: migrationsFor(address.kind, migrations),
      log,
    });
    await migrate(database, log, async () => {});
    const { up, down } = await database.schema.getUpdateSchemaMigrationSQL({ wrap: false, dropTables: false });
    diffs[address.kind] = { up: statements(up), down: statements(down) };
    await database.close();
  }
} finally {
  await mariaDb.remove();
  rmSync(folder, { recursive: true });
}

const stamp = new Date().toISOString().slice(0, 16).replace("T", "-").replace(":", "");
const step = `${stamp}-${name}`;
const file = `server/migrations/${step}.ts`;
const constant = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const list = (direction: "up" | "down") =>
  Object.entries(diffs)
    .map(([kind, diff]) => `${kind}: ${JSON.stringify(diff[direction])},`)
    .join("\n");
writeFileSync(
  file,
  `import { type MigrationStep } from "../kit/migrate.js";

export const ${constant}: MigrationStep = {
  name: "${step}",
  up: {
${list("up")}
  },
  down: {
${list("down")}
  },
};
`,
);
const steps = readFileSync(STEPS, "utf8")
  .replace("\n\n/**", `\nimport { ${constant} } from "./${step}.js";\n\n/**`)
  .replace(/,?\s*\];\s*$/, `, ${constant}];\n`);
writeFileSync(STEPS, steps);
spawnSync(`biome check --write ${file} ${STEPS}`, { stdio: "ignore", shell: true });
console.log(`${file} is drafted and listed in ${STEPS}: read it and mend it before you commit it.`);

function statements(sql: string): string[] {
  return sql
    .split(/;\s*\n/)
    .map((statement) => statement.trim().replace(/;$/, ""))
    .filter((statement) => statement !== "");
}
