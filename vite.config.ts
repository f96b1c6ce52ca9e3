import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const FLAGS = resolve(import.meta.dirname, "node_modules/country-flag-icons/3x2");

/** Flags are small files of their own at `assets/flags/DE.svg`: a page fetches those it shows, and no script lists them. */
function flags(): Plugin {
  const names = readdirSync(FLAGS).filter((name) => /^[A-Z]{2}\.svg$/.test(name));
  return {
    name: "flags",
    generateBundle() {
      for (const name of names) {
        this.emitFile({ type: "asset", fileName: `assets/flags/${name}`, source: readFileSync(join(FLAGS, name)) });
      }
    },
    configureServer(server) {
      server.middlewares.use("/assets/flags", (request, response, next) => {
        const name = names.find((each) => request.url === `/${each}`);
        if (!name) return next();
        response.setHeader("content-type", "image/svg+xml").end(readFileSync(join(FLAGS, name)));
      });
    },
  };
}

export default defineConfig({
  root: "admin",
  base: "./",
  plugins: [react(), flags()],
  // Stands in the page until the server puts a new one there: with it styles are allowed that scripts make.
  html: { cspNonce: "nonce" },
  // Apollo keeps its checks for developers unless told so.
  define: { "globalThis.__DEV__": "false" },
  // react-admin's own export to CSV is not used and stays out of the script.
  resolve: { alias: { "jsonexport/dist/index.js": resolve(import.meta.dirname, "admin/no-export.ts") } },
  build: {
    outDir: "../dist/admin",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // tests/browser/bundle.test.ts says what may be loaded together.
    chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
  },
  // The browser asks the page's own server; while developing that is the API next door.
  server: { host: "127.0.0.1", proxy: { "/graphql": `http://127.0.0.1:${process.env.API_PORT ?? 4000}` } },
});
