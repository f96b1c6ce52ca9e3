import { type Server } from "node:http";
import { type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type FastifyInstance } from "fastify";
import { type Connections } from "./connections.js";
import { closeDoors } from "./listen.js";

/** How long connections without a request stay open while the server closes: a request may be on its way on one. */
const DRAIN_IDLE_MS = 1000;
/** How long a server takes to close at most, even when half of a request never comes. Docker kills after ten seconds. */
const DRAIN_MAX_MS = 8000;
const DRAIN_CHECK_MS = 50;
/** A closing server takes in connections until none came for so long and in so many turns of its loop, and for so long at most. */
const ACCEPT_QUIET_MS = 20;
const ACCEPT_QUIET_TURNS = 20;
const ACCEPT_MAX_MS = 2000;

/**
 * Has `server.close()` stop listening at all of its addresses and resolve when every request that came in is answered.
 *
 * Answers say `Connection: close` from then on. Connections that are quiet at this moment are kept for a second: on a busy
 * keep-alive connection the next request may be on its way, and cutting it would fail a request that a client has sent.
 */
export function drainOnClose(server: FastifyInstance, { underWay }: Pick<Connections, "underWay">): void {
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
  let heldCount = 0;
  let doors: Promise<unknown> | undefined;
  let timer: NodeJS.Timeout | undefined;
  server.addHook("onRequest", (_, __, done) => {
    if (!held) return done();
    heldCount += 1;
    void held.then(() => done());
  });
  server.addHook("preClose", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    await acceptPending(http, () => underWay() <= heldCount);
    // The server stops listening as soon as this function returns: before the next turn of the loop.
    setImmediate(resolve);
    doors = closeDoors(server);
    const since = performance.now();
    timer = setInterval(() => {
      const ms = performance.now() - since;
      if (ms > DRAIN_IDLE_MS) closeQuiet();
      if (ms > DRAIN_MAX_MS) http.closeAllConnections();
    }, DRAIN_CHECK_MS);
  });
  // Comes when the server itself has closed.
  server.addHook("onClose", async () => {
    await doors;
    clearInterval(timer);
  });
}

/**
 * Takes in the connections that clients have opened and that wait in the system's queue, of which Node takes one in each
 * turn of its loop: to stop listening resets those that are still in it. Meanwhile new requests are held, so that turns are
 * short, and those under way are answered, so that nobody who comes back with the next one meets a closing door.
 */
async function acceptPending(http: Server, isAnswered: () => boolean): Promise<void> {
  const end = performance.now() + ACCEPT_MAX_MS;
  let busyAt = performance.now();
  let quietTurns = 0;
  const note = () => {
    busyAt = performance.now();
    quietTurns = 0;
  };
  http.on("connection", note);
  // Turns count beside the time: a turn that was long (a commit of SQLite's) says nothing of the queue.
  while (performance.now() < end && (performance.now() < busyAt + ACCEPT_QUIET_MS || quietTurns < ACCEPT_QUIET_TURNS)) {
    await nextTurn();
    quietTurns += 1;
    if (!isAnswered()) note();
  }
  http.off("connection", note);
}
