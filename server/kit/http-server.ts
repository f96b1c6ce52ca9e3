import { METHODS, type RequestListener, type Server } from "node:http";
import fastify, { type FastifyHttpOptions, type FastifyInstance, LogController } from "fastify";
import { type Logger } from "pino";
import { answerBrokenRequests, type ClientError } from "./broken-request.js";
import { CONNECTION_LIMITS, type ConnectionLimits, createConnections } from "./connections.js";
import { drainOnClose } from "./drain.js";
import { type Metrics } from "./metrics.js";
import { createMetricsGate, type MetricsGate } from "./metrics-gate.js";
import { parseParameters } from "./parameters.js";
import { createTrouble } from "./trouble.js";
import { createUnreadableRequests } from "./unreadable-requests.js";

/** Largest request head, in bytes. */
export const HEAD_MAX = 16 * 1024;
const TOO_SLOW = "The request took too long to come.";
/** Status line and body of the answer to what is no HTTP. */
const NO_HTTP: [statusLine: string, body: object] = ["400 Bad Request", { status: 400, message: "This is not HTTP." }];

export interface HttpServerOptions {
  log: Logger;
  metrics: Metrics;
  /** Why the process cannot serve, for the operator; null when it can. */
  whyNotReady: () => Promise<string | null>;
  /** What an operator should see to although it serves; left out: nothing. */
  warnings?: () => Promise<string[]>;
  /** What a request is answered whose head is too large to be read, as JSON. */
  headTooLarge: object;
  /** Largest body, in bytes; left out: no body is read, but by routes that do so themselves (`request-body.ts`). */
  bodyMax?: number;
  trustProxy: string[];
  /** Who may read the metrics; left out: this machine and private networks, by no proxy. */
  metricsGate?: MetricsGate;
  /** Left out: as they are for everybody. */
  limits?: Partial<ConnectionLimits>;
}

/** A server with health, readiness and metrics; every path it does not know is a 404. Nothing of a request is logged. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const {
    log,
    metrics,
    whyNotReady,
    warnings,
    headTooLarge,
    bodyMax,
    trustProxy,
    metricsGate = createMetricsGate({ trusted: [] }),
  } = options;
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const connections = createConnections({ maxHeaderSize: HEAD_MAX, requireHostHeader: false }, limits, metrics);
  const settings: FastifyHttpOptions<Server> = {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    routerOptions: { maxParamLength: HEAD_MAX, querystringParser: parseParameters },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    ...(bodyMax === undefined ? {} : { bodyLimit: bodyMax }),
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    serverFactory: (handle) => connections.serve(handle as RequestListener),
    rewriteUrl: (request) => decodableUrl(request.url ?? "/"),
    clientErrorHandler(error, socket) {
      if (socket.writable) answerBroken(error as unknown as ClientError, socket);
    },
  };
  const server = fastify(settings);
  const refusals: Record<string, typeof NO_HTTP> = {
    HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", headTooLarge],
    ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", { status: 408, message: TOO_SLOW }],
  };
  const answerBroken = answerBrokenRequests(server, {
    headMax: HEAD_MAX,
    unreadable: createUnreadableRequests(log, metrics),
    refuse({ code = "" }, socket) {
      const [statusLine, body] = refusals[code] ?? NO_HTTP;
      const text = JSON.stringify(body);
      connections.end(
        socket,
        `HTTP/1.1 ${statusLine}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
      );
    },
  });
  drainOnClose(server, connections);
  // The bytes of a head are limited; Node would limit the number of its headers too, at about a thousand.
  server.server.maxHeadersCount = 0;
  // Node would answer 417 by itself: what a client expects beside `100-continue` is his own affair.
  server.server.on("checkExpectation", (request, response) => server.server.emit("request", request, response));
  for (const method of METHODS) {
    if (bodyMax !== undefined && server.supportedMethods.includes(method)) continue;
    server.addHttpMethod(method as never, { hasBody: false, overrideExisting: true });
  }
  server.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error.statusCode && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500) log.error({ err: error }, "A request failed.");
    return reply
      .code(status)
      .send({ status, message: status === 500 ? "Something went wrong on our side." : error.message });
  });
  const unknown = metrics.counter("requests_not_found_total", "Requests for paths that are none of ours: 404.");
  server.setNotFoundHandler((_, reply) => {
    unknown.inc();
    return notFound(reply);
  });

  const notReady = createTrouble(log, { begins: "Not ready.", ends: "Ready again." });
  server.get("/healthz", async () => ({ status: "alive" }));
  server.get("/readyz", async (_, reply) => {
    const message = await whyNotReady();
    if (message === null) {
      notReady.over();
      const told = (await warnings?.()) ?? [];
      return { status: "ready", ...(told.length > 0 ? { warnings: told } : {}) };
    }
    notReady.met({ reason: message });
    return reply.code(503).send({ status: "not ready", message });
  });
  server.get("/metrics", async (request, reply) => {
    const status = metricsGate(request.raw);
    if (status === 404) return notFound(reply);
    if (status === 401) {
      const message = "METRICS_TOKEN is set: send it in the header Authorization, as Bearer TOKEN.";
      return reply.code(401).header("www-authenticate", "Bearer").send({ status, message });
    }
    return reply.type(metrics.registry.contentType).send(await metrics.text());
  });
  return server;
}

export function notFound<T extends { code(status: number): { send(body: object): T } }>(reply: T): T {
  return reply.code(404).send({ status: 404, message: "There is nothing at this address." });
}

/**
 * A URL whose path every later step can decode: where an escape in it is none, `%` stands for itself, so that the path is
 * looked up and not found. Bytes beyond ASCII never come here: they are escapes by then (`broken-request.ts`).
 */
function decodableUrl(url: string): string {
  if (!url.includes("%")) return url;
  const [path = "", ...query] = url.split("?");
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return [path.replaceAll("%", "%25"), ...query].join("?");
  }
}
