import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: "admin",
  base: "./",
  plugins: [react()],
  // Stands in the page until the server puts a new one there: with it styles are allowed that scripts make.
  html: { cspNonce: "nonce" },
  build: {
    outDir: "../dist/admin",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // tests/bundle.test.ts says what may be loaded together.
    chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
  },
  // The browser asks the page's own server; while developing that is the API next door.
  server: { host: "127.0.0.1", proxy: { "/graphql": `http://127.0.0.1:${process.env.API_PORT ?? 4000}` } },
});
