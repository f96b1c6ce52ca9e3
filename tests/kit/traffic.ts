import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS } from "./until.js";

/** Who visits and who reports, for as long as a test wants it; what they were told is remembered. */
export interface Traffic {
  /** Click hashes of visitors who were sent on. */
  clicks: string[];
  /** Identities (`hash uid`) of conversions whose postback was answered 200 or 202, and of all that were sent. */
  reported: Set<string>;
  attempted: Set<string>;
  /** Every other answer, by its status; 0 counts requests that nobody answered. */
  others: Map<string, number>;
  stop(): Promise<void>;
}

export interface TrafficOptions {
  trackerUrl: string;
  /** Where postbacks are sent; left out: where the visitors go. */
  postbackUrl?: string;
  flowKey: string;
  postbackKey: string;
  visitors?: number;
  advertisers?: number;
  /** From 0 (included) to 1 (excluded). */
  random: () => number;
}

/** After a request that nobody answered. */
const PAUSE_MS = 20;
/** Different uids for one click: few, so that repeats come often and at once. */
const UIDS = 2;

export function startTraffic(options: TrafficOptions): Traffic {
  const {
    trackerUrl,
    postbackUrl = trackerUrl,
    flowKey,
    postbackKey,
    visitors = 12,
    advertisers = 4,
    random,
  } = options;
  const traffic: Traffic = {
    clicks: [],
    reported: new Set(),
    attempted: new Set(),
    others: new Map(),
    stop: async () => {
      going = false;
      await Promise.all(all);
    },
  };
  let going = true;

  async function ask(url: string): Promise<Response | null> {
    try {
      const init: RequestInit = { redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) };
      const response = await fetch(url, init);
      await response.arrayBuffer();
      return response;
    } catch {
      await sleep(PAUSE_MS);
      return null;
    }
  }

  function noteOther(kind: string, status: number): void {
    const name = `${kind} ${status}`;
    traffic.others.set(name, (traffic.others.get(name) ?? 0) + 1);
  }

  async function visit(): Promise<void> {
    const response = await ask(`${trackerUrl}/c/${flowKey}`);
    const location = response?.headers.get("location");
    const hash = location && new URL(location).searchParams.get("click");
    if (hash) traffic.clicks.push(hash);
    else noteOther("click", response?.status ?? 0);
  }

  async function report(): Promise<void> {
    const click = traffic.clicks[Math.floor(random() ** 4 * traffic.clicks.length)] ?? traffic.clicks.at(-1);
    if (!click) return sleep(PAUSE_MS);
    const uid = String(Math.floor(random() * UIDS));
    traffic.attempted.add(`${click} ${uid}`);
    const status = ["pending", "approved", "rejected"][Math.floor(random() * 3)];
    const query = `click=${click}&uid=${uid}&status=${status}&revenue=1.25`;
    const response = await ask(`${postbackUrl}/postback/${postbackKey}?${query}`);
    if (response?.status === 200 || response?.status === 202) traffic.reported.add(`${click} ${uid}`);
    else noteOther("postback", response?.status ?? 0);
  }

  const keepOn = async (step: () => Promise<void>) => {
    while (going) await step();
  };
  const all = [
    ...Array.from({ length: visitors }, () => keepOn(visit)),
    ...Array.from({ length: advertisers }, () => keepOn(report)),
  ];
  return traffic;
}
