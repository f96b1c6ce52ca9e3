import { createServer, type IncomingMessage, type RequestListener, type Server, ServerResponse } from "node:http";
import { type Socket } from "node:net";
import { type Metrics } from "./metrics.js";
import { openFilesMax } from "./open-files.js";

/** What a server takes from its clients, and how long it waits for them. */
export interface ConnectionLimits {
  /** Connections that are open at once. */
  connections: number;
  /** Requests under way on one connection: they were read, and their answers are not sent. */
  requestsPerConnection: number;
  /** Requests under way in all beyond which a connection has only one. */
  requests: number;
  /** How long the head of a request may take to come, and all of it, in milliseconds. */
  headMs: number;
  requestMs: number;
  /** How long a connection may have no request. Longer than proxies keep theirs, so that the proxy closes first. */
  keepAliveMs: number;
  /** How long nothing may move on a connection while its client has to send or to read. */
  stillMs: number;
  /** How long a client has to read what a connection ends with. */
  lingerMs: number;
  /** How often heads and requests that take too long are looked for. */
  checkMs: number;
}

/** Descriptors that are left for everything else: journal, database, loopback, modules. */
const OTHER_FILES = 512;

export const CONNECTION_LIMITS: ConnectionLimits = {
  connections: Math.min(10_000, Math.max(openFilesMax() - OTHER_FILES, OTHER_FILES)),
  requestsPerConnection: 64,
  requests: 16_384,
  headMs: 20_000,
  requestMs: 30_000,
  keepAliveMs: 72_000,
  stillMs: 30_000,
  lingerMs: 5000,
  checkMs: 5000,
};

/** Why a connection was cut. */
type Reason = "REQUESTS" | "CONNECTIONS" | "STILL";

/** The connections of a server. */
export interface Connections {
  /** The server whose connections they are. */
  server: Server;
  /** Has its requests answered. */
  serve(handle: RequestListener): Server;
  /** Requests that are under way on all of them. */
  underWay(): number;
  /** Sends the last bytes of a connection, and closes it whether its client reads them or not. */
  end(socket: Socket, bytes?: string): void;
}

/** What is known of a connection. */
interface Connection {
  underWay: number;
  /** The newest request that was read, or whose head was. */
  last: IncomingMessage | null;
  lastResponse: ServerResponse | null;
  isClosed: boolean;
  answered: () => void;
}

/** A connection that goes on over another one has that one's count (`mended-connection.ts`). */
export interface OverSocket {
  socketBelow?: Socket;
}

/**
 * An HTTP server that no client can hold up: whoever has more requests under way on a connection than is allowed, reads no answers, or
 * does not end what he began is cut off. When all connections are taken, the oldest makes room that waits for its client.
 *
 * @param metrics  counts connections that were cut: `connections_cut_total`.
 */
export function createConnections(
  http: { maxHeaderSize: number; requireHostHeader: boolean },
  limits: ConnectionLimits,
  metrics: Metrics,
): Connections {
  let handle: RequestListener = () => {};
  const known = new WeakMap<object, Connection>();
  const open = new Map<Socket, Connection>();
  let total = 0;
  const cuts = metrics.counter(
    "connections_cut_total",
    "Connections that were cut: too many requests at once (REQUESTS), too many connections (CONNECTIONS), a client that neither sent nor read (STILL).",
    ["reason"],
  );
  metrics.gauge("connections_open", "Connections of clients.", () => open.size);

  const server = createServer(
    {
      ...http,
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    (request, response) => {
      const connection = known.get(request.socket);
      if (!connection) return handle(request, response);
      // What else stands in the packet that the connection was cut for.
      if (connection.isClosed) return;
      const most = total < limits.requests ? limits.requestsPerConnection : 1;
      if (connection.underWay >= most) return cut(request.socket, connection, "REQUESTS");
      connection.underWay += 1;
      total += 1;
      connection.last = request;
      connection.lastResponse = response;
      response.once("close", connection.answered);
      handle(request, response);
    },
  );
  server.timeout = limits.stillMs;

  server.on("connection", (socket: Socket & OverSocket) => {
    const below = socket.socketBelow && known.get(socket.socketBelow);
    if (below) return void known.set(socket, below);
    const connection = createConnection();
    known.set(socket, connection);
    if (open.size >= limits.connections && !makeRoom()) return cut(socket, connection, "CONNECTIONS");
    open.set(socket, connection);
    socket.once("close", () => {
      open.delete(socket);
      forget(connection);
    });
  });
  // Without a listener Node would close it, also while it waits for us.
  server.on("timeout", (socket: Socket) => {
    const connection = known.get(socket);
    if (connection && isWaitingForUs(socket, connection)) return;
    const isIdle = connection?.underWay === 0 && socket.writableLength === 0;
    if (connection && !isIdle) cut(socket, connection, "STILL");
    else socket.destroy();
  });
  // Node would close a CONNECT without a word; here it is a request like others, and the last of its connection.
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    socket.on("error", () => socket.destroy()).on("timeout", () => server.emit("timeout", socket));
    const earlier = known.get(socket);
    if (earlier?.lastResponse && earlier.underWay > 0)
      earlier.lastResponse.once("close", () => answerConnect(request, socket));
    else answerConnect(request, socket);
  });

  function createConnection(): Connection {
    const connection: Connection = {
      underWay: 0,
      last: null,
      lastResponse: null,
      isClosed: false,
      answered: () => {
        if (connection.isClosed) return;
        connection.underWay -= 1;
        total -= 1;
      },
    };
    return connection;
  }

  function forget(connection: Connection): void {
    if (connection.isClosed) return;
    connection.isClosed = true;
    total -= connection.underWay;
  }

  function cut(socket: Socket, connection: Connection, reason: Reason): void {
    cuts.inc({ reason });
    forget(connection);
    socket.destroy();
  }

  /** Cuts the oldest connection that waits for its client. @returns whether there was one. */
  function makeRoom(): boolean {
    for (const [socket, connection] of open) {
      if (isWaitingForUs(socket, connection)) continue;
      open.delete(socket);
      cut(socket, connection, "CONNECTIONS");
      return true;
    }
    return false;
  }

  function answerConnect(request: IncomingMessage, socket: Socket): void {
    if (!socket.writable) return;
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.once("finish", () => end(socket.resume()));
    response.assignSocket(socket);
    server.emit("request", request, response);
  }

  function end(socket: Socket, bytes?: string): void {
    socket.end(bytes ?? "");
    const timer = setTimeout(() => socket.destroy(), limits.lingerMs);
    socket.once("close", () => clearTimeout(timer));
  }

  return {
    server,
    serve: (handler) => {
      handle = handler;
      return server;
    },
    underWay: () => total,
    end,
  };
}

/** Whether all that was asked has come and is not answered, and the client has read what there was to read. */
function isWaitingForUs(socket: Socket, { underWay, last }: Connection): boolean {
  return underWay > 0 && last?.complete === true && socket.writableLength === 0;
}
