import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

/** One classic script and one sheet: a page that was opened from a disk may load no modules. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  publicDir: false,
  base: "./",
  build: {
    outDir: "../../src/buffycoat/publish/site_static",
    emptyOutDir: true,
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      input: fileURLToPath(new URL("main.ts", import.meta.url)),
      output: { format: "iife", entryFileNames: "site.js", assetFileNames: "site[extname]" },
    },
  },
});
