import { isUtf8 } from "node:buffer";
import { parse } from "node:querystring";

/** Parameters by the names they were sent under; a repeated name has an array. */
export type Parameters = Record<string, string | string[]>;

/**
 * Reads the query of a request target, or a form that is text: the one reader of both, for clicks and postbacks alike.
 *
 * Every well-formed run of escapes is decoded, the rest stays as typed (`%adid%`, `100%`); `+` is a space. It never fails.
 *
 * @param decode  of a form in another charset than UTF-8: decodes its escapes.
 */
export function parseParameters(text: string, decode: (text: string) => string = decodeEscapes): Parameters {
  return parse(text, "&", "=", { decodeURIComponent: decode, maxKeys: 0 }) as Parameters;
}

/** The text of bytes in UTF-8, without a byte order mark. Bytes that are no UTF-8 are kept apart, as they are in a query: `\xfc` is `%FC`. */
export function textOfBytes(bytes: Buffer): string {
  const text = isUtf8(bytes)
    ? bytes.toString("utf8")
    : bytes.toString("latin1").replace(/[\x80-\xff]+/g, (run) => decodeRun(escapeRawBytes(run)));
  return text.replace(/^\ufeff/, "");
}

/**
 * Writes bytes that may not stand in a request target (controls, spaces, all beyond ASCII) as escapes.
 *
 * @param bytes  a character for each byte (Latin-1).
 */
export function escapeRawBytes(bytes: string): string {
  return bytes.replace(/[^\x21-\x7e]/g, (byte) => escapeOf(byte.charCodeAt(0)));
}

/** Decodes every well-formed run of escapes in a text; one that is none, or no UTF-8, stays as typed. Takes linear time. */
export function decodeEscapes(text: string): string {
  if (!text.includes("%")) return text;
  return OTHER_THAN_ASCII.test(text) ? text.replace(RUN, decodeRun) : decodeURIComponent(text);
}

/** A `%` that begins no escape of an ASCII character. */
const OTHER_THAN_ASCII = /%(?![0-7][0-9a-f])/i;
const RUN = /%[0-7][0-9a-f]|(?:%[89a-f][0-9a-f])+/gi;

/** @param run  the escape of one ASCII character, or those of bytes beyond ASCII. */
function decodeRun(run: string): string {
  const bytes = Buffer.from(run.replaceAll("%", ""), "hex");
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let decoded = "";
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes[at] as number);
    const character = bytes.subarray(at, at + length);
    const isOne = character.length === length && isUtf8(character);
    decoded += isOne ? character.toString("utf8") : run.slice(3 * at, 3 * at + 3);
    at += isOne ? length : 1;
  }
  return decoded;
}

/** How many bytes a character beyond ASCII has in UTF-8 that begins with this one. */
function lengthOfCharacter(first: number): number {
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function escapeOf(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** Has no capital letter, no space, no `;` and no `?` before it, as every name of ours. */
const PLAIN = /^(?!\?)[!-:<-@[-~]*$/;
/** Characters that nobody sees, such as a space without width: copying from a page brings them along. */
const INVISIBLE = /\p{Cf}+/gu;
/**
 * An ampersand as HTML writes it, behind the one that separates parameters: what a link copied from a page's source has. Or a
 * question mark more than one.
 */
const BEFORE_NAME = /^[\s?]*(?:(?:amp|#0*38|#x0*26);[\s?]*)*/;

/**
 * The name of ours that a name stands for, if any: without case, without spaces around it, and without the `amp;` that
 * copying from HTML puts before it, however often; and without what nobody sees, or a `?` before it.
 */
export function plainName(name: string): string {
  return PLAIN.test(name) ? name : name.replace(INVISIBLE, "").toLowerCase().replace(BEFORE_NAME, "").trimEnd();
}

/** The names that are not written plainly, under the plain name that each stands for, in order. */
export function otherSpellings(names: Iterable<string>): Map<string, string[]> {
  const others = new Map<string, string[]>();
  for (const name of names) {
    const plain = plainName(name);
    if (plain === name) continue;
    const known = others.get(plain);
    if (known) known.push(name);
    else others.set(plain, [name]);
  }
  return others;
}
