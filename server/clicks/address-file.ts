import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { Reader, type Response } from "mmdb-lib";
import { embeddedIpv4, isPrivateAddress } from "../kit/address.js";

/** A kind of file (MaxMind DB) that says something of addresses. */
export interface AddressFileKind<T> {
  /** Its name in `DATA_DIR`, where an operator's own goes before the one that comes with Waypost. */
  name: string;
  /** The one that comes with Waypost; null: there is none. */
  packaged: string | null;
  /** What it holds, in the plural. */
  holds: string;
  /** What an entry says; null when it says nothing, undefined when it is an entry of another kind of file. */
  read: (entry: Entry) => T | null | undefined;
}

/** An entry as it stands in the file: files of several makers have other names for the same. */
export type Entry = Record<string, unknown>;

/** A file of addresses in memory. */
export interface AddressFile<T> {
  /** When its data was put together. */
  built: Date;
  /** What it says of an address, in microseconds; null: nothing. */
  of(ip: string): T | null;
}

/** How many networks are looked at to see what a file holds. */
const NETWORKS_MAX = 2000;

/** Reads a file. @throws Error with the reason when it cannot be read, is no MaxMind DB or one of another kind. */
export function openAddressFile<T>(kind: AddressFileKind<T>, file: string): AddressFile<T> {
  return readAddressFile(kind, readFileSync(file));
}

/** The same for its bytes. */
export function readAddressFile<T>({ holds, read }: AddressFileKind<T>, bytes: Buffer): AddressFile<T> {
  const { reader, some } = parse(bytes);
  const { ipVersion, buildEpoch, databaseType } = reader.metadata;
  if (!some) throw new Error("it is empty");
  if (read(some) === undefined)
    throw new Error(`it is of the type ${JSON.stringify(databaseType)} and holds no ${holds}`);
  return {
    built: buildEpoch,
    of: (ip) => {
      const address = embeddedIpv4(ip);
      const version = isIP(address);
      // A file of IPv4 alone would take the first bits of any other address for one of its own.
      if (version === 0 || version > ipVersion || isPrivateAddress(address)) return null;
      const entry = look(reader, address);
      return (entry && read(entry)) ?? null;
    },
  };
}

/** A visitor is sent on whatever is in the file: a place in it that is damaged says nothing. */
function look(reader: Reader<Response>, address: string): Entry | null {
  try {
    return reader.get(address) as Entry | null;
  } catch {
    return null;
  }
}

function parse(bytes: Buffer): { reader: Reader<Response>; some: Entry | null } {
  try {
    const reader = new Reader<Response>(bytes);
    // A file that is cut off, or none at all, is found out by what it should have.
    const { searchTreeSize, buildEpoch } = reader.metadata;
    if (searchTreeSize < bytes.length && buildEpoch.getTime() >= 0) return { reader, some: someEntry(reader) };
  } catch {
    // The reader stumbles over whatever it meets first: its words help nobody.
  }
  throw new Error("it is no whole MaxMind DB");
}

/** The first entry that there is of any network: what has none is passed over as a whole. */
function someEntry(reader: Reader<Response>): Entry | null {
  const bits = reader.metadata.ipVersion === 4 ? 32 : 128;
  for (let network = 0n, looks = 0; network < 1n << BigInt(bits) && looks < NETWORKS_MAX; looks += 1) {
    const [entry, length] = reader.getWithPrefixLength(addressOf(network, bits));
    if (entry) return entry as Entry;
    const rest = BigInt(bits - length);
    network = ((network >> rest) + 1n) << rest;
  }
  return null;
}

function addressOf(number: bigint, bits: number): string {
  const [size, separator, radix] = bits === 32 ? [8, ".", 10] : [16, ":", 16];
  const parts = Array.from({ length: bits / size }, (_, index) => number >> BigInt(bits - size * (index + 1)));
  return parts.map((part) => BigInt.asUintN(size, part).toString(radix)).join(separator);
}
