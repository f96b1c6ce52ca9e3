import { type ApolloServer, type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { compress } from "./compress.js";
import { allowOrigin, answerPreflight, isAllowedOrigin } from "./cors.js";
import { excerpt, RETRY_SECONDS, SERVICE_UNAVAILABLE } from "./errors.js";
import { areOfValues, isInvalidDocument, unreadableRequest } from "./format-error.js";
import { notFound } from "./http-server.js";

const PATH = "/graphql";

interface EndpointOptions<C extends object> {
  context: (request: FastifyRequest, reply: FastifyReply) => Promise<C>;
  /** Whose pages may use it with a token. */
  origins: string[];
}

/**
 * Serves GraphQL by POST, and queries by GET too; a mutation by GET is a 405. Apollo refuses what a browser would send for
 * another site without asking (CSRF). Answers are compressed when asked for, and kept by nobody.
 */
export function serveGraphql<C extends object>(
  server: FastifyInstance,
  apollo: ApolloServer<C>,
  { context, origins }: EndpointOptions<C>,
): void {
  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<string | Buffer> {
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method,
        headers: headersOf(request),
        search: request.url.slice(PATH.length),
        body: request.body,
      },
      context: () => context(request, reply),
    });
    if (body.kind !== "complete") throw new Error("Answers in parts are not offered.");
    reply.code(status ?? 200).headers(Object.fromEntries(headers));
    return compress(reply, body.string);
  }

  // Fastify would read text as if it were asked for.
  server.removeContentTypeParser("text/plain");
  server.route({
    method: ["GET", "POST"],
    url: PATH,
    onRequest: async (request, reply) => {
      reply.header("cache-control", "no-store");
      allowOrigin(request, reply, origins);
    },
    errorHandler: (error: Error & { statusCode?: number }, request, reply) => {
      if (!error.statusCode || error.statusCode >= 500) throw error;
      const type = request.headers["content-type"] ?? "of no type";
      const message =
        error.statusCode === 415
          ? `The body is ${excerpt(type)}: send it as application/json, and say so in the header Content-Type.`
          : error.message;
      return reply.code(error.statusCode).send(unreadableRequest(message));
    },
    handler: answer,
  });
  server.route({
    method: server.supportedMethods.filter((method) => !["GET", "POST", "OPTIONS"].includes(method)),
    url: PATH,
    // Before a body is looked at: it is refused whatever is in it.
    onRequest: async (request, reply) => {
      const message = `GraphQL is asked by POST, or by GET; this was ${request.method}.`;
      return reply
        .code(405)
        .headers({ allow: "GET, POST", "cache-control": "no-store" })
        .send(unreadableRequest(message));
    },
    handler: async () => {},
  });
  server.options(PATH, (request, reply) => {
    reply.header("cache-control", "no-store");
    if (!isAllowedOrigin(request, origins)) return notFound(reply);
    allowOrigin(request, reply, origins);
    return answerPreflight(reply);
  });
}

function headersOf({ headers }: FastifyRequest): HeaderMap {
  return new HeaderMap(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/**
 * The HTTP status where it is not Apollo's: 200 for a document that is right but for its values, as for a variable's; 400 for one
 * that is found wrong only when it is carried out, as a subscription; 503 with `Retry-After` while the database is away.
 */
export const statusByCode: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body, http }, errors = [] }) => {
      const answered = (body.kind === "single" && body.singleResult.errors) || [];
      if (errors.length > 0 && areOfValues(errors)) http.status = 200;
      if (answered.some(isInvalidDocument)) http.status = 400;
      if (!answered.some(({ extensions }) => extensions?.code === SERVICE_UNAVAILABLE)) return;
      http.status = 503;
      http.headers.set("retry-after", `${RETRY_SECONDS}`);
    },
  }),
};
