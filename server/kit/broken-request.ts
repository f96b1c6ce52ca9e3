import { type Socket } from "node:net";
import { type FastifyInstance, type FastifyReply } from "fastify";
import { MendedConnection } from "./mended-connection.js";
import { findRequestLine, firstLineOf, mendRequestLine } from "./request-line.js";

/** What Node says of a connection whose bytes its parser cannot read. */
export interface ClientError extends Error {
  code?: string | undefined;
  rawPacket?: Buffer;
  /** How many bytes of the packet could be read. */
  bytesParsed?: number;
}

export interface BrokenRequestParts {
  /** Largest request head, in bytes. */
  headMax: number;
  /** Answers what is no HTTP and closes the connection. */
  refuse(error: ClientError, socket: Socket): void;
  /** Told once of a connection on which something came that cannot be read. */
  unreadable(code: string, firstLine: string): void;
}

/** What is known of a connection. */
interface Connection {
  /** The answer to the last request, until it is sent. */
  reply: FastifyReply | null;
  /** Whether a request began in the packet that is being read. */
  hasBegun: boolean;
  /** What came since then, if it can be a part of the next request's head. */
  recent: Buffer;
  /** Broken: the parser has given up. Handed on: another connection reads, or will read, what comes. */
  state: "read" | "broken" | "handed on";
  isTold: boolean;
}

const NOTHING = Buffer.alloc(0);
const LINE_FEED = 0x0a;

/**
 * Has everything answered that Node's parser gives up:
 *
 * A request whose target has bytes that may not stand there goes on with them as escapes, and so does what comes behind it.
 * One whose body breaks off (a chunk that is none, an end too soon) is answered by its own route.
 * The rest is told to `unreadable`, and to `refuse` if no request before it is still to be answered.
 *
 * @returns what is to be told of each error of a client (`clientError`).
 */
export function answerBrokenRequests(
  server: FastifyInstance,
  { headMax, refuse, unreadable }: BrokenRequestParts,
): (error: ClientError, socket: Socket) => void {
  const connections = new WeakMap<Socket, Connection>();
  const http = server.server;

  // Registered after Node's own, which reads a packet before it is noted here.
  http.on("connection", (socket: Socket) => {
    const connection: Connection = { reply: null, hasBegun: false, recent: NOTHING, state: "read", isTold: false };
    connections.set(socket, connection);
    socket.on("data", (packet: Buffer) => note(connection, packet));
  });
  server.addHook("onRequest", (request, reply, done) => {
    const connection = connections.get(request.raw.socket);
    if (connection) {
      connection.hasBegun = true;
      connection.reply = reply;
      reply.raw.once("close", () => {
        if (connection.reply === reply) connection.reply = null;
      });
    }
    done();
  });

  function note(connection: Connection, packet: Buffer): void {
    const { hasBegun, recent } = connection;
    connection.hasBegun = false;
    if (!hasBegun) connection.recent = Buffer.concat([recent, packet]).subarray(-headMax);
    else connection.recent = packet.at(-1) === LINE_FEED ? NOTHING : packet;
  }

  return (error, socket) => {
    const connection = connections.get(socket);
    if (!connection || connection.state === "handed on") return;
    const { recent, state } = connection;
    const bytes = Buffer.concat([recent, error.rawPacket ?? NOTHING]);
    const text = bytes.toString("latin1");
    const at = recent.length + (error.bytesParsed ?? 0);
    const giveUp = (code = error.code) => {
      if (code?.startsWith("HPE_") && !isBody(connection) && !connection.isTold)
        unreadable(code, firstLineOf(text, at));
      connection.isTold = true;
      if (socket.writable) answerOrRefuse(connection, Object.assign(error, { code }), socket);
    };
    const start = state === "read" ? findRequestLine(text.slice(0, at), error.code) : null;
    if (start === null) giveUp();
    else mend(connection, socket, bytes.subarray(start), giveUp);
  };

  /**
   * Reads on past the parser until the first line is whole, and mends it. Then the server reads all that came and comes from
   * there on anew, as a connection of its own, as soon as what was asked before is answered.
   */
  function mend(
    connection: Connection,
    socket: Socket | MendedConnection,
    first: Buffer,
    giveUp: (code?: string) => void,
  ): void {
    const source = socket instanceof MendedConnection ? socket.stopReading() : socket.removeAllListeners("data");
    let held = first;
    connection.state = "broken";
    source.on("data", take).on("end", end);
    lookForLine();

    function take(packet: Buffer): void {
      held = Buffer.concat([held, packet]);
      if (connection.state === "broken") lookForLine();
      // What came before may still have its body read, and that lets more come in.
      else source.pause();
    }

    function end(): void {
      if (connection.state === "broken") giveUp();
    }

    function lookForLine(): void {
      const lineEnd = held.indexOf(LINE_FEED) + 1;
      if (lineEnd === 0 && held.length <= headMax) return;
      const mended = lineEnd > 0 && mendRequestLine(held.toString("latin1", 0, lineEnd));
      if (!mended) {
        source.off("data", take).off("end", end).resume();
        giveUp(lineEnd === 0 ? "HPE_HEADER_OVERFLOW" : undefined);
        return;
      }
      connection.state = "handed on";
      held = Buffer.concat([Buffer.from(mended), held.subarray(lineEnd)]);
      source.pause();
      if (connection.reply) connection.reply.raw.once("close", handOn);
      else handOn();
    }

    function handOn(): void {
      source.off("data", take).off("end", end);
      if (!source.writable) return;
      if (socket instanceof MendedConnection) socket.release();
      source.setTimeout(0);
      http.emit("connection", new MendedConnection(source, held) as unknown as Socket);
    }
  }

  function answerOrRefuse({ reply }: Connection, error: ClientError, socket: Socket): void {
    if (!reply) {
      refuse(error, socket);
      return;
    }
    const { raw: request } = reply.request;
    // Whoever reads the body hears of it; what came behind a whole request ends the connection after its answer.
    reply.raw.shouldKeepAlive = false;
    if (!request.complete && request.listenerCount("error") > 0) request.emit("error", error);
  }
}

/** Whether what broke is the body of a request that is being answered. */
function isBody({ reply }: Connection): boolean {
  return reply !== null && !reply.request.raw.complete;
}
