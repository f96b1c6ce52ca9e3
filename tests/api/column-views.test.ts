import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DefinitionNode, type IntrospectionQuery, parse, print } from "graphql";
import { describe, expect, it } from "vitest";
import { columns } from "../../admin/generated/columns.js";
import { readResources } from "../../admin/schema/resources.js";
import { columnDirective } from "../../server/kit/column-view.js";
import { generate } from "../kit/codegen.js";

const introspection = JSON.parse(readFileSync("admin/generated/introspection.json", "utf8")) as IntrospectionQuery;
const resources = readResources(introspection, columns);
const sources = readdirSync("admin", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("generated"))
  .map((file) => readFileSync(join("admin", file), "utf8"))
  .join("\n");

describe("What a column says of itself to the admin", () => {
  it.each(columnDirective.args.map(({ name }) => name))("is read by a renderer: %s", (name) => {
    expect(sources).toMatch(
      new RegExp(`\\bview\\.${name}\\b|\\bview: \\{ ${name}\\b|\\{ view \\}\\) => !?view\\.${name}`),
    );
  });

  it.each(resources.map(({ name }) => name))("has places 1 and 2 on a phone: %s", (name) => {
    const places = resources.find((resource) => resource.name === name)?.columns.map(({ view }) => view.phone);
    expect(places).toEqual(expect.arrayContaining([1, 2]));
  });

  it("has a type that has a renderer", () => {
    const stranger = structuredClone(introspection) as unknown as { __schema: { types: { name: string }[] } };
    const renamed = JSON.parse(JSON.stringify(stranger).replaceAll('"Decimal"', '"Fraction"'));
    expect(() => readResources(renamed, columns)).toThrow('"Fraction" of revenue has no renderer');
  });

  it("names units that are there", () => {
    for (const { columns: fields } of resources) {
      const units = fields.flatMap(({ view }) => view.unit ?? []);
      expect(fields.map(({ name }) => name)).toEqual(expect.arrayContaining(units));
    }
  });
});

/** Columns that code of the admin names by hand: of which type, and in which file. */
const NAMED: [type: string, column: string, file: string][] = [
  ["Flow", "trackingUrl", "flows/flow-cards.tsx"],
  ["PostbackLog", "suppressed", "postbacks/postback-details.tsx"],
  ["FlowFilter", "archived", "overrides.tsx"],
];

describe("What names a column by hand", () => {
  it("does not build any more when it is gone, and nothing else is wrong then", () => {
    const copy = join(mkdtempSync(join(tmpdir(), "waypost-columns-")), "admin");
    cpSync("admin", copy, { recursive: true });
    const schema = readFileSync("schema.graphql", "utf8");
    generate(
      NAMED.reduce((rest, [type, column]) => without(rest, type, column), schema),
      copy,
    );
    const errors = typeErrors(copy);
    for (const [, column, file] of NAMED) {
      expect(errors.filter((line) => line.includes(`${file}(`) && line.includes(column))).not.toEqual([]);
    }
    expect(errors.filter((line) => !NAMED.some(([, column]) => line.includes(column)))).toEqual([]);
  });
});

/** What the compiler has to say of a project. */
function typeErrors(folder: string): string[] {
  const { stdout } = spawnSync("node_modules/.bin/tsc", ["-p", folder], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.includes("error"));
}

/** A schema without one field of one of its types. */
function without(schema: string, type: string, column: string): string {
  const document = parse(schema);
  const definitions = document.definitions.map((definition) =>
    "fields" in definition && definition.name.value === type
      ? { ...definition, fields: definition.fields?.filter(({ name }) => name.value !== column) }
      : definition,
  );
  return print({ ...document, definitions: definitions as DefinitionNode[] });
}
