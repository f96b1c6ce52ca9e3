import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
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

/** Of files as long as ours the headers of the answer weigh more than what could be saved below this many bytes. */
const WORTH_COMPRESSING = 1000;

/** Puts compressed forms beside each text among the assets, as `NAME.br` and `NAME.gz`: the server sends them as they are. */
function compressed(): Plugin {
  const forms = [
    { ending: "br", compress: promisify(brotliCompress) },
    { ending: "gz", compress: (text: Buffer) => promisify(gzip)(text, { level: 9 }) },
  ];
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir = "" }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css|svg)$/.test(name));
      await Promise.all(
        texts.map(async (name) => {
          const text = readFileSync(join(dir, name));
          if (text.length < WORTH_COMPRESSING) return;
          await Promise.all(
            forms.map(async ({ ending, compress }) => writeFile(join(dir, `${name}.${ending}`), await compress(text))),
          );
        }),
      );
    },
  };
}

export default defineConfig({
  root: "admin",
  base: "./",
  plugins: [react(), flags(), compressed()],
  // Stands in the page until the server puts a new one there: with it styles are allowed that scripts make.
  html: { cspNonce: "nonce" },
  // Apollo keeps its checks for developers unless told so.
  define: { "globalThis.__DEV__": "false" },
  // Of libraries what the admin does not use stays out of the script: react-admin's own export to CSV, a client with a cache, names
  // made up for queries, and what browsers can by themselves.
  resolve: {
    alias: [
      {
        find: /^(jsonexport\/dist\/index\.js|\.\/buildApolloClient\.js|pluralize)$/,
        replacement: resolve(import.meta.dirname, "admin/unused.ts"),
      },
      { find: "object.entries", replacement: resolve(import.meta.dirname, "admin/native-entries.cjs") },
    ],
  },
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
