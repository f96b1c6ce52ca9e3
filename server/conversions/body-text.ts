import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import { type Parameters, parseParameters, textOfBytes } from "../kit/parameters.js";

/** The charset in a content type's parameters, in quotes or without. */
const CHARSET = /;\s*charset\s*=\s*["']?\s*([^"';\s]+)/i;

/**
 * The text of a body: in the charset that its content type names or its first bytes show; else in UTF-8, in which bytes
 * that are none are kept apart as their escapes.
 */
export function bodyText(contentType: string | undefined, body: Buffer): string {
  return decode(decoderOf(contentType, body), body);
}

/** The parameters of a form. Escapes that are no UTF-8 are bytes of its charset, where it names one. */
export function readFormText(contentType: string | undefined, body: Buffer): Parameters {
  const decoder = decoderOf(contentType, body);
  if (!decoder || !HOLDS_ASCII.test(decoder.encoding)) return parseParameters(decode(decoder, body));
  // By bytes: a character may have one as an escape and one as it is.
  return parseParameters(body.toString("latin1"), (text) => {
    const bytes = Buffer.from(text.replace(ESCAPE, byteOf), "latin1");
    return text.includes("%") && isUtf8(bytes) ? bytes.toString("utf8") : decode(decoder, bytes);
  });
}

/** Charsets in which the signs of a form stand for nothing else. */
const HOLDS_ASCII = /^(?!utf-16|iso-2022)/;
const ESCAPE = /%([0-9a-f]{2})/gi;

function byteOf(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

/** The text of bytes; those that the charset does not have are kept apart as in UTF-8. */
function decode(decoder: TextDecoder | null, bytes: Buffer): string {
  if (!decoder) return textOfBytes(bytes);
  try {
    return decoder.decode(bytes);
  } catch {
    return textOfBytes(bytes);
  }
}

/** The decoder of a body, of every charset that browsers know; null for UTF-8, whose broken bytes it would not keep apart. */
function decoderOf(contentType: string | undefined, body: Buffer): TextDecoder | null {
  const charset = CHARSET.exec(contentType ?? "")?.[1] ?? charsetOf(body);
  if (charset === undefined) return null;
  try {
    const decoder = new TextDecoder(charset);
    if (decoder.encoding === "utf-8") return null;
    return decoder.encoding.startsWith("utf-16") ? decoder : new TextDecoder(charset, { fatal: true });
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
