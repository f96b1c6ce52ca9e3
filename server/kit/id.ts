import { randomBytes } from "node:crypto";

/**
 * Ids of facts: 32 lowercase hexadecimal characters, 48 bits of Unix milliseconds and then 80 random bits.
 * They sort by time, so the primary key is the time index, and nobody can guess one.
 */
export const ID_PATTERN = /^[0-9a-f]{32}$/;

const MS_MAX = 2 ** 48 - 1;
/** Random bytes are drawn from the system in blocks: one call for each id would cost more than the id itself. */
const POOL_BYTES = 10 * 512;
let pool = Buffer.alloc(0);
let poolOffset = 0;

/** A new id at `ms` (Unix milliseconds), its other 80 bits from the system's cryptographic source. */
export function newId(ms: number): string {
  return hexOfMs(ms) + randomHex();
}

/** A clock that was set back by more is followed: its ids would stay at one moment until the old time comes again. */
const CLOCK_BEHIND_MAX_MS = 5000;

/**
 * Makes ids that rise strictly, also within one millisecond and while the clock steps back by up to five seconds: for
 * facts whose order of arrival decides something. A larger step is the correction of a clock that was wrong, and facts
 * count at their moment; what arrived before it then seems to come later.
 *
 * Ids of one sequence stay as unlikely to meet those of another process as random ones, but a neighbour can be guessed.
 */
export function createIdSequence(): (ms: number) => string {
  let lastMs = -1;
  let low = 0n;
  return (ms) => {
    if (ms > lastMs || lastMs - ms > CLOCK_BEHIND_MAX_MS) {
      lastMs = ms;
      low = BigInt(`0x${randomHex()}`) >> 1n;
    } else {
      low += BigInt(`0x${randomHex()}`) >> 40n;
    }
    return hexOfMs(lastMs) + low.toString(16).padStart(20, "0");
  };
}

/** The moment an id was made. */
export function momentOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 12), 16));
}

/** The smallest id of a moment; moments outside what an id can hold become the nearest that can. */
export function firstIdAt(moment: Date): string {
  return hexOfMs(Math.min(Math.max(moment.getTime(), 0), MS_MAX)).padEnd(32, "0");
}

/** An id as it comes in (any case, spaces around it), or null when it cannot be one. */
export function readId(text: string): string | null {
  const id = text.trim().toLowerCase();
  return ID_PATTERN.test(id) ? id : null;
}

function hexOfMs(ms: number): string {
  return ms.toString(16).padStart(12, "0");
}

function randomHex(): string {
  if (poolOffset === pool.length) {
    pool = randomBytes(POOL_BYTES);
    poolOffset = 0;
  }
  const hex = pool.toString("hex", poolOffset, poolOffset + 10);
  poolOffset += 10;
  return hex;
}
