import { defineConfig } from "vite";

// One classic script without dependencies; its name never changes, so that pages stay the same.
export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: "es2020",
    lib: { entry: "bulletin/main.ts", formats: ["iife"], name: "haq", fileName: () => "search.js" },
    outDir: "dist",
    emptyOutDir: true,
    modulePreload: false,
    copyPublicDir: false,
    reportCompressedSize: true,
  },
});
