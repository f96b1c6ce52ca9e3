import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

it("the schema, the help and the admin's files are what the code generates now", () => {
  const folder = mkdtempSync(join(tmpdir(), "waypost-generated-"));
  const schema = join(folder, "schema.graphql");
  execFileSync("node", ["dist/server/print-schema.js", schema]);
  expect(readFileSync(schema, "utf8")).toBe(readFileSync("schema.graphql", "utf8"));

  const help = join(folder, "help");
  const pages = readdirSync("docs/help");
  mkdirSync(help);
  for (const page of pages) writeFileSync(join(help, page), withoutTables(readFileSync(`docs/help/${page}`, "utf8")));
  execFileSync("node", ["dist/server/print-docs.js", help]);
  for (const page of pages)
    expect(readFileSync(join(help, page), "utf8"), page).toBe(readFileSync(`docs/help/${page}`, "utf8"));

  const tables = join(folder, "tables");
  mkdirSync(tables);
  execFileSync("node", ["dist/server/print-tables.js", tables]);
  for (const table of readdirSync(tables))
    expect(readFileSync(join(tables, table), "utf8"), table).toBe(readFileSync(`admin/generated/${table}`, "utf8"));

  const config = readFileSync("codegen.yml", "utf8");
  const files = [...config.matchAll(/^ {2}(admin\/generated\/\S+):$/gm)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(0);
  const elsewhere = config
    .replaceAll("admin/generated/", `${folder}/admin/generated/`)
    .replace("schema: schema.graphql", `schema: ${schema}`);
  writeFileSync(join(folder, "codegen.yml"), elsewhere);
  execFileSync("node_modules/.bin/graphql-codegen", ["--config", resolve(folder, "codegen.yml")], { stdio: "pipe" });
  for (const file of files) expect(readFileSync(join(folder, file), "utf8"), file).toBe(readFileSync(file, "utf8"));
  rmSync(folder, { recursive: true });
});

function withoutTables(page: string): string {
  return page.replace(/(?<=<!-- table: \S+ -->).*?(?=<!-- end -->)/gs, "");
}
