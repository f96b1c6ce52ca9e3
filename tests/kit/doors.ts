import "reflect-metadata";
import { type FastifyInstance } from "fastify";
import pino from "pino";
import { type Flow } from "../../server/catalog/flow.js";
import { type KeyRules, NO_RULES, type PostbackKey } from "../../server/catalog/postback-key.js";
import { type TrackedFlow } from "../../server/catalog/tracked-catalog.js";
import { clickRoutes } from "../../server/clicks/click-routes.js";
import { createCountryOf } from "../../server/clicks/country.js";
import { createDeviceOf } from "../../server/clicks/device.js";
import { type ClickRow } from "../../server/clicks/store-clicks.js";
import { withoutLimit } from "../../server/conversions/log-limiter.js";
import { answerOf, type PostbackAnswer } from "../../server/conversions/postback-answer.js";
import { headTooLarge, postbackRoutes } from "../../server/conversions/postback-routes.js";
import { type LogRow, type ReceivedPostback } from "../../server/conversions/received-postback.js";
import { verdict } from "../../server/conversions/verdict.js";
import { createAddressOf } from "../../server/kit/address.js";
import { createHttpServer } from "../../server/kit/http-server.js";
import { createIdSequence } from "../../server/kit/id.js";
import { createMetrics, type Metrics } from "../../server/kit/metrics.js";
import { createUnderWay } from "../../server/kit/under-way.js";
import { Wire } from "./wire.js";

/** A click hash that a door takes for one of a click that is there. */
export const CLICK = "019aab3c5d7e4f60718293a4b5c6d7e8";
/** The postback key of a door. */
export const SECRET = "key-of-the-door";

const TRUSTED = ["127.0.0.1"];

/** A tracker's HTTP server without a network: requests are handed to it in this process. */
interface Door {
  /** Opens a connection. */
  connect(): Promise<Wire>;
  /** Hands a request in as `fetch` would send it. */
  track(path: string, init?: RequestInit): Promise<Response>;
  metrics: Metrics;
  /** Every line that was logged. */
  logLines: string[];
}

/** What became of a postback at the door. */
export interface Taken {
  httpStatus: number;
  headers: Headers;
  /** The body of the answer as it came. */
  text: string;
  /** What it says; nothing, where it is no JSON. */
  answer: PostbackAnswer;
  /** Its log entry, as far as it is known at the door. */
  entry: ReceivedPostback["entry"] & Partial<LogRow>;
  /** What was handed on to be recorded; null: it went no further. */
  received: ReceivedPostback | null;
}

/** A door for postbacks. Behind it nothing is stored: what passes it is recorded. */
export interface PostbackDoor extends Door {
  /** Log entries of what was taken, in order. */
  taken: { entry: Taken["entry"] }[];
  /** Sends a postback. `~click~` and `~key~` stand for `CLICK` and `SECRET`. */
  send(path: string, init?: RequestInit): Promise<Taken>;
}

/** A door for clicks, which are kept in memory. */
export interface ClickDoor extends Door {
  clicks: ClickRow[];
  /** The flows by key; `addFlow` puts them in. */
  flows: Map<string, TrackedFlow>;
}

/** The door of a tracker for postbacks, with one key of these rules. */
export function openPostbackDoor(rules: Partial<KeyRules> = {}): PostbackDoor {
  const { server, log, ...door } = openDoor();
  const key = { ...NO_RULES, ...rules, id: 1, key: SECRET, deleted: false } as unknown as PostbackKey;
  const keys = new Map([
    [SECRET, key],
    ["deleted-key", { ...key, deleted: true } as PostbackKey],
  ]);
  let entry: Taken["entry"] | undefined;
  let received: ReceivedPostback | null = null;
  const taken: PostbackDoor["taken"] = [];
  const keepRow = async (row: LogRow) => {
    entry = row;
  };
  postbackRoutes(server, {
    catalog: { postbackKey: (secret: string) => keys.get(secret) as never },
    strangers: withoutLimit(keepRow),
    refused: { of: () => withoutLimit(keepRow) },
    store: {
      log: keepRow,
      settle: async (postback) => {
        received = postback;
        entry = postback.entry;
        taken.push({ entry });
        const { warnings = [] } = postback;
        return answerOf({ verdict: verdict("RECORDED"), conversionId: postback.entry.id, change: null, warnings });
      },
    },
    underWay: createUnderWay(),
    log,
    now: Date.now,
    nextId: createIdSequence(),
    addressOf: createAddressOf(TRUSTED),
    metrics: door.metrics,
  });
  return {
    ...door,
    taken,
    send: async (path, { body, ...init } = {}) => {
      entry = undefined;
      received = null;
      const fill = (text: string) => text.replaceAll("~click~", CLICK).replaceAll("~key~", SECRET);
      const response = await door.track(fill(path), {
        ...init,
        ...(body == null ? {} : { body: typeof body === "string" ? fill(body) : body }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.startsWith("application/json");
      const answer = (isJson ? JSON.parse(text) : {}) as PostbackAnswer;
      if (!entry) throw new Error(`No log entry: ${JSON.stringify(answer)}`);
      return { httpStatus: response.status, headers: response.headers, text, answer, entry, received };
    },
  };
}

/** The door of a tracker for clicks; every path is chosen by weight as with the random number 0. */
export function openClickDoor(): ClickDoor {
  const { server, log: _, ...door } = openDoor();
  const flows: ClickDoor["flows"] = new Map();
  const clicks: ClickRow[] = [];
  clickRoutes(server, {
    catalog: { flowByKey: (key: string) => flows.get(key) } as never,
    clicks: {
      append: async (click: ClickRow) => {
        clicks.push(click);
      },
    } as never,
    countryOf: createCountryOf(""),
    networkOf: () => ({ asn: null, isp: null }),
    deviceOf: createDeviceOf(),
    now: Date.now,
    random: () => 0,
    addressOf: createAddressOf(TRUSTED),
    metrics: door.metrics,
  });
  return { ...door, flows, clicks };
}

/** What a tracker's catalog knows of a flow that says nothing of itself. */
export const PLAIN_FLOW = {
  status: "ACTIVE",
  deleted: false,
  defaultSource: null,
  defaultMedium: null,
  defaultCampaign: null,
  defaultContent: null,
  defaultTerm: null,
  defaultSubId: null,
} as unknown as Flow;

function openDoor(): Door & { server: FastifyInstance; log: pino.Logger } {
  const logLines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void logLines.push(line) });
  const metrics = createMetrics();
  const server = createHttpServer({
    log,
    metrics,
    trustProxy: [],
    headTooLarge: headTooLarge(),
    whyNotReady: async () => null,
  });
  const connect = async () => {
    await server.ready();
    return new Wire(server.server);
  };
  return { server, log, logLines, metrics, connect, track: (path, init) => inject(server, path, init) };
}

async function inject(server: FastifyInstance, path: string, init: RequestInit = {}): Promise<Response> {
  const bytes = init.body == null ? undefined : new Response(init.body);
  const headers = new Headers(init.headers);
  const type = bytes?.headers.get("content-type");
  if (type && !headers.has("content-type")) headers.set("content-type", type);
  const { pathname, search } = new URL(path, "http://tracker.example");
  const answer = await server.inject({
    method: (init.method ?? "GET") as "GET",
    url: pathname + search,
    headers: Object.fromEntries(headers),
    ...(bytes ? { payload: Buffer.from(await bytes.arrayBuffer()) } : {}),
  });
  const isBodiless = [204, 304].includes(answer.statusCode);
  return new Response(isBodiless ? null : answer.body, {
    status: answer.statusCode,
    headers: Object.entries(answer.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, String(one)]),
    ),
  });
}
