import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Every test starts processes and threads of Waypost's: what V8 has compiled once serves all of them. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

export default defineConfig({
  resolve: {
    // Vite would take graphql's .mjs, type-graphql takes its .js: two copies do not know each other's types.
    alias: [{ find: /^#?graphql$/, replacement: createRequire(import.meta.url).resolve("graphql") }],
  },
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: "tests/kit/global-setup.ts",
    maxWorkers: 3,
    testTimeout: 180_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
