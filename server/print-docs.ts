import "reflect-metadata";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GraphQLObjectType } from "graphql";
import { VALUE_MAX } from "./catalog/flow.js";
import { macroTable } from "./catalog/macros.js";
import { WordMeaning } from "./catalog/status-words.js";
import { BROWSERS, DEVICES, SYSTEMS } from "./clicks/agent-words.js";
import { clickRefusals } from "./clicks/click-refusals.js";
import { labelParameters, PARAM_NAME_MAX, PARAMS_MAX } from "./clicks/visitor.js";
import { dialects, postbackParameters } from "./conversions/dialect.js";
import { postbackCodes } from "./conversions/postback-codes.js";
import { postbackWarnings } from "./conversions/postback-warnings.js";
import { builtInWords } from "./conversions/status-meaning.js";
import { buildSchema } from "./schema.js";

const byStatus = Object.entries(postbackCodes).sort(([, a], [, b]) => a.status - b.status);

/** What the help takes from the code: each stands in a page between `<!-- table: NAME -->` and `<!-- end -->`. */
const tables: Record<string, string> = {
  "click-answers": table(
    ["status", "code", "message"],
    Object.entries(clickRefusals).map(([code, { status, message }]) => [
      String(status),
      `\`${code}\``,
      message || "(nothing: nobody looks yet)",
    ]),
  ),
  "tracking-parameters": table(
    ["parameter", "also accepted", "is"],
    [
      ...Object.entries(labelParameters).map(([label, { names }]) => [...parameterCells(names), wordsOf(label)]),
      [
        "any other",
        "",
        `kept with the click: at most ${PARAMS_MAX}, names cut at ${PARAM_NAME_MAX} characters, values at ${VALUE_MAX}`,
      ],
    ],
  ),
  "click-columns": Object.values((buildSchema().getType("Click") as GraphQLObjectType).getFields())
    .map(({ description }) => `- ${description}`)
    .join("\n"),
  "agent-words": table(
    ["column", "can be"],
    [
      ["Device", DEVICES.join(", ")],
      ["OS", SYSTEMS.join(", ")],
      ["Browser", BROWSERS.join(", ")],
    ],
  ),
  macros: table(
    ["macro", "becomes", "for example"],
    macroTable().map(({ macro, meaning, sample }) => [`\`${macro}\``, meaning, sample]),
  ),
  "postback-parameters": table(
    ["parameter", "also accepted", "is", "left out"],
    Object.values(postbackParameters).map(({ names, meaning, absent }) => [...parameterCells(names), meaning, absent]),
  ),
  "postback-lists": table(
    ["the words that mean", "in our URL", "in Keitaro's", "built in"],
    Object.values(WordMeaning).map((means) => [
      means.toLowerCase(),
      codes(dialects.WAYPOST.lists[means]),
      codes(dialects.KEITARO.lists[means]),
      means === WordMeaning.IGNORE ? "" : codes(builtInWords[means]),
    ]),
  ),
  "keitaro-parameters": table(
    ["Keitaro's", "is our"],
    Object.entries(dialects.KEITARO.names).flatMap(([parameter, names]) =>
      names.map((name) => [codes([name]), codes([parameter])]),
    ),
  ),
  "postback-warnings": Object.values(postbackWarnings)
    .map((message) => `- ${sample(message)}`)
    .join("\n"),
  "postback-reasons": table(
    ["you see", "why", "what to do"],
    byStatus.map(([code, { status, cause, cure }]) => [`${status} \`${code}\``, cause, cure ?? "Nothing."]),
  ),
  "postback-codes": table(
    ["status", "code", "message"],
    byStatus.map(([code, { status, message }]) => [String(status), `\`${code}\``, sample(message)]),
  ),
};

const folder = process.argv[2] ?? "docs/help";
const unused = new Set(Object.keys(tables));
for (const file of readdirSync(folder)) {
  const page = readFileSync(join(folder, file), "utf8");
  writeFileSync(join(folder, file), page.replace(/(<!-- table: (\S+) -->).*?(<!-- end -->)/gs, fill));
}
if (unused.size > 0) throw new Error(`No page in ${folder} has a place for ${[...unused].join(", ")}.`);

function fill(_: string, begin: string, name: string, end: string): string {
  if (!Object.hasOwn(tables, name)) throw new Error(`There is no table "${name}".`);
  unused.delete(name);
  return `${begin}\n\n${tables[name]}\n\n${end}`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The first name of a parameter, and the others. */
function parameterCells([name = "", ...others]: readonly string[]): [string, string] {
  return [codes([name]), codes(others)];
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(" ");
}

/** `subId` is "sub ID". */
function wordsOf(name: string): string {
  return name.replace(/Id$/, " ID");
}

function sample(message: (...details: never[]) => string): string {
  return message(...(Array.from({ length: message.length }, () => "…") as never[]));
}
