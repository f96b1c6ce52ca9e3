import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type EntityManager } from "@mikro-orm/sql";
import { snapshot } from "../kit/list.js";
import { CatalogRevision, REVISION_ID } from "./catalog-revision.js";
import { Flow } from "./flow.js";
import { Path } from "./path.js";
import { PostbackKey } from "./postback-key.js";

/** What a tracker needs of the catalog, as it is stored, at one revision. */
export interface CatalogRows {
  revision: number;
  flows: Flow[];
  /** The active ones, in their order. */
  paths: Path[];
  keys: PostbackKey[];
}

export function readCatalogRows(em: EntityManager): Promise<CatalogRows> {
  return snapshot(em, async (own) => ({
    revision: (await own.findOneOrFail(CatalogRevision, REVISION_ID)).value,
    flows: await own.find(Flow, {}),
    paths: await own.find(Path, { removed: false, active: true }, { orderBy: { position: "asc" } }),
    keys: await own.find(PostbackKey, {}),
  }));
}

/** Where the last catalog that was read is kept, so that a tracker can start while the database is away. */
export interface CatalogFile {
  save(rows: CatalogRows): Promise<void>;
  /** Null when there is none. Moments are text in it: a tracker looks at none. */
  load(): Promise<CatalogRows | null>;
}

const NAME = "catalog.json";

export function hasCatalogFile(folder: string): boolean {
  return existsSync(join(folder, NAME));
}

/** Replaced as a whole, so that no reader sees half of it; readable by us only, since postback keys are secrets. */
export function createCatalogFile(folder: string): CatalogFile {
  const file = join(folder, NAME);
  return {
    save: async (rows) => {
      const draft = `${file}.${randomUUID()}`;
      try {
        const handle = await open(draft, "wx", 0o600);
        await handle.writeFile(JSON.stringify(rows)).finally(() => handle.close());
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    load: async () => (hasCatalogFile(folder) ? JSON.parse(await readFile(file, "utf8")) : null),
  };
}
