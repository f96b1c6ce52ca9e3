import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** What an entry of a file of addresses says. */
type Value = string | number | { [name: string]: Value };

export interface MmdbOptions {
  /** Entries by network, such as "192.0.2.0/24". */
  networks: Record<string, Value>;
  ipVersion?: 4 | 6;
  built?: Date;
  type?: string;
}

type Node = [Node | Buffer | null, Node | Buffer | null];

/** A MaxMind DB of a few networks, as a file would hold it (https://maxmind.github.io/MaxMind-DB/). */
export function mmdb({ networks, ipVersion = 6, built = new Date(), type = "Test" }: MmdbOptions): Buffer {
  const root: Node = [null, null];
  for (const [network, value] of Object.entries(networks)) put(root, bitsOf(network, ipVersion), encode(value));
  const nodes: Node[] = [root];
  for (const node of nodes) for (const side of node) if (Array.isArray(side)) nodes.push(side);
  const data: Buffer[] = [];
  let size = 0;
  const record = (side: Node[number]) => {
    if (side === null) return nodes.length;
    if (Array.isArray(side)) return nodes.indexOf(side);
    data.push(side);
    size += side.length;
    return nodes.length + 16 + size - side.length;
  };
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [index, node] of nodes.entries()) {
    for (const [side, child] of node.entries()) tree.writeUIntBE(record(child), index * 6 + side * 3, 3);
  }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Math.floor(built.getTime() / 1000),
    database_type: type,
    ip_version: ipVersion,
    node_count: nodes.length,
    record_size: 24,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from("\xab\xcd\xefMaxMind.com", "latin1"), metadata]);
}

function put(node: Node, [bit, ...rest]: number[], value: Buffer): void {
  const side = bit as 0 | 1;
  if (rest.length === 0) {
    node[side] = value;
    return;
  }
  if (!Array.isArray(node[side])) node[side] = [null, null];
  put(node[side] as Node, rest, value);
}

/** The bits of a network; IPv4 has 96 zeros before it in a file of both. */
function bitsOf(network: string, ipVersion: 4 | 6): number[] {
  const [address = "", length = ""] = network.split("/");
  const bytes = ipaddr.parse(address).toByteArray();
  const bits = bytes.flatMap((byte) => [...byte.toString(2).padStart(8, "0")].map(Number)).slice(0, Number(length));
  return isIP(address) === 4 && ipVersion === 6 ? [...Array(96).fill(0), ...bits] : bits;
}

const [TEXT, NUMBER, MAP] = [2, 6, 7];

function encode(value: Value): Buffer {
  if (typeof value === "string") return Buffer.concat([head(TEXT, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === "number") {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([head(NUMBER, 4), bytes]);
  }
  const entries = Object.entries(value);
  return Buffer.concat([head(MAP, entries.length), ...entries.flatMap(([name, each]) => [encode(name), encode(each)])]);
}

function head(type: number, size: number): Buffer {
  return Buffer.from(size < 29 ? [(type << 5) | size] : [(type << 5) | 29, size - 29]);
}
