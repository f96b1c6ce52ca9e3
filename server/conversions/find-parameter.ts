import { type Dialect, type PostbackParameter } from "./dialect.js";
import { type Sent } from "./read-body.js";
import { unreplacedMacro } from "./unreplaced-macro.js";
import { refusal } from "./verdict.js";

/** Where a postback has a parameter. */
export type Place = "body" | "query";

/** A parameter as it was found: under which name and where, and its text, trimmed and not empty. */
export interface Found {
  name: string;
  place: Place;
  value: string;
  /** The macro that it still is. */
  macro: string | null;
}

/**
 * Finds what a postback says under some names: the first that is not empty, before it those that are macros still. The
 * body's names come first.
 *
 * @returns at most one that is no macro, as the last.
 * @throws PARAMETER_TWICE, PARAMETER_NOT_TEXT
 */
export function findParameter(sent: Sent, names: readonly string[]): Found[] {
  const sayings = occurrences(sent, names);
  for (const { name, values } of sayings) {
    if (values.length > 1) throw refusal("PARAMETER_TWICE", name, JSON.stringify(values));
  }
  const found: Found[] = [];
  for (const { name, place, values } of sayings) {
    const value = textOf(values[0]);
    if (value === null) throw refusal("PARAMETER_NOT_TEXT", name, JSON.stringify(values[0]));
    if (!value) continue;
    const macro = unreplacedMacro(value);
    found.push({ name, place, value, macro });
    if (macro === null) break;
  }
  return found;
}

/** What is shown of a parameter in the log, also of a postback that cannot be read. */
export function asSent(sent: Sent, { names }: Dialect, parameter: PostbackParameter): string | null {
  for (const { values } of occurrences(sent, names[parameter])) {
    const text = values.map(textOf).find((value) => value);
    if (text) return text;
  }
  return null;
}

/** A name with what was sent under it. */
interface Occurrence {
  name: string;
  place: Place;
  values: unknown[];
}

/** Where names were sent, in the order in which they count. Loops: some forty look-ups for each postback. */
function occurrences(sent: Sent, names: readonly string[]): Occurrence[] {
  const found: Occurrence[] = [];
  for (const place of ["body", "query"] as const) {
    if (sent[place].size === 0) continue;
    for (const name of names) {
      const values = sent[place].get(name);
      if (values) found.push({ name, place, values });
    }
  }
  return found;
}

/** A value's text, trimmed; null when it is neither text nor nothing. JSON numbers are text by now. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value.toWellFormed().trim() : null;
}
