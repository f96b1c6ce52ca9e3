import { join } from "node:path";
import { type Disk } from "./disk.js";

/**
 * A place in a journal: all before it has been dealt with. Segments are numbered by the Unix millisecond they were made in
 * (one more where two meet), so that a number never comes again, whatever was deleted or restored meanwhile.
 */
export interface Position {
  segment: number;
  /** Bytes from the start of the segment's file. */
  offset: number;
}

export const START: Position = { segment: 0, offset: 0 };

const NAME = /^(\d{15})\.journal$/;

export function segmentFile(folder: string, sequence: number): string {
  return join(folder, `${String(sequence).padStart(15, "0")}.journal`);
}

/** The numbers of the segments in a folder, oldest first. */
export async function listSegments(disk: Disk, folder: string): Promise<number[]> {
  const names = await disk.list(folder);
  const numbers = names.flatMap((name) => NAME.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

/** How many bytes of a journal lie behind a position. A segment that is deleted at this moment counts as none. */
export async function bytesAfter(disk: Disk, folder: string, { segment, offset }: Position): Promise<number> {
  const sequences = (await listSegments(disk, folder)).filter((sequence) => sequence >= segment);
  const sizes = await Promise.all(sequences.map((sequence) => disk.size(segmentFile(folder, sequence)).catch(() => 0)));
  const read = sequences[0] === segment ? offset : 0;
  return Math.max(sizes.reduce((sum, size) => sum + size, 0) - read, 0);
}

export function isSame(one: Position, other: Position): boolean {
  return one.segment === other.segment && one.offset === other.offset;
}

export function isBefore(one: Position, other: Position): boolean {
  return one.segment < other.segment || (one.segment === other.segment && one.offset < other.offset);
}
