import { type Socket } from "node:net";
import { type FastifyInstance, type FastifyReply } from "fastify";

/**
 * Lets a request whose body breaks off (a chunk that is none, an end too soon) be answered by its own route, as everything
 * else that is wrong with it: Node would only tell the server that something on the connection is not HTTP.
 *
 * @returns answers what broke on a connection; false when no request is under way on it and nobody has answered.
 */
export function answerBrokenRequests(server: FastifyInstance): (error: Error, socket: Socket) => boolean {
  const underWay = new WeakMap<Socket, FastifyReply>();
  server.addHook("onRequest", (request, reply, done) => {
    const { socket } = request.raw;
    underWay.set(socket, reply);
    reply.raw.once("close", () => {
      if (underWay.get(socket) === reply) underWay.delete(socket);
    });
    done();
  });
  return (error, socket) => {
    const reply = underWay.get(socket);
    if (!reply) return false;
    const { raw: request } = reply.request;
    // Whoever reads the body hears of it; what came behind a whole request ends the connection after its answer.
    reply.raw.shouldKeepAlive = false;
    if (!request.complete && request.listenerCount("error") > 0) request.emit("error", error);
    return true;
  };
}
