import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import autocannon from "autocannon";

export const CONNECTIONS = 64;

/** What one round of load saw. */
export interface Round {
  requests: number;
  rps: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers other than 2xx and 3xx, and broken connections. */
  failed: number;
}

/** Values that a URL's `{name}` stands for, one after the other and from the start again; `{n}` is a number of the request's own. */
export type Values = Record<string, readonly string[]>;

const hasWrk = spawnSync("wrk", ["--version"]).error === undefined;

/** Loads a URL over 64 connections: by wrk (Debian's package `wrk`) where it is there, else by autocannon. */
export function load(url: string, seconds: number, values?: Values): Promise<Round> {
  return hasWrk ? loadByWrk(url, seconds, values) : loadByAutocannon(url, seconds, values);
}

export function median(values: number[]): number {
  return percentile(values, 0.5);
}

/** The value that this share of the values does not exceed, from 0 to 1. */
export function percentile(values: number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(Math.floor(values.length * share), values.length - 1)] ?? 0;
}

export function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Rounds so far: numbers of requests never come twice. */
let rounds = 0;

async function loadByWrk(url: string, seconds: number, values?: Values): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), "waypost-load-"));
  try {
    const script = values ? ["-s", writeScript(folder, url, values)] : [];
    const { origin } = new URL(url);
    const target = values ? origin : url;
    const options = ["-t2", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency", ...script, target];
    return readWrk((await promisify(execFile)("wrk", options)).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A script for wrk that fills in a URL's values. */
function writeScript(folder: string, url: string, values: Values): string {
  rounds += 1;
  for (const [name, list] of Object.entries(values)) writeFileSync(join(folder, name), list.join("\n"));
  const { origin } = new URL(url);
  const file = join(folder, "load.lua");
  writeFileSync(
    file,
    `local names = { ${Object.keys(values)
      .map((name) => `"${name}"`)
      .join(", ")} }
local lists = {}
for _, name in ipairs(names) do
  lists[name] = {}
  for line in io.lines("${folder}/" .. name) do table.insert(lists[name], line) end
end
local threads = 0
function setup(thread) threads = threads + 1; thread:set("thread_number", threads) end
local count = 0
function request()
  count = count + 1
  local path = ${JSON.stringify(url.slice(origin.length))}
  path = path:gsub("{n}", ${rounds} .. "-" .. thread_number .. "-" .. count)
  for _, name in ipairs(names) do
    local list = lists[name]
    path = path:gsub("{" .. name .. "}", list[(count * 2 + thread_number) % #list + 1])
  end
  return wrk.format("GET", path)
end
`,
  );
  return file;
}

function readWrk(output: string): Round {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0);
  const milliseconds = (pattern: RegExp) => {
    const [, amount = "0", unit = "ms"] = pattern.exec(output) ?? [];
    return Number(amount) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? 1);
  };
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output)?.slice(1) ?? [];
  return {
    requests: number(/(\d+) requests in/),
    rps: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/),
    failed: number(/Non-2xx or 3xx responses: (\d+)/) + broken.reduce((sum, count) => sum + Number(count), 0),
  };
}

async function loadByAutocannon(url: string, seconds: number, values: Values = {}): Promise<Round> {
  rounds += 1;
  let count = 0;
  const { origin } = new URL(url);
  const fill = () => {
    count += 1;
    return Object.entries(values).reduce(
      (path, [name, list]) => path.replaceAll(`{${name}}`, list[count % list.length] ?? ""),
      url.slice(origin.length).replaceAll("{n}", `${rounds}-0-${count}`),
    );
  };
  const result = await autocannon({
    url: origin,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, path: fill() }) }],
  });
  return {
    requests: result["2xx"] + result["3xx"] + result["4xx"] + result["5xx"],
    rps: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result["4xx"] + result["5xx"] + result.errors,
  };
}
