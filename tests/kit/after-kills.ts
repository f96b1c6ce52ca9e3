import { execFileSync } from "node:child_process";
import { type Faults } from "./fault-report.js";
import { type AskApi, missingOf } from "./load.js";
import { type Environment } from "./processes.js";

/** What was killed, how often, and what visitors and advertisers were told meanwhile. */
export interface Told {
  kills: Faults["kills"];
  /** Hashes they were redirected with. */
  clicks: string[];
  /** Identities (`hash uid`) of the conversions whose postback was answered 200 or 202. */
  reported: Set<string>;
}

/** Compares all that is stored with what was told. @throws when a counter differs from the facts. */
export async function seenAfterKills(ask: AskApi, environment: Environment, told: Told): Promise<Faults> {
  const { kills, clicks, reported } = told;
  const { stored, twice } = await identitiesStored(ask);
  const lostClicks = await missingOf(ask, clicks, []);
  return {
    kills,
    acknowledged: { clicks: clicks.length, conversions: reported.size },
    stored: { clicks: (await ask("{ clicks { totalCount } }")).clicks.totalCount, conversions: stored.size },
    missing: lostClicks.length + [...reported].filter((identity) => !stored.has(identity)).length,
    twice,
    reconcile: execFileSync(process.execPath, ["dist/server/reconcile.js"], {
      env: { ...environment },
      encoding: "utf8",
    }).trim(),
  };
}

/** What identifies each conversion that is stored, and how many are there again. */
async function identitiesStored(ask: AskApi): Promise<{ stored: Set<string>; twice: number }> {
  const stored = new Set<string>();
  let twice = 0;
  const query = `query($after: String) { conversions(perPage: 500, after: $after) {
    items { clickHash uid } pageInfo { hasNextPage endCursor } } }`;
  for (let after: string | null = null; ; ) {
    const { conversions } = await ask(query, { after });
    for (const { clickHash, uid } of conversions.items) {
      const identity = `${clickHash} ${uid ?? ""}`;
      if (stored.has(identity)) twice += 1;
      stored.add(identity);
    }
    after = conversions.pageInfo.endCursor;
    if (!conversions.pageInfo.hasNextPage) return { stored, twice };
  }
}
