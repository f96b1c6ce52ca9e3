import { isUtf8 } from "node:buffer";
import { TRUNCATED_MAX } from "./click.js";

/** Cuts what a visitor says at its limits, and remembers what was longer, by the names that macros have for it. */
export interface Cutter {
  /** At most `max` characters, well formed: never half of a character. @param name  null: nobody need know. */
  text(name: string | null, text: string, max: number): string;
  /** The same of a header. Node hands its bytes out as Latin-1; what is UTF-8 in truth is read as such. */
  header(name: string, value: string | undefined, max: number): string | null;
  /** Remembers what was left out. */
  note(name: string): void;
  /** What was cut, as the click keeps it; null when nothing was. */
  names(): string | null;
}

export function createCutter(): Cutter {
  const cut = new Set<string>();

  function text(name: string | null, text: string, max: number): string {
    const kept = cutText(text, max);
    if (kept.length < text.length && name !== null) cut.add(name);
    return kept;
  }

  return {
    text,
    header: (name, value, max) => {
      if (!value) return null;
      const bytes = /^[\x20-\x7e]*$/.test(value) ? null : Buffer.from(value, "latin1");
      return text(name, bytes && isUtf8(bytes) ? bytes.toString("utf8") : value, max) || null;
    },
    note: (name) => void cut.add(name),
    names: () => (cut.size === 0 ? null : cutText([...cut].join(", "), TRUNCATED_MAX)),
  };
}

function cutText(text: string, max: number): string {
  if (text.length <= max) return text.toWellFormed();
  let end = 0;
  for (let count = 0; count < max && end < text.length; count += 1) {
    end += (text.codePointAt(end) as number) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end).toWellFormed();
}
