import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type CatalogCache, createCatalogCache } from "../../server/catalog/catalog-cache.js";
import { createCatalogFile } from "../../server/catalog/catalog-file.js";
import { openWaypostDatabase } from "../../server/database.js";
import { DatabaseBusy } from "../../server/kit/database-errors.js";
import { type Database } from "../../server/kit/orm.js";
import { createTracker } from "../../server/tracker.js";
import { PATIENCE_MS, until } from "../kit/until.js";
import { databases, PATIENT, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("The catalog that is kept for a start without the database, on %s", (name) => {
  let waypost: Waypost;
  let database: Database;
  let caches: CatalogCache[] = [];
  beforeAll(async () => {
    waypost = await startWaypost(name);
    database = await openWaypostDatabase(waypost.config, pino({ level: "silent" }));
  });
  afterAll(async () => {
    await database.close();
    await waypost.close();
  });

  const closeCaches = async () => {
    await Promise.all(caches.map((cache) => cache.close()));
    caches = [];
  };

  async function openCache(folder: string, isDown = false) {
    const lines: { level: number; msg: string }[] = [];
    const cache = await createCatalogCache({
      em: async () => {
        if (isDown) throw new DatabaseBusy("It is away.");
        return database.em.fork();
      },
      file: createCatalogFile(folder),
      waitMs: PATIENCE_MS,
      log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
      keepAgainMs: 1,
    });
    caches.push(cache);
    return { cache, told: (text: RegExp) => lines.filter(({ msg }) => text.test(msg)) };
  }

  it("3.6 is kept in a folder that nobody has made yet", async () => {
    const { key } = await waypost.seedFlow();
    const folder = join(waypost.config.dataDir, "not", "there");
    const { told } = await openCache(folder);
    await closeCaches();
    expect(told(/cannot be kept/)).toEqual([]);
    const { cache } = await openCache(folder, true);
    expect((await cache.flowByKey(key))?.flow.key).toBe(key);
    await closeCaches();
  });

  it("3.6 is kept again after it could not be, without a further change, and says so once", async () => {
    const folder = join(waypost.config.dataDir, "again");
    const inItsPlace = join(folder, "catalog.jsonl");
    mkdirSync(inItsPlace, { recursive: true });
    const { cache: late, told } = await openCache(folder);
    const { key } = await waypost.seedFlow();
    expect((await late.flowByKey(key))?.flow.key).toBe(key);
    await until(() => told(/cannot be kept/).length === 1);
    rmdirSync(inItsPlace);
    await until(() => told(/is kept again/).length === 1);
    expect(told(/cannot be kept/)).toHaveLength(1);
    const { cache } = await openCache(folder, true);
    expect((await cache.flowByKey(key))?.flow.key).toBe(key);
    await closeCaches();
  });

  it("3.6 is tried once more at the end", async () => {
    const folder = join(waypost.config.dataDir, "end");
    const inItsPlace = join(folder, "catalog.jsonl");
    mkdirSync(inItsPlace, { recursive: true });
    const { told } = await openCache(folder);
    await until(() => told(/cannot be kept/).length === 1);
    rmdirSync(inItsPlace);
    await closeCaches();
    expect(existsSync(inItsPlace)).toBe(true);
  });

  it("3.6 is kept by a tracker that is the first to need its DATA_DIR", async () => {
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
    const config = { ...waypost.config, dataDir: join(waypost.config.dataDir, "of", "a", "tracker") };
    const tracker = await createTracker(config, { log, loaderFile: inject("loaderFile"), waits: PATIENT });
    await until(() => existsSync(join(config.dataDir, "catalog.jsonl")));
    await tracker.close();
    expect(lines.filter((line) => line.includes("ENOENT"))).toEqual([]);
  });
});
