import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const OUT = "../src/buffycoat/service/static";
const WORKER = "sw.js";

/** Tell the service worker which files this build has: by their content, so that any change makes a new worker. */
function filesForWorker(): Plugin {
  let folder = "";
  return {
    name: "buffycoat-files-for-worker",
    apply: "build",
    configResolved: ({ root, build }) => {
      folder = join(root, build.outDir);
    },
    closeBundle: () => {
      const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile() && each.name !== WORKER)
        .map((each) => relative(folder, join(each.parentPath, each.name)).split(sep).join("/"))
        .sort();
      const hash = createHash("sha256");
      for (const path of paths) hash.update(`${path}\n`).update(readFileSync(join(folder, path)));
      const files = paths.map((path) => (path === "index.html" ? "/" : `/${path}`));
      const worker = join(folder, WORKER);
      const script = readFileSync(worker, "utf-8");
      hash.update(script);
      const build = { version: hash.digest("hex").slice(0, 16), files };
      writeFileSync(worker, `self.BUFFYCOAT_BUILD=${JSON.stringify(build)};\n${script}`);
    },
  };
}

export default defineConfig({
  plugins: [react(), filesForWorker()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    // The service's content policy allows no data: addresses.
    assetsInlineLimit: 0,
    // One sheet, linked from the page: it is there before the first word is.
    cssCodeSplit: false,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: { main: "index.html", worker: "src/offline/worker.ts" },
      // The worker's name stays: a browser asks for it again to see whether there is a new one.
      output: { entryFileNames: ({ name }) => (name === "worker" ? WORKER : "assets/[name]-[hash].js") },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
  test: { environment: "jsdom", restoreMocks: true, setupFiles: ["src/testing.ts"] },
});
