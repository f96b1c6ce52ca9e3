import { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { KEITARO_ROUTE, POSTBACK_ROUTE } from "../catalog/urls.js";
import { type AddressOf } from "../kit/address.js";
import { type Metrics } from "../kit/metrics.js";
import { type Parameters } from "../kit/parameters.js";
import { BodyTooLarge, openRequestBody } from "../kit/request-body.js";
import { type PostbackDialect } from "./dialect.js";
import { answerOf, type PostbackAnswer, withoutConversion } from "./postback-answer.js";
import { BODY_MAX } from "./postback-codes.js";
import { readQuery } from "./read-body.js";
import { type PostbackParts, trackPostback } from "./track-postback.js";
import { PostbackRefusal, refusal, verdict } from "./verdict.js";

const urls: Record<PostbackDialect, string> = { WAYPOST: `${POSTBACK_ROUTE}:key`, KEITARO: `/:key${KEITARO_ROUTE}` };

type RouteParts = PostbackParts & { addressOf: AddressOf; metrics: Metrics };

/** `/postback/{key}`, and Keitaro's `/{key}/postback`: takes advertisers' postbacks. The router finds fixed parts first. */
export function postbackRoutes(server: FastifyInstance, parts: RouteParts): void {
  const postbacks = parts.metrics.counter("postbacks_total", "Postbacks by the code they were answered with.", [
    "code",
  ]);

  async function handle(dialect: PostbackDialect, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { method, headers } = request;
    const { key } = request.params as { key: string };
    const readBytes = openRequestBody(request.raw);
    const { answer, text } = await trackPostback(parts, {
      dialect,
      secret: key,
      method,
      ip: parts.addressOf(request.raw),
      query: readQuery(request.query as Parameters),
      takeBody: async () => {
        const body = await takeBody(readBytes);
        if (!(body instanceof PostbackRefusal))
          return { contentType: headers["content-type"], encoding: headers["content-encoding"], bytes: body };
        reply.header("connection", "close");
        return body;
      },
    });
    postbacks.inc({ code: answer.code });
    return send(reply, answer, text);
  }

  for (const [dialect, plainUrl] of Object.entries(urls)) {
    for (const url of [plainUrl, `${plainUrl}/`]) {
      server.route({
        method: server.supportedMethods,
        url,
        handler: (request, reply) => handle(dialect as PostbackDialect, request, reply),
      });
    }
  }
}

/** The bytes of a body, or why they could not be taken. */
async function takeBody(read: (bytesMax: number) => Promise<Buffer>): Promise<Buffer | PostbackRefusal> {
  try {
    return await read(BODY_MAX);
  } catch (error) {
    return error instanceof BodyTooLarge ? refusal("BODY_TOO_LARGE") : refusal("BODY_UNREADABLE", "it breaks off.");
  }
}

/** The answer to a request whose head is too large to be read; nobody knows whether it was a postback. */
export function headTooLarge(): PostbackAnswer {
  return answerOf(withoutConversion(verdict("HEAD_TOO_LARGE")));
}

function send(reply: FastifyReply, answer: PostbackAnswer, text: string | null): FastifyReply {
  if (answer.status === 405) reply.header("allow", "GET, POST");
  return reply
    .code(answer.status)
    .header("cache-control", "no-store")
    .header("x-content-type-options", "nosniff")
    .type(text === null ? "application/json; charset=utf-8" : "text/plain; charset=utf-8")
    .send(text ?? answer);
}
