import { isUtf8 } from "node:buffer";
import { type IncomingHttpHeaders } from "node:http";
import { type Flow, LABEL_MAX } from "../catalog/flow.js";
import { LANGUAGE_MAX, REFERRER_MAX, USER_AGENT_MAX } from "./click.js";
import { type CountryOf } from "./country.js";
import { type Device } from "./device.js";
import { type NetworkOf } from "./network.js";

/** A request on a tracking URL, as the door hands it on. */
export interface VisitRequest {
  ip: string;
  headers: IncomingHttpHeaders;
  /** Parameters of the URL; a repeated name is an array. */
  query: Record<string, string | string[]>;
}

type LabelName = keyof typeof labelParameters;
type Labels = Record<LabelName, string | null>;

/**
 * The labels a link can bring, each with the parameters it is read from (the first that is not empty counts) and the
 * flow's default that stands in for what the link leaves out.
 */
export const labelParameters = {
  subId: { names: ["sub_id", "subid", "sub1"], fallback: "defaultSubId" },
  source: { names: ["utm_source", "source"], fallback: "defaultSource" },
  medium: { names: ["utm_medium"], fallback: "defaultMedium" },
  campaign: { names: ["utm_campaign"], fallback: "defaultCampaign" },
  content: { names: ["utm_content"], fallback: "defaultContent" },
  term: { names: ["utm_term"], fallback: "defaultTerm" },
} as const satisfies Record<string, { names: readonly string[]; fallback: keyof Flow }>;

/** What is beyond these limits is cut, never an error. */
export const PARAMS_MAX = 50;
export const PARAM_NAME_MAX = 64;
export const PARAM_VALUE_MAX = 512;

const labelNames = Object.keys(labelParameters) as LabelName[];
const knownParameters = new Set<string>(Object.values(labelParameters).flatMap(({ names }) => names));

/** What reading a visitor needs. */
export interface VisitorParts {
  countryOf: CountryOf;
  networkOf: NetworkOf;
  deviceOf: (userAgent: string) => Device;
}

/** What is known of a visitor: bounded, well-formed text, null where unknown. All but the query are columns of a click. */
export type Visitor = ReturnType<typeof readVisitor>;

/** Reads what a request says of the visitor. It never fails: what is too long is cut, what is missing is null. */
export function readVisitor(parts: VisitorParts, request: VisitRequest, flow: Flow) {
  const { headers, ip } = request;
  const userAgent = readHeader(headers["user-agent"], USER_AGENT_MAX);
  const device = parts.deviceOf(userAgent ?? "");
  const { query, params } = readQuery(request.query);
  return {
    ...readLabels(query, flow),
    ...device,
    bot: device.bot || isPrefetch(headers),
    ip,
    country: parts.countryOf(ip),
    ...parts.networkOf(ip),
    userAgent,
    referrer: readHeader(headers.referer, REFERRER_MAX),
    language: readHeader(headers["accept-language"]?.split(/[,;]/)[0]?.trim(), LANGUAGE_MAX),
    /** Parameters that are no labels. */
    params,
    /** All parameters, for macros. */
    query,
  };
}

/** @returns all parameters and, of these, the further ones: those that are no labels, at most so many. */
function readQuery(given: VisitRequest["query"]): Record<"query" | "params", Record<string, string>> {
  const query: Record<string, string> = Object.create(null);
  const params: Record<string, string> = Object.create(null);
  let further = 0;
  for (const [longName, values] of Object.entries(given)) {
    const isFurther = !knownParameters.has(longName);
    if (isFurther && further === PARAMS_MAX) continue;
    if (isFurther) further += 1;
    const name = cut(longName, PARAM_NAME_MAX);
    if (name in query) continue;
    const value = cut((Array.isArray(values) ? values[0] : values) ?? "", PARAM_VALUE_MAX);
    query[name] = value;
    if (isFurther) params[name] = value;
  }
  return { query, params };
}

function readLabels(query: Record<string, string>, flow: Flow): Labels {
  const labels = {} as Labels;
  for (const label of labelNames) labels[label] = readLabel(query, flow, labelParameters[label]);
  return labels;
}

function readLabel(
  query: Record<string, string>,
  flow: Flow,
  { names, fallback }: (typeof labelParameters)[LabelName],
): string | null {
  for (const name of names) {
    const given = query[name]?.trim();
    if (given) return cut(given, LABEL_MAX);
  }
  return flow[fallback];
}

/** Browsers that look ahead say so. */
function isPrefetch(headers: IncomingHttpHeaders): boolean {
  const purpose = headers["sec-purpose"] ?? headers.purpose ?? headers["x-purpose"] ?? headers["x-moz"];
  return purpose !== undefined && /prefetch|preview|prerender/i.test(String(purpose));
}

/** Node hands header bytes out as Latin-1; what is UTF-8 in truth is read as such. */
function readHeader(value: string | undefined, max: number): string | null {
  if (!value) return null;
  if (/^[\x20-\x7e]*$/.test(value)) return value.slice(0, max);
  const bytes = Buffer.from(value, "latin1");
  return cut(isUtf8(bytes) ? bytes.toString("utf8") : value, max) || null;
}

/** At most `max` characters, well formed: never half of a character. */
function cut(text: string, max: number): string {
  return (text.length > max ? text.slice(0, max).replace(/[\ud800-\udbff]$/, "") : text).toWellFormed();
}
