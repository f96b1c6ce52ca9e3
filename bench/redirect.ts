import { once } from "node:events";
import { load, median, type Round, sum } from "./load.ts";
import { type BenchOptions } from "./seed.ts";
import { type Ask, drained, type Running, start, startEmpty, stop } from "./waypost.ts";

const ROUNDS = 9;
const SECONDS = 4;

/** A flow with two paths and what a real link carries. */
const FLOW = `mutation { createFlow(input: { key: "bench", name: "Bench", paths: [
  { url: "https://a.example/?click={click}&s={sub_id}&c={country}", weight: 70 },
  { url: "https://b.example/?click={click}", weight: 30 }] }) { id } }`;

/** Makes the flow that benchmarks send visitors to. @returns its tracking URL, as a visitor brings it. */
export async function makeFlow(ask: Ask, trackerUrl: string): Promise<string> {
  await ask(FLOW);
  return `${trackerUrl}/c/bench?sub_id=zone-7&utm_source=google`;
}

/** Clicks that are stored, with those that were still in the journal. */
export async function countClicks({ ask, trackerUrl }: Running): Promise<number> {
  await drained(trackerUrl);
  return (await ask("{ clicks(perPage: 1) { totalCount } }")).clicks.totalCount;
}

/**
 * Redirects a second with everything a click takes, its storing included, against a bare Fastify redirect without storage; then
 * counts the clicks. What is still to be stored is waited for before each bare round.
 */
export async function redirect({ database }: BenchOptions): Promise<object> {
  const waypost = await startEmpty(database);
  const bare = start(new URL("./bare.ts", import.meta.url), {});
  try {
    const [barePort] = await once(bare, "message");
    const url = await makeFlow(waypost.ask, waypost.trackerUrl);
    await load(url, 1);
    const before = await countClicks(waypost);
    const ours: Round[] = [];
    const theirs: Round[] = [];
    let stored = before;
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await load(url, SECONDS));
      stored = await countClicks(waypost);
      theirs.push(await load(`http://127.0.0.1:${barePort}/c/bench`, SECONDS));
    }
    const rps = median(ours.map((round) => round.rps));
    const bareRps = median(theirs.map((round) => round.rps));
    return {
      ratioToBare: rps / bareRps,
      rps,
      bareRps,
      p50Ms: median(ours.map((round) => round.p50Ms)),
      p99Ms: median(ours.map((round) => round.p99Ms)),
      bareP99Ms: median(theirs.map((round) => round.p99Ms)),
      failed: sum(ours.map(({ failed }) => failed)),
      lost: Math.max(sum(ours.map(({ requests }) => requests)) - (stored - before), 0),
    };
  } finally {
    await stop(bare);
    await waypost.stop();
  }
}
