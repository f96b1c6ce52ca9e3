import { METHODS } from "node:http";
import { escapeRawBytes } from "./parameters.js";

/** What Node's parser calls a request line that it cannot read: what stands in its target, or behind a space in it. */
const IN_TARGET = "HPE_INVALID_URL";
const BEHIND_TARGET = ["HPE_INVALID_CONSTANT", "HPE_INVALID_VERSION"];

/**
 * Finds the request line in which Node's parser gave up.
 *
 * @param text  bytes of a connection (Latin-1) up to where it gave up.
 * @param code  the parser's error.
 * @returns where the line begins; null when the error is none of a target.
 */
export function findRequestLine(text: string, code: string | undefined): number | null {
  if (code !== IN_TARGET && !BEHIND_TARGET.includes(code ?? "")) return null;
  let at = text.length;
  if (at > 0 && !isVisible(text, at - 1) && text[at - 1] !== " ") at -= 1;
  at = skipBack(text, at, isVisible);
  if (code !== IN_TARGET) at = skipBack(text, skipBack(text, at, isSpace), isVisible);
  const end = skipBack(text, at, isSpace);
  // The body of the request before may end just here: what follows it is a method.
  const [method] = METHODS.filter((one) => text.endsWith(one, end)).sort((a, b) => b.length - a.length);
  return end === at || !method ? null : end - method.length;
}

/**
 * Writes bytes of a request's target that may not stand in it as escapes: controls, tabs, spaces, and all beyond ASCII.
 * The rest of the request is not touched, so everybody on its way agrees where it ends.
 *
 * @param line  with its line feed (Latin-1).
 * @returns null when there is nothing to mend, or no target of HTTP/1.
 */
export function mendRequestLine(line: string): string | null {
  const text = line.endsWith("\r\n") ? line.slice(0, -2) : line.slice(0, -1);
  if (text.includes("\r")) return null;
  const methodEnd = text.indexOf(" ");
  const words = trimBlanks(text.slice(methodEnd));
  const version = words.slice(-"HTTP/1.1".length);
  const beforeVersion = words.slice(0, -version.length);
  const target = trimBlanks(beforeVersion);
  if (!/^HTTP\/1\.[01]$/.test(version) || target === "" || !isBlank(beforeVersion, beforeVersion.length - 1))
    return null;
  const mended = `${text.slice(0, methodEnd)} ${escapeRawBytes(target)} ${version}\r\n`;
  return mended === line ? null : mended;
}

/** The first line of the request in which a parser gave up, as a log may show it: bytes that are not visible are escapes. */
export function firstLineOf(text: string, at: number): string {
  const lines = text.slice(0, text.indexOf("\n", at) + 1 || undefined).split("\n");
  const last = lines.at(-1) === "" ? lines.length - 2 : lines.length - 1;
  const first = lines.findLast((line, index) => index < last && REQUEST_LINE.test(line.slice(-12)));
  return (first ?? lines[last] ?? "").slice(0, LINE_MAX).split(" ").map(escapeRawBytes).join(" ").replace(/%0D$/, "");
}

const REQUEST_LINE = / HTTP\/\d\.\d\r?$/;
const LINE_MAX = 300;

function isVisible(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > 0x20 && code < 0x7f;
}

function isSpace(text: string, at: number): boolean {
  return text[at] === " ";
}

function isBlank(text: string, at: number): boolean {
  return text[at] === " " || text[at] === "\t";
}

function skipBack(text: string, from: number, isSkipped: (text: string, at: number) => boolean): number {
  let at = from;
  while (at > 0 && isSkipped(text, at - 1)) at -= 1;
  return at;
}

function trimBlanks(text: string): string {
  const end = skipBack(text, text.length, isBlank);
  let start = 0;
  while (start < end && isBlank(text, start)) start += 1;
  return text.slice(start, end);
}
