import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A program that stands in the docs, and what it keeps between its runs. */
export interface DocsProgram {
  /** Runs it once. @returns what it printed, each line as JSON */
  run<T>(): Promise<T[]>;
  remove(): void;
}

/** Takes a program out of a page of the docs as it stands there; its first line is a comment with its name. */
export function docsProgram(page: string, name: string, environment: Record<string, string>): DocsProgram {
  const blocks = [...readFileSync(page, "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = ""]) => code);
  const code = blocks.find((block) => block.startsWith(`// ${name}\n`));
  if (code === undefined) throw new Error(`${page} has no program ${name}.`);
  const folder = mkdtempSync(join(tmpdir(), "waypost-docs-"));
  writeFileSync(join(folder, name), code);
  const { PATH } = process.env;
  return {
    run: async <T>() => {
      const options = { cwd: folder, env: { PATH, ...environment }, maxBuffer: 64 * 1024 ** 2 };
      const { stdout } = await promisify(execFile)(process.execPath, [name], options);
      return stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as T);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
