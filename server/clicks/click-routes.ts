import { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { CLICK_ROUTE } from "../catalog/urls.js";
import { type AddressOf } from "../kit/address.js";
import { type Metrics } from "../kit/metrics.js";
import { type Parameters } from "../kit/parameters.js";
import { ClickRefusal, type ClickRefusalCode, clickRefusals } from "./click-refusals.js";
import { readClickTarget } from "./click-target.js";
import { isLookAhead } from "./look-ahead.js";
import { type ClickParts, previewClick, trackClick } from "./track-click.js";
import { type VisitRequest } from "./visitor.js";

const METHODS_ALLOWED = ["GET", "HEAD"];

/** `/c/{flowKey}`: redirects visitors and records their clicks. */
export function clickRoutes(
  server: FastifyInstance,
  parts: ClickParts & { addressOf: AddressOf; metrics: Metrics },
): void {
  const clicks = parts.metrics.counter("clicks_total", "Requests on tracking URLs by what was answered.", ["answer"]);
  const [redirected, looked] = [clicks.labels({ answer: "REDIRECTED" }), clicks.labels({ answer: "HEAD" })];

  server.route({
    method: server.supportedMethods,
    url: `${CLICK_ROUTE}*`,
    // Before a body is read: whatever is in it, the answer is the same.
    onRequest: (request, reply, done) => {
      if (METHODS_ALLOWED.includes(request.method)) done();
      else counted(reply, "METHOD_NOT_ALLOWED");
    },
    handler: async (request, reply) => {
      if (isLookAhead(request.headers)) return counted(reply, "LOOK_AHEAD");
      try {
        const location = await answer(request);
        (request.method === "HEAD" ? looked : redirected).inc();
        return redirect(reply, location);
      } catch (error) {
        if (!(error instanceof ClickRefusal)) throw error;
        return counted(reply, error.code);
      }
    },
  });

  function counted(reply: FastifyReply, code: ClickRefusalCode): FastifyReply {
    clicks.inc({ answer: code });
    return refuse(reply, code);
  }

  function answer(request: FastifyRequest): Promise<string> {
    const { "*": rest } = request.params as { "*": string };
    const { flowKey, query } = readClickTarget(rest, request.query as Parameters, request.originalUrl);
    const visit: VisitRequest = { ip: parts.addressOf(request.raw), headers: request.headers, query };
    return request.method === "HEAD" ? previewClick(parts, flowKey, visit) : trackClick(parts, flowKey, visit);
  }
}

function redirect(reply: FastifyReply, location: string): FastifyReply {
  return reply.code(302).header("location", location).header("cache-control", "no-store").send();
}

/** Answers a tracking URL that leads nowhere; what a visitor sent is never part of the answer. */
function refuse(reply: FastifyReply, code: ClickRefusalCode): FastifyReply {
  const { status, message } = clickRefusals[code];
  if (status === 405) reply.header("allow", METHODS_ALLOWED.join(", "));
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .header("x-content-type-options", "nosniff")
    .type("text/plain; charset=utf-8")
    .send(message && `${message}\n`);
}
