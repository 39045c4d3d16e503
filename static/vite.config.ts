import { defineConfig } from "vitest/config";

const server = process.env["QUERYFORGE_SERVER"] ?? "http://127.0.0.1:8787";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    target: "es2022",
    // Every asset is a file: the policy forbids inline scripts, and data: is for images alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      // Host and Origin stay those of the page: the server compares them.
      "/api": { target: server },
      "/ws": { target: server, ws: true },
    },
  },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    // What a test waits for may take long on a busy machine; what is wrong stays wrong.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
