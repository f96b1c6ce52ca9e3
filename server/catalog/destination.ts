import { excerpt } from "../kit/errors.js";
import { type Macro, macroTable, readMacro } from "./macros.js";

export const DESTINATION_MAX = 2048;
const MACROS_MAX = 64;

/** A destination URL taken apart: text that is sent as it stands, and macros to fill. */
export type Destination = (string | Macro)[];

/**
 * Reads a destination URL: absolute, http or https, macros after its host only.
 *
 * The text parts are ready for a `Location` header: letters beyond ASCII are encoded, an international host is in its
 * ASCII form, everything else stays as the operator typed it.
 *
 * @returns the parts, or what is wrong in words for the operator.
 */
export function readDestination(url: string): Destination | { problem: string } {
  const authority = /^https?:\/\/([^/?#]+)/i.exec(url);
  if (!authority) return { problem: `"${excerpt(url)}" is not an absolute http or https URL.` };
  if (url.length > DESTINATION_MAX)
    return { problem: `It has ${url.length} characters; at most ${DESTINATION_MAX} are allowed.` };
  if (/[\s\p{Cc}\\]/u.test(url))
    return { problem: "A URL has no spaces, control characters or backslashes: encode them." };
  const [prefix, host = ""] = authority;
  if (/[{}]/.test(host))
    return { problem: `A macro cannot stand before the path: the host "${excerpt(host)}" must be fixed.` };

  const parts = readParts(url.slice(prefix.length));
  if ("problem" in parts) return parts;
  if (!URL.canParse(prefix + parts.map((part) => (typeof part === "string" ? part : "x")).join(""))) {
    return { problem: `"${excerpt(url)}" is not a URL that a browser could open.` };
  }
  const isAscii = /^[\x21-\x7e]*$/.test(prefix);
  const asciiPrefix = isAscii ? prefix : new URL(prefix).href.replace(/\/$/, "");
  return [asciiPrefix, ...parts].reduce(joinText, []);
}

function readParts(text: string): Destination | { problem: string } {
  const parts: Destination = [];
  let macroCount = 0;
  for (const piece of text.split(/(\{[^{}]*\})/)) {
    if (/^\{[^{}]*\}$/.test(piece)) {
      const macro = readMacro(piece.slice(1, -1));
      if (!macro) return { problem: `The macro "${excerpt(piece)}" is unknown. There are ${macroNames()}.` };
      parts.push(macro);
      macroCount += 1;
    } else if (/[{}]/.test(piece)) {
      return { problem: "A brace stands alone: a macro is written {name}; a brace that is no macro as %7B or %7D." };
    } else if (piece !== "") {
      parts.push(piece.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent));
    }
  }
  if (macroCount > MACROS_MAX) return { problem: `It has ${macroCount} macros; at most ${MACROS_MAX} are allowed.` };
  return parts;
}

function macroNames(): string {
  return macroTable()
    .map(({ macro }) => macro)
    .join(" ");
}

function joinText(parts: Destination, part: string | Macro): Destination {
  const last = parts.at(-1);
  if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
  else parts.push(part);
  return parts;
}
