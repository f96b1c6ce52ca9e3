import { dirname } from "node:path";
import { type Disk } from "../../server/kit/journal/disk.js";

const SECTOR = 512;

/** A file in memory: what a program reads, and what a power loss would surely leave. */
interface MemoryFile {
  content: Buffer;
  durable: Buffer;
  /** Whether the folder's list with its name in it is durable. */
  named: boolean;
}

/** From 0 (included) to 1 (excluded). */
type Random = () => number;

/** A disk in memory that can fail, be full, and lose power. */
export interface MemoryDisk extends Disk {
  files: Map<string, MemoryFile>;
  /** The n-th write or flush from now on fails (0: the next); a write leaves a part of what it was given. */
  failNext(operation: "write" | "sync" | "create", after?: number): void;
  /** Bytes that there is room for, in all. */
  room: number;
  /** A disk as it may be found after the power went: any subset of the sectors that were not flushed, cut anywhere. */
  losePower(random: Random): MemoryDisk;
}

/** @param ignoresSync  says that it flushes and does not, as cheap disks do: what the tests must notice. */
export function createMemoryDisk({ ignoresSync = false } = {}): MemoryDisk {
  const failures = new Map<string, number>();
  const checkFailure = (operation: string) => {
    const left = failures.get(operation);
    if (left === undefined) return;
    if (left > 0) return void failures.set(operation, left - 1);
    failures.delete(operation);
    throw Object.assign(new Error(`The disk failed at ${operation}.`), { code: "EIO" });
  };
  const used = () => [...disk.files.values()].reduce((sum, { content }) => sum + content.length, 0);
  const find = (name: string) => {
    const file = disk.files.get(name);
    if (!file) throw Object.assign(new Error(`There is no ${name}.`), { code: "ENOENT" });
    return file;
  };

  const disk: MemoryDisk = {
    files: new Map(),
    room: Number.POSITIVE_INFINITY,
    failNext: (operation, after = 0) => void failures.set(operation, after),
    makeFolder: async () => {},
    list: async (folder) =>
      [...disk.files.keys()].filter((name) => dirname(name) === folder).map((name) => name.slice(folder.length + 1)),
    size: async (name) => find(name).content.length,
    read: async (name, offset, length) => Buffer.from(find(name).content.subarray(offset, offset + length)),
    create: async (name) => {
      checkFailure("create");
      if (disk.files.has(name)) throw Object.assign(new Error(`There is a ${name}.`), { code: "EEXIST" });
      const file: MemoryFile = { content: Buffer.alloc(0), durable: Buffer.alloc(0), named: false };
      disk.files.set(name, file);
      return {
        store: async (bytes, offset) => {
          const fits = Math.min(bytes.length, disk.room - used());
          let failure: unknown = fits < bytes.length ? Object.assign(new Error("Full."), { code: "ENOSPC" }) : null;
          try {
            checkFailure("write");
          } catch (error) {
            failure = error;
          }
          const part = failure ? bytes.subarray(0, Math.max(0, Math.min(fits, Math.floor(bytes.length / 2)))) : bytes;
          file.content = Buffer.concat([file.content.subarray(0, offset), part]);
          if (failure) throw failure;
          // What was written and not flushed yet stays so for a while.
          await new Promise(setImmediate);
          checkFailure("sync");
          if (!ignoresSync) file.durable = Buffer.from(file.content);
        },
        close: async () => {},
      };
    },
    remove: async (name) => void disk.files.delete(name),
    cut: async (name, length) => {
      const file = find(name);
      [file.content, file.durable] = [file.content.subarray(0, length), file.durable.subarray(0, length)];
    },
    syncFolder: async (folder) => {
      for (const [name, file] of disk.files) if (dirname(name) === folder && !ignoresSync) file.named = true;
    },
    losePower: (random) => {
      const after = createMemoryDisk();
      for (const [name, file] of disk.files) {
        if (!file.named && random() < 0.5) continue;
        const content = whatIsLeft(file, random);
        after.files.set(name, { content, durable: content, named: true });
      }
      return after;
    },
  };
  return disk;
}

/** The file's length is anything from what was flushed to what was written; sectors in between hold the old, the new or nothing. */
function whatIsLeft({ content, durable }: MemoryFile, random: Random): Buffer {
  const length = durable.length + Math.floor(random() * (content.length - durable.length + 1));
  const left = Buffer.from(content.subarray(0, length));
  for (let at = durable.length - (durable.length % SECTOR); at < length; at += SECTOR) {
    if (random() < 0.5) continue;
    const from = Math.max(at, durable.length);
    left.fill(random() < 0.5 ? 0 : Math.floor(random() * 256), from, Math.min(at + SECTOR, length));
  }
  return left;
}
