import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "waypost-slots-")), "journal");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

it("of several trackers that begin at once in an empty folder all read one whole id of the installation", async () => {
  const program = `import { installationId } from ${JSON.stringify(resolve("dist/server/kit/journal/slots.js"))};
    process.stdout.write(installationId(${JSON.stringify(folder)}));`;
  const begin = () => promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  const ids = (await Promise.all(Array.from({ length: 8 }, begin))).map(({ stdout }) => stdout);
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(readdirSync(folder)).toEqual(["installation"]);
});
