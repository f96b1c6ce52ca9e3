import { type IncomingHttpHeaders } from "node:http";
import { type Flow, VALUE_MAX } from "../catalog/flow.js";
import { otherSpellings, plainName } from "../kit/parameters.js";
import { LANGUAGE_MAX, REFERRER_MAX, USER_AGENT_MAX } from "./click.js";
import { type CountryOf } from "./country.js";
import { type Cutter, createCutter } from "./cutter.js";
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

const labelNames = Object.keys(labelParameters) as LabelName[];
const knownParameters = new Set<string>(Object.values(labelParameters).flatMap(({ names }) => names));

/** What reading a visitor needs. */
export interface VisitorParts {
  countryOf: CountryOf;
  networkOf: NetworkOf;
  deviceOf: (userAgent: string) => Device;
}

/** What is known of a visitor: bounded, well-formed text, null where unknown. All but the query and the cutter are columns of a click. */
export type Visitor = ReturnType<typeof readVisitor>;

/**
 * Reads what a request says of the visitor. It never fails: what is too long is cut, what is missing is null.
 */
export function readVisitor(parts: VisitorParts, request: VisitRequest, flow: Flow) {
  const { headers, ip } = request;
  const cutter = createCutter();
  const userAgent = cutter.header("user_agent", headers["user-agent"], USER_AGENT_MAX);
  const { query, params } = readQuery(request.query, cutter);
  return {
    ...readLabels(request.query, flow, cutter),
    ...parts.deviceOf(userAgent ?? ""),
    ip,
    country: parts.countryOf(ip),
    ...parts.networkOf(ip),
    userAgent,
    referrer: cutter.header("referrer", headers.referer, REFERRER_MAX),
    language: cutter.header("language", headers["accept-language"]?.split(/[,;]/)[0]?.trim(), LANGUAGE_MAX),
    /** Parameters that are no labels. */
    params,
    /** All parameters, for macros. */
    query,
    /** Knows what was cut. */
    cutter,
  };
}

/** @returns all parameters and, of these, the further ones: those that are no labels, at most so many. */
function readQuery(given: VisitRequest["query"], cutter: Cutter): Record<"query" | "params", Record<string, string>> {
  const query: Record<string, string> = Object.create(null);
  const params: Record<string, string> = Object.create(null);
  let further = 0;
  for (const [longName, values] of Object.entries(given)) {
    const isFurther = !knownParameters.has(plainName(longName));
    if (isFurther && further === PARAMS_MAX) {
      cutter.note("query");
      continue;
    }
    if (isFurther) further += 1;
    const name = cutter.text(null, longName, PARAM_NAME_MAX);
    if (name !== longName) cutter.note(`query.${name}`);
    if (name in query) continue;
    const value = cutter.text(isFurther ? `query.${name}` : null, firstOf(values), VALUE_MAX);
    query[name] = value;
    if (isFurther) params[name] = value;
  }
  return { query, params };
}

function readLabels(query: VisitRequest["query"], flow: Flow, cutter: Cutter): Labels {
  const others = otherSpellings(Object.keys(query));
  const labels = {} as Labels;
  for (const label of labelNames) {
    const { names, fallback } = labelParameters[label];
    const value = readLabel(query, others, names);
    labels[label] = value ? cutter.text(names[0], value, VALUE_MAX) : flow[fallback];
  }
  return labels;
}

/** The first of the names that is not empty; those that are not plainly written count where none that is does. */
function readLabel(
  query: VisitRequest["query"],
  others: Map<string, string[]>,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(query, name) && firstOf(query[name]).trim();
    if (value) return value;
  }
  if (others.size === 0) return undefined;
  const written = names.flatMap((name) => others.get(name) ?? []);
  return written.map((name) => firstOf(query[name]).trim()).find((value) => value !== "");
}

function firstOf(values: string | string[] | undefined): string {
  return (Array.isArray(values) ? values[0] : values) ?? "";
}
