import { TextDecoder } from "node:util";
import { textOfBytes } from "../kit/parameters.js";

/** The charset in a content type's parameters, in quotes or without. */
const CHARSET = /;\s*charset\s*=\s*["']?\s*([^"';\s]+)/i;

/**
 * The text of a body: in the charset that its content type names or its first bytes show; else in UTF-8, in which bytes
 * that are none are kept apart as their escapes.
 */
export function bodyText(contentType: string | undefined, body: Buffer): string {
  const charset = CHARSET.exec(contentType ?? "")?.[1] ?? charsetOf(body);
  const decoder = charset === undefined ? null : decoderOf(charset);
  return decoder ? decoder.decode(body) : textOfBytes(body);
}

/** A decoder of every charset that browsers know; null for UTF-8, which has no bytes to be replaced, and for what is none. */
function decoderOf(charset: string): TextDecoder | null {
  try {
    const decoder = new TextDecoder(charset);
    return decoder.encoding === "utf-8" ? null : decoder;
  } catch {
    return null;
  }
}

/** UTF-16 begins with a mark or, in whatever is a form or JSON, with characters of ASCII. */
function charsetOf(body: Buffer): string | undefined {
  const [first, second, third, fourth] = body;
  if ((first === 0xff && second === 0xfe) || (first && second === 0 && third && fourth === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second && third === 0 && fourth)) return "utf-16be";
  return undefined;
}
