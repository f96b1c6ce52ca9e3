import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, rmSync, statSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { type IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { join } from "node:path";
import { type AddressOf, isLoopback } from "./address.js";

/**
 * A program of the operator's on this machine may name the address that a request is to count as coming from (`npm run demo`).
 * It proves who it is by a key in `DATA_DIR`, where nobody else reads, and which is worth nothing soon after it has ended.
 */
export const PROVEN_ADDRESS = "x-waypost-address";

const KEY_FILE = "demo-key";
/** A key that was not renewed for so long is worth nothing, and one is asked for so often at most, in milliseconds. */
const KEY_MS = 60_000;
const LOOK_MS = 1000;

/** The value of the header: the address, and what only the holder of the key can make of it. */
export function proveAddress(key: string, address: string): string {
  return `${address} ${signatureOf(key, address)}`;
}

/** Makes the key, or renews the one that is in use: any number of programs share it. @returns the key */
export async function renewKey(dataDir: string): Promise<string> {
  const file = join(dataDir, KEY_FILE);
  const age = await stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  const key = age < KEY_MS ? await readFile(file, "utf8") : randomBytes(32).toString("hex");
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

/** Takes the key away; other programs that are using it make a new one soon. */
export function forgetKey(dataDir: string): void {
  rmSync(join(dataDir, KEY_FILE), { force: true });
}

/**
 * Takes a proven address for that of the request; all others are found as before. From other machines, and with whatever
 * else in the header, it is as if the header were not there.
 */
export function acceptProven(addressOf: AddressOf, dataDir: string): AddressOf {
  const keyOf = createKeyReader(join(dataDir, KEY_FILE));
  return (request) => {
    const claimed = request.headers[PROVEN_ADDRESS];
    if (claimed === undefined) return addressOf(request);
    return (isOfThisMachine(request) && provenAddress(String(claimed), keyOf())) || addressOf(request);
  };
}

/** A connection from this machine to itself. */
function isOfThisMachine({ socket: { remoteAddress, localAddress } }: IncomingMessage): boolean {
  return remoteAddress !== undefined && (isLoopback(remoteAddress) || remoteAddress === localAddress);
}

function provenAddress(claimed: string, key: string | null): string | null {
  const [address = "", given = "", ...more] = claimed.split(" ");
  if (key === null || more.length > 0 || isIP(address) === 0) return null;
  const [theirs, ours] = [Buffer.from(given), Buffer.from(signatureOf(key, address))];
  return theirs.length === ours.length && timingSafeEqual(theirs, ours) ? address : null;
}

function signatureOf(key: string, address: string): string {
  return createHmac("sha256", key).update(address).digest("hex");
}

/** The key that is in use, or null. */
function createKeyReader(file: string): () => string | null {
  let key: string | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - lookedAt < LOOK_MS) return key;
    lookedAt = performance.now();
    const stats = statSync(file, { throwIfNoEntry: false });
    key = stats && Date.now() - stats.mtimeMs < KEY_MS ? readKey(file) : null;
    return key;
  };
}

/** Null for what no program of ours has written. */
function readKey(file: string): string | null {
  const text = readFileSync(file, "utf8");
  return /^[0-9a-f]{64}$/.test(text) ? text : null;
}
