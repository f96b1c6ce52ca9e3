import { type Destination } from "../catalog/destination.js";
import { type MacroName } from "../catalog/macros.js";
import { plainName } from "../kit/parameters.js";

/** Longest destination URL a visitor is sent to; a value that would make it longer is left out. */
export const FILLED_MAX = 16_384;

/** What macros become, not yet encoded. */
export interface MacroValues {
  named: Record<MacroName, string>;
  /** The visitor's own parameters, for `{query.NAME}`. */
  query: Record<string, string>;
}

/**
 * Fills a destination's macros with URL-encoded values, empty where unknown: values never change scheme, host or structure.
 *
 * @param leftOut  told of a value that would make the URL too long.
 */
export function fillMacros(
  destination: Destination,
  { named, query }: MacroValues,
  leftOut: () => void = () => {},
): string {
  let url = "";
  for (const part of destination) {
    if (typeof part === "string") {
      url += part;
      continue;
    }
    const value = "name" in part ? named[part.name] : ownParameter(query, part.query);
    const encoded = isStep(value, url) ? "" : encodeURIComponent(value);
    const isNeeded = "name" in part && part.name === "click";
    if (isNeeded || url.length + encoded.length <= FILLED_MAX) url += encoded;
    else leftOut();
  }
  return url;
}

/** A visitor's parameter by its name; a name that is not so written counts where none that is does. */
function ownParameter(query: Record<string, string>, name: string): string {
  if (Object.hasOwn(query, name)) return query[name] as string;
  const plain = plainName(name);
  const written = Object.keys(query).find((other) => plainName(other) === plain);
  return written === undefined ? "" : (query[written] as string);
}

/** Whether a value would be a step to another folder in the path: browsers take dots for that, however they are encoded. */
function isStep(value: string, urlSoFar: string): boolean {
  return (value === "." || value === "..") && !/[?#]/.test(urlSoFar);
}
