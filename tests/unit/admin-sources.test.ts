import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildASTSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { texts } from "../../admin/texts.js";
import { postbackCodes } from "../../server/conversions/postback-codes.js";

const sources = readdirSync("admin", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/^generated|texts\.ts$/.test(file))
  .map((file) => readFileSync(join("admin", file), "utf8"))
  .join("\n");

describe("What the admin asks by hand", () => {
  const schema = buildASTSchema(parse(readFileSync("schema.graphql", "utf8")));
  const documents = [...sources.matchAll(/["`]((?:query|mutation) \w+[^"`]*\{[^"`]*)["`]/g)]
    .map(([, text = ""]) => text)
    .filter((text) => !text.includes("${"));

  it("is found", () => {
    expect(documents.length).toBeGreaterThan(5);
  });

  it.each(documents.map((text) => [/\w+ \w+/.exec(text)?.[0], text]))(
    "is answered by the schema: %s",
    (_, text = "") => {
      expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
    },
  );
});

describe("The admin's texts", () => {
  const said = [...sources.matchAll(/["`]((?:waypost|help)\.[^"`\s]+)["`]/g)].map(
    ([, key = ""]) =>
      new RegExp(`^${key.replace(/[.*+?^()[\]\\]/g, "\\$&").replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, ".+")}$`),
  );

  it.each(keysOf({ waypost: texts.waypost, help: texts.help }))("are all said somewhere: %s", (key) => {
    expect(said.some((pattern) => pattern.test(key))).toBe(true);
  });

  const own = keysOf(texts);

  it("5.13 have words for all that is said", () => {
    const plain = [...sources.matchAll(/["`]((?:waypost|help|ra)\.[\w.]*\w)["`]/g)].map(([, key = ""]) => key);
    expect(plain.length).toBeGreaterThan(100);
    expect(plain.filter((key) => !own.some((each) => each === key || each.startsWith(`${key}.`)))).toEqual([]);
  });

  it("5.13 are in words of ours", () => {
    const foreign = /\b(elements?|items?|resources?|references?|data ?provider|status code|regexp|log ?out)\b/i;
    const textOf = (key: string) =>
      key.split(".").reduce((tree: unknown, each) => (tree as Record<string, unknown>)[each], texts);
    const said = own.map((key) => String(textOf(key)).replace(/%\{\w+\}/g, ""));
    expect(said.filter((text) => foreign.test(text))).toEqual([]);
  });

  // What they have no words for is shown as refused.
  const taken = Object.entries(postbackCodes).filter(([, { status }]) => status === 200);
  it.each(taken.map(([code]) => code))("have words for a replay that comes to %s", (code) => {
    const { would, did } = texts.waypost.replay;
    expect([would, did].map((words) => Object.hasOwn(words, code))).toEqual([true, true]);
  });
});

function keysOf(tree: object, path: string[] = []): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[...path, key].join(".")] : keysOf(value, [...path, key]),
  );
}
