/**
 * Drafts a migration: what the databases lack against the nouns as they are, for MySQL and for SQLite.
 * Usage: npm run migration -- NAME
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { startMariaDb } from "./mariadb.ts";

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
for (const address of addresses) {
  const database = await openDatabase(address, { entities, migrations: migrationsFor(address.kind, migrations), log });
  await migrate(database, async () => {});
  const { up, down } = await database.schema.getUpdateSchemaMigrationSQL({ wrap: false, dropTables: false });
  const statements = (sql: string) =>
    sql
      .split(/;\s*\n/)
      .map((statement) => statement.trim().replace(/;$/, ""))
      .filter((statement) => statement !== "");
  diffs[address.kind] = { up: statements(up), down: statements(down) };
  await database.close();
}
await mariaDb.remove();
rmSync(folder, { recursive: true });

const stamp = new Date().toISOString().slice(0, 10);
const file = `server/migrations/${stamp}-${name}.ts`;
if (existsSync(file)) throw new Error(`${file} exists already.`);
const constant = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const list = (direction: "up" | "down") =>
  ["mysql", "sqlite"]
    .map((kind) => `    ${kind}: ${JSON.stringify(diffs[kind]?.[direction] ?? [], null, 2)},`)
    .join("\n");
writeFileSync(
  file,
  `import { type MigrationStep } from "../kit/migrate.js";

export const ${constant}: MigrationStep = {
  name: "${stamp}-${name}",
  up: {
${list("up")}
  },
  down: {
${list("down")}
  },
};
`,
);
console.log(`${file} is drafted: read it, mend it, and add ${constant} to server/migrations/migrations.ts.`);
