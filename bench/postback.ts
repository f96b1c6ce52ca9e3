import { once } from "node:events";
import { load, median, type Round, sum } from "./load.ts";
import { makeFlow } from "./redirect.ts";
import { type BenchOptions } from "./seed.ts";
import { type Ask, drained, type Running, start, startEmpty, stop } from "./waypost.ts";

const ROUNDS = 5;
const SECONDS = 3;
const CLICKS = 2000;
/** Conversions that are reported again and again. */
const REPEATED = 200;

/**
 * Postbacks a second, each for a conversion of its own and then all for a few, against one bare INSERT in one transaction a request
 * into the same database; then counts the conversions.
 */
export async function postback({ database }: BenchOptions): Promise<object> {
  const waypost = await startEmpty(database);
  const { ask, trackerUrl, databaseUrl } = waypost;
  const postbackKey = (await ask("{ postbackKeys { items { key } } }")).postbackKeys.items[0].key;
  const bare = start(new URL("./bare-insert.ts", import.meta.url), { DATABASE_URL: databaseUrl });
  try {
    const [barePort] = await once(bare, "message");
    const click = await makeClicks(ask, trackerUrl);
    const url = `${trackerUrl}/postback/${postbackKey}?click={click}&status=approved&revenue=2.5&currency=EUR`;
    const bareUrl = `http://127.0.0.1:${barePort}/postback?click={click}`;
    await load(`${url}&uid={n}`, 1, { click });
    const before = await countConversions(waypost);
    const [fresh, repeated, inserts]: [Round[], Round[], Round[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      fresh.push(await load(`${url}&uid={n}`, SECONDS, { click }));
      inserts.push(await load(`${bareUrl}&uid={n}`, SECONDS, { click }));
      repeated.push(await load(`${url}&uid=again`, SECONDS, { click: click.slice(0, REPEATED) }));
    }
    const made = (await countConversions(waypost)) - before;
    const rps = median(fresh.map((round) => round.rps));
    const insertRps = median(inserts.map((round) => round.rps));
    return {
      ratioToInsert: rps / insertRps,
      repeatedRatioToInsert: median(repeated.map((round) => round.rps)) / insertRps,
      rps,
      insertRps,
      p99Ms: median(fresh.map((round) => round.p99Ms)),
      insertP99Ms: median(inserts.map((round) => round.p99Ms)),
      failed: sum([...fresh, ...repeated].map(({ failed }) => failed)),
      lost: Math.max(sum(fresh.map(({ requests }) => requests)) + REPEATED - made, 0),
      duplicates: await countDuplicates(ask, click.slice(0, REPEATED)),
    };
  } finally {
    await stop(bare);
    await waypost.stop();
  }
}

/** Makes clicks to report conversions of. @returns their hashes. */
async function makeClicks(ask: Ask, trackerUrl: string): Promise<string[]> {
  const url = await makeFlow(ask, trackerUrl);
  const hashes: string[] = [];
  for (let made = 0; made < CLICKS; made += 1) {
    const { headers } = await fetch(url, { redirect: "manual" });
    hashes.push(new URL(headers.get("location") ?? "").searchParams.get("click") ?? "");
  }
  return hashes;
}

async function countConversions({ ask, trackerUrl }: Running): Promise<number> {
  await drained(trackerUrl);
  return (await ask("{ conversions(perPage: 1) { totalCount } }")).conversions.totalCount;
}

/** Conversions too many among those that were reported again and again. */
async function countDuplicates(ask: Ask, clicks: string[]): Promise<number> {
  let found = 0;
  for (const clickHash of clicks) {
    const query =
      'query($clickHash: ID!) { conversions(filter: { clickHash: $clickHash, uid: "again" }) { totalCount } }';
    found += (await ask(query, { clickHash })).conversions.totalCount - 1;
  }
  return found;
}
