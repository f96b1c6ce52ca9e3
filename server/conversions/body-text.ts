import { TextDecoder } from "node:util";
import { decodeEscapes, type Parameters, parseParameters, textOfBytes } from "../kit/parameters.js";

/** The charset in a content type's parameters, in quotes or without. */
const CHARSET = /;\s*charset\s*=\s*["']?\s*([^"';\s]+)/i;

/**
 * The text of a body: in the charset that its content type names or its first bytes show; else in UTF-8, in which bytes
 * that are none are kept apart as their escapes.
 */
export function bodyText(contentType: string | undefined, body: Buffer): string {
  const decoder = decoderOf(contentType, body);
  return decoder ? decoder.decode(body) : textOfBytes(body);
}

/** The parameters of a form. Escapes that are no UTF-8 are bytes of its charset, where it names one. */
export function readFormText(contentType: string | undefined, body: Buffer): Parameters {
  const decoder = decoderOf(contentType, body);
  if (!decoder) return parseParameters(textOfBytes(body));
  const ofCharset = (run: string) => decoder.decode(Buffer.from(run.replaceAll("%", ""), "hex"));
  const isOfBytes = !decoder.encoding.startsWith("utf-16");
  return parseParameters(decoder.decode(body), (text) => {
    const decoded = decodeEscapes(text);
    return isOfBytes ? decoded.replace(/(?:%[89a-f][0-9a-f])+/gi, ofCharset) : decoded;
  });
}

/** The decoder of a body, of every charset that browsers know; null for UTF-8, whose broken bytes it would not keep apart. */
function decoderOf(contentType: string | undefined, body: Buffer): TextDecoder | null {
  const charset = CHARSET.exec(contentType ?? "")?.[1] ?? charsetOf(body);
  if (charset === undefined) return null;
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
