import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Environment } from "./processes.js";
import { createAsk, PASSWORD } from "./waypost.js";

/** Visitors and advertisers who come all the time, from outside, over HTTP. */
export const KEY = "load-key";
const KEEP_ALIVE_CLIENTS = 40;
const NEW_CONNECTION_CLIENTS = 10;
const IDS_MAX = 500;

export type AskApi = Awaited<ReturnType<typeof createAsk>>;

export interface Load {
  /** Resolves when so many requests have been answered. */
  answered(count: number): Promise<void>;
  /**
   * Ends it.
   *
   * @returns the click hashes redirected with, those whose postback was answered 200 or 202, what went wrong, and what was sent
   * on new connections that the system reset.
   */
  stop(): Promise<{ clicks: string[]; converted: string[]; failures: string[]; reset: Reset }>;
}

/**
 * Requests on connections that were opened and reset. While a server stops listening the system may do so to connections that
 * wait in its queue, which the server has not accepted; what it has accepted it has read, and stored.
 */
export interface Reset {
  /** Sub ids of clicks. */
  clicks: string[];
  /** Click hashes of postbacks. */
  postbacks: string[];
}

/**
 * Visitors and advertisers that come one after the other on keep-alive connections, and on new ones: each opens the
 * tracking URL and reports a conversion. A client whose connection is refused was not accepted, and leaves.
 */
export function startLoad({ TRACKER_PORT }: Environment): Load {
  const clicks: string[] = [];
  const converted: string[] = [];
  const failures: string[] = [];
  const reset: Reset = { clicks: [], postbacks: [] };
  let visits = 0;
  let stopping = false;
  const agents: Agent[] = [];

  async function client(agent: Agent): Promise<void> {
    agents.push(agent);
    while (!stopping) {
      const visit = String(visits++);
      const click = await get(agent, Number(TRACKER_PORT), `/c/load?sub_id=${visit}`);
      if (click.refused) return;
      if (click.reset) return void reset.clicks.push(visit);
      const hash = /click=([0-9a-f]{32})$/.exec(click.location ?? "")?.[1];
      if (click.status !== 302 || !hash) return void failures.push(`click: ${click.error ?? click.status}`);
      clicks.push(hash);
      const postback = await get(agent, Number(TRACKER_PORT), `/postback/${KEY}?click=${hash}`);
      if (postback.refused) return;
      if (postback.reset) return void reset.postbacks.push(hash);
      if (postback.status !== 200 && postback.status !== 202) {
        return void failures.push(`postback: ${postback.error ?? postback.status}`);
      }
      converted.push(hash);
    }
  }

  const clients = [
    ...Array.from({ length: KEEP_ALIVE_CLIENTS }, () => client(new Agent({ keepAlive: true, maxSockets: 1 }))),
    ...Array.from({ length: NEW_CONNECTION_CLIENTS }, () => client(new Agent({ keepAlive: false }))),
  ];
  return {
    answered: async (count) => {
      while (clicks.length + converted.length < count) {
        if (failures.length > 0) throw new Error(failures.join("\n"));
        await sleep(5);
      }
    },
    stop: async () => {
      stopping = true;
      await Promise.all(clients);
      for (const agent of agents) agent.destroy();
      return { clicks, converted, failures, reset };
    },
  };
}

interface Got {
  refused?: true;
  /** The connection was a new one. */
  reset?: true;
  error?: string;
  status?: number;
  location?: string;
  body: string;
}

function get(agent: Agent, port: number, path: string): Promise<Got> {
  return new Promise((resolve) => {
    const sent = request({ agent, host: "127.0.0.1", port, path }, (response) => {
      let body = "";
      response.on("data", (data) => {
        body += data;
      });
      response.on("end", () => resolve({ status: response.statusCode, location: response.headers.location, body }));
      response.on("error", (error) => resolve({ error: error.message, body }));
    });
    sent.on("error", ({ code, message }: Error & { code?: string }) => {
      if (code === "ECONNREFUSED") resolve({ refused: true, body: "" });
      else if (code === "ECONNRESET" && !sent.reusedSocket) resolve({ reset: true, body: "" });
      else resolve({ error: `${message}, on a ${sent.reusedSocket ? "kept" : "new"} connection`, body: "" });
    });
    sent.end();
  });
}

/** Makes the flow and the key that the load comes for. @returns asks the API. */
export async function prepareLoad(environment: Environment): Promise<AskApi> {
  const ask = await createAsk(`http://127.0.0.1:${environment.API_PORT}`, PASSWORD);
  await ask(
    `mutation { createFlow(input: { key: "load", name: "Load", paths: [{ url: "https://example.com/?click={click}" }] }) { id } }`,
  );
  await ask(`mutation { generatePostbackKey(key: "${KEY}") { id } }`);
  return ask;
}

/** Which of these clicks are not stored, and which have no conversion. Ids are unique keys: none is there twice. */
export async function missingOf(ask: AskApi, clicks: string[], converted: string[]): Promise<string[]> {
  const missing: string[] = [];
  for (let from = 0; from < clicks.length; from += IDS_MAX) {
    const ids = clicks.slice(from, from + IDS_MAX);
    const { list } = await ask(
      `query($ids: [ID!]) { list: clicks(filter: { ids: $ids }, perPage: ${IDS_MAX}) { items { id } } }`,
      { ids },
    );
    const stored = new Set(list.items.map(({ id }: { id: string }) => id));
    missing.push(...ids.filter((id) => !stored.has(id)));
  }
  for (let from = 0; from < converted.length; from += 50) {
    const hashes = converted.slice(from, from + 50);
    const aliases = hashes.map((hash) => `c${hash}: conversions(filter: { clickHash: "${hash}" }) { items { id } }`);
    const found = await ask(`{ ${aliases.join("\n")} }`);
    missing.push(...hashes.filter((hash) => found[`c${hash}`].items.length !== 1));
  }
  return missing;
}

/** Of what the system reset, what is stored all the same: then it was accepted, and not answered. */
export async function storedOf(ask: AskApi, { clicks, postbacks }: Reset): Promise<string[]> {
  const subIds = new Set<string>();
  const query = `query($after: String) { clicks(perPage: ${IDS_MAX}, after: $after) {
    items { subId } pageInfo { hasNextPage endCursor } } }`;
  for (let after: string | null = null; clicks.length > 0; ) {
    const page: { items: { subId: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = (
      await ask(query, { after })
    ).clicks;
    for (const { subId } of page.items) subIds.add(subId);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  const withoutConversion = new Set(await missingOf(ask, [], postbacks));
  return [...clicks.filter((subId) => subIds.has(subId)), ...postbacks.filter((hash) => !withoutConversion.has(hash))];
}
