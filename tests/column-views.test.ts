import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type IntrospectionQuery } from "graphql";
import { afterAll, describe, expect, it } from "vitest";
import { columns } from "../admin/generated/columns.js";
import { readResources } from "../admin/schema/resources.js";
import { columnDirective } from "../server/kit/column-view.js";

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
    const taken = places?.filter((place) => place !== undefined) ?? [];
    expect(new Set(taken).size).toBe(taken.length);
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

describe("An override that names a column", () => {
  const copy = "dist/admin-without-a-column";
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it("does not build any more when the column is gone", () => {
    cpSync("admin", copy, { recursive: true });
    const check = () => execFileSync("node_modules/.bin/tsc", ["-p", copy], { encoding: "utf8", stdio: "pipe" });
    const types = join(copy, "generated/types.ts");
    const whole = readFileSync(types, "utf8");
    writeFileSync(types, whole.replace(/^ {2}readonly archived\?:.*$/m, ""));
    expect(readFileSync(types, "utf8")).not.toBe(whole);
    let output = "";
    try {
      check();
    } catch (error) {
      output = (error as { stdout: string }).stdout;
    }
    expect(output.split("\n").filter((line) => line.includes("error"))).toEqual([
      expect.stringMatching(/overrides\.tsx.*'archived' does not exist/),
    ]);
  });
});
