import { METHODS, type Server } from "node:http";
import { type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import fastify, { type FastifyHttpOptions, type FastifyInstance, LogController } from "fastify";
import { type Logger } from "pino";
import { isPrivateRequest } from "./address.js";
import { type Metrics } from "./metrics.js";

/** Largest request head, in bytes. */
export const HEAD_MAX = 16 * 1024;
/** How long connections without a request stay open while the server closes: a request may be on its way on one. */
const DRAIN_IDLE_MS = 1000;
/** How long a server takes to close at most, even when half of a request never comes. Docker kills after ten seconds. */
const DRAIN_MAX_MS = 8000;
const DRAIN_CHECK_MS = 50;
/** A closing server takes in connections until so long none came, and for so long at most. */
const ACCEPT_QUIET_MS = 20;
const ACCEPT_MAX_MS = 1000;

export interface HttpServerOptions {
  log: Logger;
  metrics: Metrics;
  /** Throws when the process cannot serve. */
  checkReady: () => Promise<void>;
  /** What a request is answered whose head is too large to be read, as JSON. */
  headTooLarge: object;
  bodyMax: number;
  trustProxy: string[];
}

/** A server with health, readiness and metrics; every path it does not know is a 404. Nothing of a request is logged. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { log, metrics, checkReady, headTooLarge, bodyMax, trustProxy } = options;
  const settings: FastifyHttpOptions<Server> = {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: HEAD_MAX },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    bodyLimit: bodyMax,
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    http: { maxHeaderSize: HEAD_MAX },
    rewriteUrl: (request) => decodableUrl(request.url ?? "/"),
    clientErrorHandler(error, socket) {
      if (!socket.writable) return;
      const isTooLarge = (error as { code?: string }).code === "HPE_HEADER_OVERFLOW";
      const body = JSON.stringify(isTooLarge ? headTooLarge : { status: 400, message: "This is not HTTP." });
      const statusLine = isTooLarge ? "431 Request Header Fields Too Large" : "400 Bad Request";
      socket.end(
        `HTTP/1.1 ${statusLine}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    },
  };
  const server = fastify(settings);
  drainOnClose(server);
  // Node would answer 417 by itself: what a client expects beside `100-continue` is his own affair.
  server.server.on("checkExpectation", (request, response) => server.server.emit("request", request, response));
  for (const method of METHODS) {
    if (!server.supportedMethods.includes(method)) server.addHttpMethod(method as never, { hasBody: false });
  }
  server.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error.statusCode && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500) log.error({ err: error }, "A request failed.");
    return reply
      .code(status)
      .send({ status, message: status === 500 ? "Something went wrong on our side." : error.message });
  });
  server.setNotFoundHandler((_, reply) => notFound(reply));

  server.get("/healthz", async () => ({ status: "alive" }));
  server.get("/readyz", async (_, reply) => {
    try {
      await checkReady();
      return { status: "ready" };
    } catch (error) {
      log.warn({ err: error }, "Not ready.");
      return reply.code(503).send({ status: "not ready", message: "The database cannot be reached." });
    }
  });
  server.get("/metrics", async (request, reply) => {
    if (!isPrivateRequest(request.raw)) return notFound(reply);
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return server;
}

export function notFound<T extends { code(status: number): { send(body: object): T } }>(reply: T): T {
  return reply.code(404).send({ status: 404, message: "There is nothing at this address." });
}

/** Listens on one address, or on all of IPv6 and IPv4; where there is no IPv6, on all of IPv4. @returns the port. */
export async function listen(server: FastifyInstance, host: string | undefined, port: number): Promise<number> {
  try {
    await server.listen({ host: host ?? "::", port });
  } catch (error) {
    const noIpv6 = ["EAFNOSUPPORT", "EADDRNOTAVAIL", "EINVAL"].includes((error as { code: string }).code);
    if (host !== undefined || !noIpv6) throw error;
    await server.listen({ host: "0.0.0.0", port });
  }
  return (server.server.address() as { port: number }).port;
}

/**
 * Has `server.close()` stop listening and resolve when every request that came in is answered.
 *
 * Answers say `Connection: close` from then on. Connections that are quiet at this moment are kept for a second: on a busy
 * keep-alive connection the next request may be on its way, and cutting it would fail a request that a client has sent.
 */
function drainOnClose(server: FastifyInstance): void {
  const http = server.server;
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const closeIdle = http.closeIdleConnections.bind(http);
  http.closeIdleConnections = () => {};

  /** Node counts a connection on which nothing ever came (browsers open such ones ahead) as busy. */
  function closeQuiet(): void {
    closeIdle();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  }

  let held: Promise<void> | null = null;
  let underWay = 0;
  server.addHook("onRequest", (_, reply, done) => {
    if (held) return void held.then(() => done());
    underWay += 1;
    reply.raw.once("close", () => {
      underWay -= 1;
    });
    done();
  });
  server.addHook("preClose", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    await acceptPending(http, () => underWay === 0);
    // The server stops listening as soon as this function returns: before the next turn of the loop.
    setImmediate(resolve);
    const since = performance.now();
    const timer = setInterval(() => {
      const ms = performance.now() - since;
      if (ms > DRAIN_IDLE_MS) closeQuiet();
      if (ms > DRAIN_MAX_MS) http.closeAllConnections();
    }, DRAIN_CHECK_MS);
    http.once("close", () => clearInterval(timer));
  });
}

/**
 * Takes in the connections that clients have opened and that wait in the system's queue, of which Node takes one in each
 * turn of its loop: to stop listening resets those that are still in it. Meanwhile new requests are held, so that turns are
 * short, and those under way are answered, so that nobody who comes back with the next one meets a closing door.
 */
async function acceptPending(http: Server, isAnswered: () => boolean): Promise<void> {
  let busyAt = performance.now();
  const note = () => {
    busyAt = performance.now();
  };
  http.on("connection", note);
  for (const end = busyAt + ACCEPT_MAX_MS; performance.now() < Math.min(end, busyAt + ACCEPT_QUIET_MS); ) {
    await nextTurn();
    if (!isAnswered()) note();
  }
  http.off("connection", note);
}

/**
 * A URL whose path every later step can decode: where an escape in it is none, `%` stands for itself, so that the path is
 * looked up and not found. Bytes beyond ASCII never come here: Node's parser refuses them.
 */
function decodableUrl(url: string): string {
  const [path = "", ...query] = url.split("?");
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return [path.replaceAll("%", "%25"), ...query].join("?");
  }
}
