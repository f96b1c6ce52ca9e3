import { createServer, type Server } from "node:net";

/**
 * Below the range from which systems take ports for outgoing connections: a server that is stopped and started again finds its
 * port free, however many connections are made meanwhile.
 */
const FIRST_PORT = 12_000;
const BLOCK_SIZE = 200;
const BLOCKS = 100;

interface Block {
  /** Held as long as this process lives: whoever cannot listen here takes another block. */
  lease: Server;
  first: number;
  given: number;
}

let block: Promise<Block> | null = null;

/**
 * A port of loopback on which nobody listens, and which no other process that asks here is given while this one lives: there is
 * no moment between choosing and using it in which another could take it.
 */
export async function ownPort(): Promise<number> {
  block ??= takeBlock();
  const own = await block;
  for (let tried = 1; tried < BLOCK_SIZE; tried += 1) {
    const port = own.first + 1 + (own.given++ % (BLOCK_SIZE - 1));
    const server = await listen(port);
    if (!server) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  throw new Error(`Every port from ${own.first} to ${own.first + BLOCK_SIZE - 1} is in use.`);
}

async function takeBlock(): Promise<Block> {
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const first = FIRST_PORT + ((process.pid + tried) % BLOCKS) * BLOCK_SIZE;
    const lease = await listen(first);
    if (lease) return { lease: lease.unref(), first, given: 0 };
  }
  throw new Error(`Every block of ports from ${FIRST_PORT} to ${FIRST_PORT + BLOCKS * BLOCK_SIZE - 1} is taken.`);
}

/** A server on this port, or null when another listens there. */
function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => resolve(null));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(server));
  });
}
