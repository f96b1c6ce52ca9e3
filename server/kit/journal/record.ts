import { crc32 } from "node:zlib";

/**
 * The format of a segment file: a header, then one record after the other.
 *
 * | header | bytes | | record | bytes |
 * | --- | --- | --- | --- | --- |
 * | `WAYPOSTJ` | 8 | | marker | 4 |
 * | version | 8 | | CRC32 of all that follows, seeded with the segment | 4 |
 * | sequence | 8 | | length of the payload | 4 |
 * | sequence of the segment before, 0: none | 8 | | kind | 1 |
 * | acknowledged length of that one, 0: unknown | 8 | | payload | |
 * | CRC32 of all before | 4 | | | |
 *
 * Numbers are little-endian. The seed is made from the sequence, so that a block which the file system gives back from an
 * older segment is never taken for a record of this one.
 */
export const HEADER_BYTES = 64;
export const RECORD_HEAD_BYTES = 13;
/** Largest payload, in bytes: beyond it a length is damaged, not long. */
export const PAYLOAD_MAX = 1024 * 1024;

const MAGIC = Buffer.from("WAYPOSTJ");
const VERSION = 1n;
const HEADER_CRC_AT = 40;
/** Four bytes that JSON never holds. */
const MARKER = Buffer.from([0xf5, 0x9d, 0x02, 0xe6]);
const MARKER_NUMBER = MARKER.readUInt32LE();

/** What a segment says of itself and of the one before it. */
export interface SegmentHeader {
  sequence: number;
  /** 0: there was none. */
  previous: number;
  /** How much of the one before was acknowledged, in bytes; 0: nobody knows, its writer has died. */
  previousAcknowledged: number;
}

export interface JournalRecord {
  /** What kind of thing it is; the journal's user gives the numbers, 0 to 255. */
  kind: number;
  payload: Buffer;
  /** Where it ends, in bytes from the start of what was scanned. */
  end: number;
}

/** Whether what follows a record's checksum is what was written, into this segment: the seed is made from its sequence. */
export type RecordCheck = (bytes: Buffer, checksum: number, seed: number) => boolean;

const isIntact: RecordCheck = (bytes, checksum, seed) => crc32(bytes, seed) === checksum;

/** A stretch of bytes, the end excluded. */
export interface Stretch {
  start: number;
  end: number;
}

export function encodeHeader({ sequence, previous, previousAcknowledged }: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(bytes);
  for (const [index, value] of [VERSION, sequence, previous, previousAcknowledged].entries()) {
    bytes.writeBigUInt64LE(BigInt(value), MAGIC.length + index * 8);
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(0, HEADER_CRC_AT)), HEADER_CRC_AT);
  return bytes;
}

/** Reads a header; null when it is damaged or of a version that is not ours. */
export function decodeHeader(bytes: Buffer): SegmentHeader | null {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (bytes.readUInt32LE(HEADER_CRC_AT) !== crc32(bytes.subarray(0, HEADER_CRC_AT))) return null;
  const [version, sequence = 0, previous = 0, previousAcknowledged = 0] = [0, 1, 2, 3].map((index) =>
    Number(bytes.readBigUInt64LE(MAGIC.length + index * 8)),
  );
  return version === Number(VERSION) ? { sequence, previous, previousAcknowledged } : null;
}

/** Writes a record without its checksum, which needs the segment it goes to. @returns where it ends. */
export function writeRecord(bytes: Buffer, at: number, kind: number, payload: string): number {
  const length = bytes.write(payload, at + RECORD_HEAD_BYTES, "utf8");
  bytes.writeUInt32LE(MARKER_NUMBER, at);
  bytes.writeUInt32LE(length, at + 8);
  bytes.writeUInt8(kind, at + 12);
  return at + RECORD_HEAD_BYTES + length;
}

/** Puts the checksums of one segment into records that stand one after the other. */
export function sealRecords(bytes: Buffer, sequence: number): void {
  const seed = seedOf(sequence);
  for (let at = 0; at < bytes.length; ) {
    const end = at + RECORD_HEAD_BYTES + bytes.readUInt32LE(at + 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(at + 8, end), seed), at + 4);
    at = end;
  }
}

/**
 * Reads the records in a part of a segment, passing over what is damaged between good ones.
 *
 * @param recordsMax  after so many it stops.
 * @returns the records, the stretches between them that are none, and where the last good one ends: what follows there is
 * no whole record.
 */
export function scanRecords(
  bytes: Buffer,
  sequence: number,
  recordsMax: number,
  check: RecordCheck = isIntact,
): { records: JournalRecord[]; damaged: Stretch[]; end: number } {
  const seed = seedOf(sequence);
  const records: JournalRecord[] = [];
  const damaged: Stretch[] = [];
  let end = 0;
  while (records.length < recordsMax) {
    const start = isRecordAt(bytes, end, seed, check) ? end : findRecord(bytes, end + 1, seed, check);
    if (start < 0) break;
    if (start > end) damaged.push({ start: end, end: start });
    end = start + RECORD_HEAD_BYTES + bytes.readUInt32LE(start + 8);
    records.push({ kind: bytes.readUInt8(start + 12), payload: bytes.subarray(start + RECORD_HEAD_BYTES, end), end });
  }
  return { records, damaged, end };
}

function findRecord(bytes: Buffer, from: number, seed: number, check: RecordCheck): number {
  let at = bytes.indexOf(MARKER, from);
  while (at >= 0 && !isRecordAt(bytes, at, seed, check)) at = bytes.indexOf(MARKER, at + 1);
  return at;
}

function isRecordAt(bytes: Buffer, at: number, seed: number, check: RecordCheck): boolean {
  if (at + RECORD_HEAD_BYTES > bytes.length || bytes.readUInt32LE(at) !== MARKER_NUMBER) return false;
  const length = bytes.readUInt32LE(at + 8);
  const end = at + RECORD_HEAD_BYTES + length;
  if (length > PAYLOAD_MAX || end > bytes.length) return false;
  return check(bytes.subarray(at + 8, end), bytes.readUInt32LE(at + 4), seed);
}

function seedOf(sequence: number): number {
  return crc32(String(sequence));
}
