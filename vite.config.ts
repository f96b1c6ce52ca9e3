import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: "admin",
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../dist/admin",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // The browser asks the page's own server; while developing that is the API next door.
  server: { host: "127.0.0.1", proxy: { "/graphql": `http://127.0.0.1:${process.env.API_PORT ?? 4000}` } },
});
