import { randomUUID } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Flow } from "./flow.js";
import { NO_RULES, type PostbackKey } from "./postback-key.js";
import { byDigest, type Catalog, emptyCatalog, type TrackedPath, trackFlow } from "./tracked-catalog.js";

/** Where the last catalog that was read is kept, so that a tracker can start while the database is away. */
export interface CatalogFile {
  save(catalog: Catalog): Promise<void>;
  /** Null when there is none. Moments are text in it: a tracker looks at none. */
  load(digest: (secret: string) => string): Promise<Catalog | null>;
}

/** A line of JSON for the keys, and then one for each flow, so that nothing large is made at once. */
type Head = { revision: number; keys: PostbackKey[] };
type Line = { flow: Flow; paths: Pick<TrackedPath, "id" | "weight" | "url">[] };

const NAME = "catalog.jsonl";
/** Flows that are written at once; between them others have their turn. */
const CHUNK_FLOWS = 200;

export function hasCatalogFile(folder: string): boolean {
  return existsSync(join(folder, NAME));
}

/** Replaced as a whole, so that no reader sees half of it; readable by us only, since postback keys are secrets. */
export function createCatalogFile(folder: string): CatalogFile {
  const file = join(folder, NAME);
  return {
    save: async (catalog) => {
      const draft = `${file}.${randomUUID()}`;
      // With a database elsewhere nobody may have made it yet.
      await mkdir(folder, { recursive: true, mode: 0o700 });
      try {
        const handle = await open(draft, "wx", 0o600);
        await write(handle, catalog).finally(() => handle.close());
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    load: async (digest) => {
      if (!hasCatalogFile(folder)) return null;
      const catalog = emptyCatalog();
      let isHead = true;
      for await (const line of createInterface({
        input: createReadStream(file),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        if (isHead) {
          const { revision, keys } = JSON.parse(line) as Head;
          Object.assign(catalog, { revision, keysByDigest: byDigest(keys.map(withRules), digest) });
        } else {
          const { flow, paths } = JSON.parse(line) as Line;
          catalog.flowsByKey.set(flow.key, trackFlow(flow, paths));
        }
        isHead = false;
      }
      return catalog;
    },
  };
}

/** A file that was kept before keys had rules for their postbacks lacks them. */
function withRules(key: PostbackKey): PostbackKey {
  return Object.assign({ ...NO_RULES }, key);
}

async function write(handle: FileHandle, { revision, keysByDigest, flowsByKey }: Catalog): Promise<void> {
  const head: Head = { revision, keys: [...keysByDigest.values()] };
  await handle.write(`${JSON.stringify(head)}\n`);
  const flows = [...flowsByKey.values()];
  for (let first = 0; first < flows.length; first += CHUNK_FLOWS) {
    const lines = flows.slice(first, first + CHUNK_FLOWS).map(({ flow, paths }) => {
      const line: Line = { flow, paths: paths.map(({ id, weight, url }) => ({ id, weight, url })) };
      return JSON.stringify(line);
    });
    await handle.write(`${lines.join("\n")}\n`);
  }
  // Before it takes the old one's place: a power cut must not leave half of it.
  await handle.sync();
}
