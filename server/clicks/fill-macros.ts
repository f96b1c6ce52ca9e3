import { type Destination } from "../catalog/destination.js";
import { type MacroName } from "../catalog/macros.js";

/** Longest destination URL a visitor is sent to; a value that would make it longer is left out. */
export const FILLED_MAX = 16_384;

/** What macros become, not yet encoded. */
export interface MacroValues {
  named: Record<MacroName, string>;
  /** The visitor's own parameters, for `{query.NAME}`. */
  query: Record<string, string>;
}

/** Fills a destination's macros with URL-encoded values, empty where unknown: values never change scheme, host or structure. */
export function fillMacros(destination: Destination, { named, query }: MacroValues): string {
  let url = "";
  for (const part of destination) {
    if (typeof part === "string") {
      url += part;
      continue;
    }
    const value =
      "name" in part ? named[part.name] : Object.hasOwn(query, part.query) ? (query[part.query] as string) : "";
    const encoded = encodeURIComponent(value);
    const isNeeded = "name" in part && part.name === "click";
    if (isNeeded || url.length + encoded.length <= FILLED_MAX) url += encoded;
  }
  return url;
}
