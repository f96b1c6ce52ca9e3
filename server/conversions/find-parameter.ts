import { otherSpellings } from "../kit/parameters.js";
import { type Dialect, type PostbackParameter } from "./dialect.js";
import { type Sent, type SentParameters } from "./read-body.js";
import { nothingIn } from "./unreplaced-macro.js";
import { PostbackRefusal, type Verdict, verdict } from "./verdict.js";

/** Where a postback has a parameter. */
export type Place = "body" | "query";

/** A parameter as it was found: under which name as sent and where, and its text, trimmed. */
export interface Found {
  name: string;
  place: Place;
  value: string;
  /** What it is, without encoding, where it stands for nothing; null: it is a value. */
  nothing: string | null;
}

/** A parameter of which nothing can be used, as it was sent. */
export class UnusableParameter extends PostbackRefusal {
  constructor(
    verdict: Verdict,
    readonly found: Pick<Found, "name" | "place" | "value">,
  ) {
    super(verdict);
  }
}

/**
 * Finds what a postback says under some names: the first that is a value, before it those that stand for nothing. The body's
 * names come first; but a name that is not plainly written (`Status`, `amp;status`) counts where none that is does.
 *
 * @param isKnown  whether a text means something to us, whatever it looks like.
 * @returns at most one that is a value, as the last.
 * @throws UnusableParameter: PARAMETER_TWICE, PARAMETER_NOT_TEXT
 */
export function findParameter(sent: Sent, names: readonly string[], isKnown: (text: string) => boolean): Found[] {
  const found: Found[] = [];
  for (const occurrences of [written, respelled]) {
    const sayings = occurrences(sent, names);
    for (const saying of sayings) {
      if (saying.values.length > 1) throw unusable("PARAMETER_TWICE", saying, saying.values);
    }
    for (const saying of sayings) {
      const { name, place, values } = saying;
      // JSON's own word for what is left out.
      if (values[0] === null) continue;
      const value = textOf(values[0]);
      if (value === null) throw unusable("PARAMETER_NOT_TEXT", saying, values[0]);
      const nothing = isKnown(value) ? null : nothingUnder(name, value);
      found.push({ name, place, value, nothing });
      if (nothing === null) return found;
    }
  }
  return found;
}

/** What stands for nothing under a name: also the name itself, as in `currency=currency`. */
function nothingUnder(name: string, value: string): string | null {
  return value === "" || value.toLowerCase() === name.toLowerCase() ? value : nothingIn(value);
}

function unusable(code: "PARAMETER_TWICE" | "PARAMETER_NOT_TEXT", { name, place }: Occurrence, sent: unknown) {
  const value = JSON.stringify(sent);
  return new UnusableParameter(verdict(code, name, value), { name, place, value });
}

/** What is shown of a parameter in the log, also of a postback that cannot be read. */
export function asSent(sent: Sent, { names }: Dialect, parameter: PostbackParameter): string | null {
  for (const occurrences of [written, respelled]) {
    for (const { values } of occurrences(sent, names[parameter])) {
      const text = values.map(textOf).find((value) => value);
      if (text) return text;
    }
  }
  return null;
}

/** A name as sent, with what was sent under it. */
interface Occurrence {
  name: string;
  place: Place;
  values: unknown[];
}

const PLACES = ["body", "query"] as const;

/** Where names were sent as they are written, in the order in which they count. Loops: some forty look-ups for each postback. */
function written(sent: Sent, names: readonly string[]): Occurrence[] {
  const found: Occurrence[] = [];
  for (const place of PLACES) {
    if (sent[place].size === 0) continue;
    for (const name of names) {
      const values = sent[place].get(name);
      if (values) found.push({ name, place, values });
    }
  }
  return found;
}

/** Where names were sent in another spelling, in the same order; several spellings of one name are the name given twice. */
function respelled(sent: Sent, names: readonly string[]): Occurrence[] {
  const found: Occurrence[] = [];
  for (const place of PLACES) {
    const spellings = spellingsOf(sent[place]);
    if (spellings.size === 0) continue;
    for (const plain of names) {
      const [name, ...others] = spellings.get(plain) ?? [];
      if (name === undefined) continue;
      found.push({ name, place, values: [name, ...others].flatMap((one) => sent[place].get(one) ?? []) });
    }
  }
  return found;
}

/** Looked for once in all that a place has, however many parameters are read from it. */
const known = new WeakMap<SentParameters, Map<string, string[]>>();

function spellingsOf(sent: SentParameters): Map<string, string[]> {
  const spellings = known.get(sent) ?? otherSpellings(sent.keys());
  known.set(sent, spellings);
  return spellings;
}

/** A value's text, trimmed; null when it is neither text nor nothing. JSON numbers are text by now; an empty list or object is nothing. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return "";
  if (typeof value === "object" && Object.keys(value).length === 0) return "";
  return typeof value === "string" ? value.toWellFormed().trim() : null;
}
