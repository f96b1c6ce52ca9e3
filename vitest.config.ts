import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Every test starts processes and threads of Waypost's: what V8 has compiled once serves all of them. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

const MINUTE = 60_000;

/** The files that take longest, and are begun first: else one worker would still be at them when the others have done all the rest. */
const LONGEST = ["ranges-webkit", "ranges-firefox", "ranges-chromium", "every-browser", "read-on"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return index < 0 ? LONGEST.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

const setup = (...names: string[]) => names.map((name) => `tests/kit/setup/${name}.ts`);

/** A project of the tests has the files of the folder of its name. `CONTRIBUTING.md` says which to run when. */
const project = (name: string, needs: string[], files: string[] = []) => ({
  extends: true as const,
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    globalSetup: setup("run", ...needs),
    setupFiles: setup("chance", ...files),
  },
});

export default defineConfig({
  resolve: {
    // Vite would take graphql's .mjs, type-graphql takes its .js: two copies do not know each other's types.
    alias: [{ find: /^#?graphql$/, replacement: createRequire(import.meta.url).resolve("graphql") }],
  },
  test: {
    // Files of a worker share what they import: to evaluate it for each of them took a third of the time.
    isolate: false,
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Beyond what the slowest machine takes: tests wait for things, never for times.
    testTimeout: 10 * MINUTE,
    hookTimeout: 10 * MINUTE,
    expect: { poll: { timeout: 4 * MINUTE } },
    projects: [
      project("unit", []),
      project("api", ["servers"]),
      project("browser", ["servers", "chromium"], ["browser-file"]),
      project("faults", ["servers"], ["faults-file"]),
    ],
  },
});
