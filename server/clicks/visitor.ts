import { type IncomingHttpHeaders } from "node:http";
import { type Flow, VALUE_MAX } from "../catalog/flow.js";
import { plainName } from "../kit/parameters.js";
import { LANGUAGE_MAX, REFERRER_MAX, USER_AGENT_MAX } from "./click.js";
import { type CountryOf } from "./country.js";
import { Cutter } from "./cutter.js";
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
  const cutter = new Cutter();
  const userAgent = cutter.header(headers["user-agent"], USER_AGENT_MAX, "user_agent");
  const parameters = readQuery(request.query, cutter);
  return {
    ...readLabels(request.query, parameters, flow, cutter),
    ...parts.deviceOf(userAgent ?? ""),
    ip,
    country: parts.countryOf(ip),
    ...parts.networkOf(ip),
    userAgent,
    referrer: cutter.header(headers.referer, REFERRER_MAX, "referrer"),
    language: cutter.header(headers["accept-language"]?.split(/[,;]/)[0]?.trim(), LANGUAGE_MAX, "language"),
    params: parameters.params,
    query: parameters.query,
    /** Knows what was cut. */
    cutter,
  };
}

/** What a link's parameters are, by name. */
interface LinkParameters {
  /** All of them, for macros. */
  query: Record<string, string>;
  /** The further ones: those that are no labels, at most so many. */
  params: Record<string, string>;
  /** Names that stand for one of a label's, but are not so written, by that name. */
  respelled: Map<string, string[]>;
}

const NONE = new Map<string, string[]>();

/** Reads all in one pass. */
function readQuery(given: VisitRequest["query"], cutter: Cutter): LinkParameters {
  const query: Record<string, string> = Object.create(null);
  const params: Record<string, string> = Object.create(null);
  let respelled = NONE;
  let further = 0;
  for (const longName of Object.keys(given)) {
    const plain = plainName(longName);
    const isFurther = !knownParameters.has(plain);
    if (isFurther && further === PARAMS_MAX) {
      cutter.note("query");
      continue;
    }
    if (isFurther) further += 1;
    else if (plain !== longName) {
      if (respelled === NONE) respelled = new Map();
      respelled.set(plain, [...(respelled.get(plain) ?? []), longName]);
    }
    const name = cutter.text(longName, PARAM_NAME_MAX);
    if (name !== longName) cutter.note(`query.${name}`);
    if (name in query) continue;
    const long = firstOf(given[longName]);
    const value = cutter.text(long, VALUE_MAX);
    if (isFurther && value.length < long.length) cutter.note(`query.${name}`);
    query[name] = value;
    if (isFurther) params[name] = value;
  }
  return { query, params, respelled };
}

function readLabels(given: VisitRequest["query"], { respelled }: LinkParameters, flow: Flow, cutter: Cutter): Labels {
  const labels = {} as Labels;
  for (const label of labelNames) {
    const { names, fallback } = labelParameters[label];
    const value = readLabel(given, names, respelled);
    labels[label] = value ? cutter.text(value, VALUE_MAX, names[0]) : flow[fallback];
  }
  return labels;
}

/** The first of the names that is not empty; those that are not plainly written count where none that is does. */
function readLabel(
  given: VisitRequest["query"],
  names: readonly string[],
  respelled: Map<string, string[]>,
): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(given, name) && firstOf(given[name]).trim();
    if (value) return value;
  }
  if (respelled === NONE) return undefined;
  const others = names.flatMap((name) => respelled.get(name) ?? []);
  return others.map((name) => firstOf(given[name]).trim()).find((value) => value !== "");
}

function firstOf(values: string | string[] | undefined): string {
  return (Array.isArray(values) ? values[0] : values) ?? "";
}
