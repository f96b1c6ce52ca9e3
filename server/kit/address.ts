import { type IncomingMessage } from "node:http";
import { BlockList, isIP, SocketAddress } from "node:net";
import ipaddr from "ipaddr.js";
import proxyAddr from "proxy-addr";

/** The address a request came from, as far as it can be believed. */
export type AddressOf = (request: IncomingMessage) => string;

/** What the way of a request says. */
interface Hops {
  address: string;
  /** Whether a trusted proxy has sent `X-Forwarded-For`. */
  isProxied: boolean;
  /** Whether what it said could be read as far as it counts. */
  isReadable: boolean;
}

/**
 * Reads the visitor's address: `X-Forwarded-For` counted from the right, over trusted proxies only. What stands there and
 * is no address ends the walk: then the last trusted hop counts.
 *
 * @param trusted  addresses and CIDR ranges.
 */
export function createAddressOf(trusted: string[]): AddressOf {
  if (trusted.length === 0) return socketAddress;
  const hopsOf = createHopsOf(trusted);
  return (request) => hopsOf(request).address;
}

/** The same, with what else the way says. */
export function createHopsOf(trusted: string[]): (request: IncomingMessage) => Hops {
  const isTrusted = trusted.length > 0 ? proxyAddr.compile(trusted) : () => false;
  return (request) => {
    let address = socketAddress(request);
    const hasHeader = request.headers["x-forwarded-for"] !== undefined;
    const isProxied = hasHeader && isTrusted(address, 0);
    const hops = isProxied ? forwardedFor(request).reverse() : [];
    for (const [index, hop] of hops.entries()) {
      if (!isTrusted(address, index)) break;
      const next = plainAddress(hop);
      if (!next) return { address, isProxied, isReadable: false };
      address = next;
    }
    return { address, isProxied, isReadable: hops.length > 0 };
  };
}

function socketAddress(request: IncomingMessage): string {
  return plainAddress(request.socket.remoteAddress ?? "") ?? "";
}

/** What limits count by: an IPv4 address, or the /64 network that one IPv6 customer has to himself. */
export function addressBlock(address: string): string {
  if (isIP(address) !== 6) return address;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString()}/64`;
}

/** Whether a socket's address is of this machine alone. */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address);
}

/** Whether an address is of this machine, a private network or the link itself (RFC 1122, 1918, 3927, 4193, 4291). */
export function isPrivateAddress(address: string): boolean {
  return privateNetworks.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

const privateNetworks = new BlockList();
for (const [network, bits, family] of [
  ["127.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["::1", 128, "ipv6"],
  ["fe80::", 10, "ipv6"],
  ["fc00::", 7, "ipv6"],
] as const) {
  privateNetworks.addSubnet(network, bits, family);
}

/**
 * The IPv4 address that stands in an IPv6 one: IPv4-mapped, 6to4 (RFC 3056) or NAT64 (RFC 6052). Whose address it is, that
 * one says. Any other text is given back as it is.
 */
export function embeddedIpv4(address: string): string {
  if (!/^(?:::ffff:|2002:|64:ff9b::)/i.test(address) || isIP(address) !== 6) return address;
  const bytes = ipaddr.IPv6.parse(address).toByteArray();
  return (bytes[0] === 0x20 ? bytes.slice(2, 6) : bytes.slice(12)).join(".");
}

function forwardedFor(request: IncomingMessage): string[] {
  const header = request.headers["x-forwarded-for"];
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  return text === "" ? [] : text.split(",").map((hop) => hop.trim());
}

/** How a socket that listens on IPv6 names a visitor of IPv4. */
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/;

/**
 * An address without port, brackets, zone and IPv4-in-IPv6 prefix, in the one form in which it is shown and compared; null
 * when it is none.
 */
function plainAddress(text: string): string | null {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, "").replace(MAPPED_IPV4, "");
  const version = isIP(address);
  if (version !== 6) return version === 4 ? address : null;
  return new SocketAddress({ address, family: "ipv6" }).address.replace(MAPPED_IPV4, "");
}
