import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { type FastifyInstance } from "fastify";

export interface ListenOptions {
  host: string | undefined;
  port: number;
  /** Whether other processes of ours listen there too; the system then gives each its share of the connections. */
  reusePort?: boolean;
  /** The addresses of a host, the first one first; left out: as the system knows them. */
  addressesOf?: (host: string) => Promise<string[]>;
}

/** What a machine says that does not have an address, or no addresses of that kind. */
const NOT_HERE = ["EAFNOSUPPORT", "EADDRNOTAVAIL", "EINVAL"];

/** All addresses of IPv6 and IPv4; all of IPv4. */
const ANY = ["::", "0.0.0.0"];

/** Where a server listens beside its own address. */
const doors = new WeakMap<FastifyInstance, Server[]>();

/**
 * Listens on all addresses of a host that this machine has, of which `localhost` often has two; without a host on all of IPv6 and
 * IPv4, or where there is no IPv6, on all of IPv4. Whatever is said of a server's connections holds at each address. What failed can
 * be tried again.
 *
 * @returns the port.
 */
export async function listen(server: FastifyInstance, options: ListenOptions): Promise<number> {
  const { host, addressesOf = systemAddressesOf, ...rest } = options;
  const addresses = host === undefined ? ANY : [...new Set(await addressesOf(host))];
  for (const [at, address] of addresses.entries()) {
    if (server.server.listening) break;
    await server.listen({ ...rest, host: address }).catch((error) => {
      if (!isNotHere(error) || at === addresses.length - 1) throw error;
    });
  }
  const { address: own, port } = server.server.address() as AddressInfo;
  const others = host === undefined ? [] : addresses.filter((address) => address !== own);
  const opened = await Promise.allSettled(others.map((address) => openDoor(server, { ...rest, host: address, port })));
  const failed = opened.find((each) => each.status === "rejected" && !isNotHere(each.reason));
  if (failed?.status !== "rejected") return port;
  void closeDoors(server);
  throw failed.reason;
}

/** Finds out whether a port of a host can be listened on, as `listen` would. */
export async function tryPort({ host, port, addressesOf = systemAddressesOf }: ListenOptions): Promise<void> {
  const addresses = host === undefined ? [undefined] : [...new Set(await addressesOf(host))];
  const tried = await Promise.allSettled(addresses.map((address) => probe(port, address)));
  const failed = tried.filter((each) => each.status === "rejected");
  const error = failed.find(({ reason }) => !isNotHere(reason)) ?? (failed.length === tried.length ? failed[0] : null);
  if (error) throw error.reason;
}

async function probe(port: number, address: string | undefined): Promise<void> {
  const server = createServer().listen(port, address);
  await once(server, "listening");
  server.close();
  await once(server, "close");
}

/** Stops listening beside a server's own address. @returns resolves when the connections that came there have ended. */
export async function closeDoors(server: FastifyInstance): Promise<void> {
  const open = doors.get(server) ?? [];
  doors.delete(server);
  await Promise.all(open.map((door) => new Promise<void>((resolve) => door.close(() => resolve()))));
}

/** Hands every connection that comes at an address to the server, as one of its own. */
async function openDoor(server: FastifyInstance, at: { host: string; port: number }): Promise<void> {
  // As Node's HTTP server has them.
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    server.server.emit("connection", socket),
  );
  door.listen(at);
  await once(door, "listening");
  doors.set(server, [...(doors.get(server) ?? []), door]);
}

async function systemAddressesOf(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function isNotHere(error: { code?: string }): boolean {
  return NOT_HERE.includes(error.code ?? "");
}
