import { momentOf, readId } from "../kit/id.js";
import { parseParameters } from "../kit/parameters.js";
import { type Place } from "./find-parameter.js";
import { readQuery, type Sent } from "./read-body.js";
import { amongOthers, FIRST_CLICK_MS } from "./read-click.js";
import { jsonOf } from "./read-json.js";
import { decodings } from "./unreplaced-macro.js";

/** A click hash that stands where none is read. */
export interface ClickElsewhere {
  place: Place;
  /** Where, in words and by its names: `data.click_id`, `clicks[0]`, `click inside data`. */
  path: string;
  hash: string;
}

/** So many values are looked at, with so many characters (in texts within texts again), and so many hashes are told. */
const VALUES_MAX = 2000;
const CHARACTERS_MAX = 256 * 1024;
const FOUND_MAX = 3;
/** How deep a value may stand, each text within another included. */
const DEPTH_MAX = 24;
/** Other systems have ids of the same form: a hash of ours is of our time, or its name speaks of clicks. */
const YEARS_MS = 50 * 365 * 86_400_000;
const NAMED_LIKE_A_CLICK = /click|clk|cid|sub|aff|cnv/i;

const HASH_LENGTH = 32;
const BASE64 = /^[A-Za-z0-9+/_-]{40,}={0,2}$/;

/** A place within what was sent. */
interface Where {
  place: Place;
  path: string;
  /** In which text that is. */
  inside: string;
  depth: number;
}

/**
 * Finds click hashes wherever they stand in what was sent: under other names, at any depth, in names, in JSON, queries and
 * Base64 within texts, or among other characters. The first place of each hash counts, the body's before the query's.
 */
export function findClicks(sent: Sent): ClickElsewhere[] {
  const found = new Map<string, ClickElsewhere>();
  let values = VALUES_MAX;
  let characters = CHARACTERS_MAX;

  function look(value: unknown, where: Where): void {
    if (where.depth > DEPTH_MAX || values-- <= 0) return;
    if (typeof value === "string") lookInText(value.trim(), where);
    else if (Array.isArray(value))
      for (const [at, one] of value.entries()) look(one, deeper(where, `${where.path}[${at}]`));
    else if (value !== null && typeof value === "object")
      for (const [name, one] of Object.entries(value))
        lookAt(name, one, deeper(where, where.path ? `${where.path}.${name}` : name));
  }

  /** A name may say something itself: JSON that was sent as a form is a name without a value. */
  function lookAt(name: string, value: unknown, where: Where): void {
    const path = /^\s*[[{]/.test(name) ? "JSON that was sent as a form" : "a name without a value";
    if (name.length >= HASH_LENGTH) lookInText(name.trim(), deeper(where, path));
    look(value, where);
  }

  function lookInText(text: string, where: Where): void {
    const hash = readId(text);
    if (hash) keep(hash, where);
    characters -= text.length;
    if (hash || text.length < HASH_LENGTH || characters < 0 || where.depth > DEPTH_MAX) return;
    const inner = decodings(text).at(-1) as string;
    const within = { ...deeper(where, ""), inside: ` inside ${where.path}${where.inside}` };
    const json = /^[[{"]/.test(inner) ? jsonOf(inner) : undefined;
    if (json !== undefined) look(json, typeof json === "string" ? deeper(where, where.path) : within);
    else if (inner.includes("=") && !BASE64.test(inner)) lookInQuery(inner, within);
    else lookInBase64(inner, where);
    const among = amongOthers(inner);
    if (among) keep(among, { ...where, inside: `${where.inside}, among other characters` });
  }

  function lookInQuery(text: string, where: Where): void {
    for (const [name, all] of readQuery(parseParameters(text.replace(/^[^?]*\?/, "").replace(/#.*$/s, ""))))
      for (const value of all) lookAt(name, value, deeper(where, name));
  }

  function lookInBase64(text: string, where: Where): void {
    if (!BASE64.test(text)) return;
    const decoded = Buffer.from(text, "base64").toString("latin1").trim();
    if (/^[\s -~]+$/.test(decoded))
      lookInText(decoded, { ...deeper(where, where.path), inside: `${where.inside} in Base64` });
  }

  function keep(hash: string, { place, path, inside }: Where): void {
    if (!found.has(hash)) found.set(hash, { place, path: path + inside, hash });
  }

  for (const place of ["body", "query"] as const)
    for (const [name, all] of sent[place])
      for (const [at, value] of all.entries())
        lookAt(name, value, { place, path: all.length === 1 ? name : `${name}[${at}]`, inside: "", depth: 0 });
  return [...found.values()].filter(mayBeOurs).slice(0, FOUND_MAX);
}

function deeper(where: Where, path: string): Where {
  return { ...where, path, depth: where.depth + 1 };
}

function mayBeOurs({ path, hash }: ClickElsewhere): boolean {
  const age = momentOf(hash).getTime() - FIRST_CLICK_MS;
  return (age >= 0 && age < YEARS_MS) || NAMED_LIKE_A_CLICK.test(path);
}
