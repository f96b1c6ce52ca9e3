import { decodeEscapes, type Parameters, parseParameters } from "../kit/parameters.js";

/** What a tracking URL says. */
export interface ClickTarget {
  flowKey: string;
  query: Parameters;
}

const PLAIN_KEY = /^[a-z0-9_-]+$/;
/** What ends the key: also an ampersand, where somebody took it for the question mark, and either of them as an escape. */
const BEHIND_KEY = /[?&]|%26|%3f/i;

/**
 * Reads a target behind `/c/`. The key counts without case and without one `/` at its end; an `&` behind it is a `?`. Where that is
 * an escape, somebody has encoded the whole, and what follows is decoded once more.
 *
 * @param rest  what the router found there, decoded.
 * @param parsed  the query as the router found it.
 * @param url  the whole target as it was sent.
 */
export function readClickTarget(rest: string, parsed: Parameters, url: string): ClickTarget {
  if (PLAIN_KEY.test(rest)) return { flowKey: rest, query: parsed };
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "");
  const sent = path.slice(path.indexOf("/", 1) + 1);
  const end = sent.search(BEHIND_KEY);
  const flowKey = decodeEscapes(end < 0 ? sent : sent.slice(0, end))
    .replace(/\/$/, "")
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  // A traffic source that found no `?` has put one before what it adds.
  const query = end < 0 || sent[end] === "?" ? parsed : parseParameters(behindKey(sent, end).replace("?", "&"));
  return { flowKey, query };
}

function behindKey(sent: string, end: number): string {
  return sent[end] === "&" ? sent.slice(end + 1) : decodeEscapes(sent.slice(end + "%26".length));
}
