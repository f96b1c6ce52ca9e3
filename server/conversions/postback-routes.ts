import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { POSTBACK_ROUTE } from "../catalog/urls.js";
import { type AddressOf } from "../kit/address.js";
import { type Metrics } from "../kit/metrics.js";
import { type PostbackAnswer } from "./postback-answer.js";
import { BODY_MAX, type PostbackRefusal, postbackCodes, refusal } from "./postback-codes.js";
import { readQuery } from "./read-body.js";
import { type PostbackParts, trackPostback } from "./track-postback.js";

type RouteParts = PostbackParts & { addressOf: AddressOf; metrics: Metrics };

/** `/postback/{key}`: takes advertisers' postbacks. */
export function postbackRoutes(server: FastifyInstance, parts: RouteParts): void {
  const postbacks = parts.metrics.counter("postbacks_total", "Postbacks by the code they were answered with.", [
    "code",
  ]);

  async function handle(
    request: FastifyRequest,
    reply: FastifyReply,
    bodyRefusal?: PostbackRefusal,
  ): Promise<FastifyReply> {
    const { body, method, headers } = request;
    const { key } = request.params as { key: string };
    const answer = await trackPostback(parts, {
      secret: key,
      method,
      ip: parts.addressOf(request.raw),
      query: readQuery(request.query as Record<string, string | string[]>),
      contentType: headers["content-type"],
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      bodyRefusal,
    });
    postbacks.inc({ code: answer.code });
    return send(reply, answer);
  }

  server.route({
    method: server.supportedMethods,
    url: `${POSTBACK_ROUTE}:key`,
    bodyLimit: BODY_MAX,
    handler: (request, reply) => handle(request, reply),
    errorHandler: (error: FastifyError, request, reply) => handle(request, reply, refusalOf(error)),
  });
}

/** The answer to a request whose head is too large to be read; nobody knows whether it was a postback. */
export function headTooLarge(): PostbackAnswer {
  const { status, message } = postbackCodes.HEAD_TOO_LARGE;
  return { status, code: "HEAD_TOO_LARGE", message: message(), conversionId: null };
}

function send(reply: FastifyReply, answer: PostbackAnswer): FastifyReply {
  if (answer.status === 405) reply.header("allow", "GET, POST");
  return reply
    .code(answer.status)
    .header("cache-control", "no-store")
    .header("x-content-type-options", "nosniff")
    .type("application/json; charset=utf-8")
    .send(answer);
}

/** What Fastify could not take of a body. */
function refusalOf(error: FastifyError): PostbackRefusal {
  if (error.statusCode === 413) return refusal("BODY_TOO_LARGE");
  return refusal("BODY_UNREADABLE", `${error.message}.`);
}
