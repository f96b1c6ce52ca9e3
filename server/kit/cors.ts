import { type FastifyReply, type FastifyRequest } from "fastify";
import { joined } from "./compress.js";

/** What pages of other origins may send and read. Cookies are none of it: there is no `Access-Control-Allow-Credentials`. */
const PREFLIGHT = {
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-headers": "authorization, content-type, apollo-require-preflight, x-apollo-operation-name",
  "access-control-max-age": "7200",
};
const EXPOSED = "Retry-After";

/** Whether a request comes from a page of another origin that may use the API: by a token, never by a cookie. */
export function isAllowedOrigin({ headers }: FastifyRequest, origins: string[]): boolean {
  return headers.origin !== undefined && origins.includes(headers.origin);
}

/** Tells the browser that the page may read the answer. Without any such origin nothing is said to anybody. */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply, origins: string[]): void {
  if (origins.length === 0) return;
  reply.header("vary", joined(reply.getHeader("vary"), "Origin"));
  if (!isAllowedOrigin(request, origins)) return;
  reply.header("access-control-allow-origin", request.headers.origin);
  reply.header("access-control-expose-headers", EXPOSED);
}

/** Answers a browser that asks beforehand. */
export function answerPreflight(reply: FastifyReply): FastifyReply {
  return reply.code(204).headers(PREFLIGHT).send();
}
