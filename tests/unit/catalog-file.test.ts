import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createCatalogFile } from "../../server/catalog/catalog-file.js";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { NO_RULES, type PostbackKey } from "../../server/catalog/postback-key.js";
import { WordMeaning } from "../../server/catalog/status-words.js";
import { byDigest, emptyCatalog } from "../../server/catalog/tracked-catalog.js";

const folder = mkdtempSync(join(tmpdir(), "waypost-catalog-"));
afterEach(() => rmSync(folder, { recursive: true }));

const rules = {
  defaultStatus: ConversionStatus.APPROVED,
  statusWords: [{ word: "hold", meaning: WordMeaning.PENDING }],
  currencyWords: [{ word: "usdt", currency: "USD" }],
};
const digest = (secret: string) => `digest of ${secret}`;

it("the catalog that is kept for a start without the database has the keys' rules; an older one has none", async () => {
  const file = createCatalogFile(folder);
  const key = { id: 1, name: "Adnet", key: "secret", deleted: false, ...rules } as unknown as PostbackKey;
  await file.save({ ...emptyCatalog(), keysByDigest: byDigest([key], digest) });
  const load = async () => [...((await file.load(digest))?.keysByDigest.values() ?? [])];
  expect(await load()).toEqual([key]);

  const kept = join(folder, "catalog.jsonl");
  writeFileSync(kept, readFileSync(kept, "utf8").replace(/,"defaultStatus":.*?,"currencyWords":\[.*?\]/, ""));
  expect(await load()).toEqual([{ ...key, ...NO_RULES }]);
});
