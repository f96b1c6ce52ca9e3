/**
 * Runs the benchmarks: `npm run bench` for all, `npm run bench -- NAME [--database mysql|sqlite] [--json]`.
 *
 * `--folder` keeps the seeded databases, `--clicks` is the size of the large one (10,000,000);
 * `--seconds` is how long `memory` watches (600).
 *
 * Each measures both of its sides in turn in one run, several rounds, and reports medians and their ratio: this machine's
 * absolute numbers mean little. With `--json` the last line is one JSON object.
 */
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { dashboard } from "./dashboard.ts";
import { firstList } from "./first-list.ts";
import { freshness } from "./freshness.ts";
import { lists } from "./lists.ts";
import { loader } from "./loader.ts";
import { memory } from "./memory.ts";
import { postback } from "./postback.ts";
import { redirect } from "./redirect.ts";
import { redirectDatabaseDown } from "./redirect-database-down.ts";
import { type BenchOptions } from "./seed.ts";
import { startUp } from "./start-up.ts";

const benchmarks = {
  redirect,
  "redirect-database-down": redirectDatabaseDown,
  postback,
  loader,
  lists,
  dashboard,
  freshness,
  "first-list": firstList,
  start: startUp,
  memory,
};
type Name = keyof typeof benchmarks;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: "string", default: "mysql" },
    folder: { type: "string", default: tmpdir() },
    clicks: { type: "string", default: "10000000" },
    seconds: { type: "string", default: "600" },
    json: { type: "boolean", default: false },
  },
});
const names = (positionals.length > 0 ? positionals : Object.keys(benchmarks)) as Name[];
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0 || !["mysql", "sqlite"].includes(values.database)) {
  console.error(`Usage: npm run bench -- [${Object.keys(benchmarks).join("|")}] [--database mysql|sqlite] [--json]`);
  process.exit(2);
}

const options: BenchOptions = {
  database: values.database as BenchOptions["database"],
  folder: values.folder,
  clicks: Number(values.clicks),
  seconds: Number(values.seconds),
};
const results: Record<string, object> = {};
for (const name of names) {
  results[name] = await benchmarks[name](options);
  if (!values.json) console.table({ [name]: results[name] });
}
if (values.json) console.log(JSON.stringify(names.length === 1 ? results[names[0] as Name] : results));
