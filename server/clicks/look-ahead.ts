import { type IncomingHttpHeaders } from "node:http";

/** Where browsers and apps say that nobody has asked for the page yet. */
const PURPOSES = ["sec-purpose", "purpose", "x-purpose", "x-moz"] as const;

/**
 * Whether a request only looks ahead (a prefetch, a prerendered page, a preview) and says so. Answered with a failure, the
 * browser asks again when the person clicks; answered with a redirect, it shows what it has, and nobody would hear of the click.
 */
export function isLookAhead(headers: IncomingHttpHeaders): boolean {
  return PURPOSES.some((name) => /prefetch|prerender|preview/i.test(String(headers[name] ?? "")));
}
