import { defineConfig } from "vite";

/** Each a classic script without dependencies; their names never change, so that pages stay the same. */
const SCRIPTS: Readonly<Record<string, string>> = { search: "bulletin/main.ts", check: "bulletin/log/main.ts" };

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  build: {
    target: "es2020",
    lib: { entry: SCRIPTS[mode] as string, formats: ["iife"], name: "haq", fileName: () => `${mode}.js` },
    outDir: "dist",
    // One script a run: the next must not sweep away the one before.
    emptyOutDir: false,
    modulePreload: false,
    copyPublicDir: false,
    reportCompressedSize: true,
  },
}));
