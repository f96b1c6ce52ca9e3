/**
 * Runs the benchmarks: `npm run bench` for all, `npm run bench -- NAME [--database mysql|sqlite] [--json]`.
 *
 * Each measures both of its sides in turn in one run, several rounds, and reports medians and their ratio: this machine's
 * absolute numbers mean little. With `--json` the last line is one JSON object.
 */
import { parseArgs } from "node:util";
import { postback } from "./postback.ts";
import { redirect } from "./redirect.ts";
import { redirectDatabaseDown } from "./redirect-database-down.ts";
import { type DatabaseKind } from "./waypost.ts";

const benchmarks: Record<string, (database: DatabaseKind) => Promise<object>> = {
  redirect,
  "redirect-database-down": redirectDatabaseDown,
  postback,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { database: { type: "string", default: "mysql" }, json: { type: "boolean", default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
if (!names.every((name) => Object.hasOwn(benchmarks, name)) || !["mysql", "sqlite"].includes(values.database)) {
  console.error(`Usage: npm run bench -- [${Object.keys(benchmarks).join("|")}] [--database mysql|sqlite] [--json]`);
  process.exit(2);
}

const results: Record<string, object> = {};
for (const name of names) {
  results[name] = (await benchmarks[name]?.(values.database as DatabaseKind)) ?? {};
  if (!values.json) console.table({ [name]: results[name] });
}
if (values.json) console.log(JSON.stringify(names.length === 1 ? results[names[0] ?? ""] : results));
