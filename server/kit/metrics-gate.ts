import { createHash, timingSafeEqual } from "node:crypto";
import { type IncomingMessage } from "node:http";
import { createHopsOf, isPrivateAddress } from "./address.js";

/** What a proxy adds to a request that it hands on: with one of these the socket's address is not the caller's. */
const FORWARDING = ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "via"];

/** Who may read the metrics: 200; 401 asks for the token; to all others there is nothing, 404. */
export type MetricsGate = (request: IncomingMessage) => 200 | 401 | 404;

/**
 * With a token, whoever brings it, from everywhere. Without one, this machine and private networks: by the socket's address, or
 * by the one that `X-Forwarded-For` of a trusted proxy makes out. Any other sign of a proxy closes the gate, since everybody behind
 * one has its address.
 */
export function createMetricsGate({ token, trusted }: { token?: string | undefined; trusted: string[] }): MetricsGate {
  const hopsOf = createHopsOf(trusted);
  return (request) => {
    if (token !== undefined) return isToken(request.headers.authorization, token) ? 200 : 401;
    const { address, isProxied, isReadable } = hopsOf(request);
    if (isProxied ? !isReadable : isForwarded(request)) return 404;
    return isPrivateAddress(address) ? 200 : 404;
  };
}

function isForwarded({ headers }: IncomingMessage): boolean {
  return FORWARDING.some((name) => headers[name] !== undefined);
}

/** In a time that tells nothing of the token. */
function isToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
