import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What one round of load saw. */
export interface Round {
  requests: number;
  rps: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers other than 2xx and 3xx, and broken connections. */
  failed: number;
}

/** Loads a URL with wrk (Debian's package `wrk`) over 64 connections. */
export async function load(url: string, seconds: number): Promise<Round> {
  const { stdout } = await promisify(execFile)("wrk", ["-t2", "-c64", `-d${seconds}s`, "--latency", url]);
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const milliseconds = (pattern: RegExp) => {
    const [, amount = "0", unit = "ms"] = pattern.exec(stdout) ?? [];
    return Number(amount) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? 1);
  };
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.slice(1) ?? [];
  return {
    requests: number(/(\d+) requests in/),
    rps: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/),
    failed: number(/Non-2xx or 3xx responses: (\d+)/) + broken.reduce((sum, count) => sum + Number(count), 0),
  };
}

export function median(values: number[]): number {
  return percentile(values, 0.5);
}

/** The value that this share of the values does not exceed, from 0 to 1. */
export function percentile(values: number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(Math.floor(values.length * share), values.length - 1)] ?? 0;
}
