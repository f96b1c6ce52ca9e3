import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes of another schema what `npm run codegen` makes of ours.
 *
 * @param schema  in GraphQL's own language.
 * @param folder  where `generated/` is to be.
 */
export function generate(schema: string, folder: string): void {
  writeFileSync(join(folder, "schema.graphql"), schema);
  const config = readFileSync("codegen.yml", "utf8")
    .replaceAll("admin/generated/", `${folder}/generated/`)
    .replace("schema: schema.graphql", `schema: ${folder}/schema.graphql`);
  writeFileSync(join(folder, "codegen.yml"), config);
  execFileSync("node_modules/.bin/graphql-codegen", ["--config", join(folder, "codegen.yml")], { stdio: "pipe" });
}
