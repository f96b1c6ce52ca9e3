import { isUtf8 } from "node:buffer";
import { TRUNCATED_MAX } from "./click.js";

/** Cuts what a visitor says at its limits, and remembers what was longer, by the names that macros have for it. */
export class Cutter {
  #cut: Set<string> | null = null;

  /** At most `max` characters, well formed: never half of a character. @param name  left out: it need not be remembered. */
  text(text: string, max: number, name?: string): string {
    const kept = cutText(text, max);
    if (name !== undefined && kept.length < text.length) this.note(name);
    return kept;
  }

  /** The same of a header. Node hands its bytes out as Latin-1; what is UTF-8 in truth is read as such. */
  header(value: string | undefined, max: number, name: string): string | null {
    if (!value) return null;
    const bytes = /^[\x20-\x7e]*$/.test(value) ? null : Buffer.from(value, "latin1");
    return this.text(bytes && isUtf8(bytes) ? bytes.toString("utf8") : value, max, name) || null;
  }

  /** Remembers what was left out. */
  note(name: string): void {
    this.#cut ??= new Set();
    this.#cut.add(name);
  }

  /** What was cut, as the click keeps it; null when nothing was. */
  names(): string | null {
    return this.#cut && cutText([...this.#cut].join(", "), TRUNCATED_MAX);
  }
}

function cutText(text: string, max: number): string {
  if (text.length <= max) return text.toWellFormed();
  let end = 0;
  for (let count = 0; count < max && end < text.length; count += 1) {
    end += (text.codePointAt(end) as number) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end).toWellFormed();
}
