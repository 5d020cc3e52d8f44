/**
 * @file How the app is built and served. The servers send the headers of `scripts/vite/headers.ts`;
 * `appType: "mpa"` makes a missing file answer 404 instead of the page itself, so that a network
 * that is not there is never mistaken for one that is broken.
 */

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compileHint } from "./scripts/vite/compile-hints.ts";
import { contentPolicy } from "./scripts/vite/content-policy.ts";
import { ISOLATION_HEADERS, PAGE_HEADERS } from "./scripts/vite/headers.ts";
import { kernels } from "./scripts/vite/kernels.ts";
import { PREBUNDLED } from "./scripts/vite/prebundled.ts";
import { preloadParts } from "./scripts/vite/preload-parts.ts";
import { serveData } from "./scripts/vite/serve-data.ts";
import { keepTfjsThreads } from "./scripts/vite/tfjs-threads.ts";

export default defineConfig(({ isPreview }) => ({
  appType: "mpa",
  plugins: [
    react(),
    kernels(),
    contentPolicy(),
    preloadParts(),
    serveData(isPreview ? PAGE_HEADERS : ISOLATION_HEADERS),
  ],
  worker: { format: "es", plugins: () => [keepTfjsThreads()] },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      output: { postBanner: compileHint },
      // A room's door does nothing itself: what the page does not take from it, such as TensorFlow.js, stays out.
      treeshake: { moduleSideEffects: [{ test: /\/src\/\w+\/index\.ts$/, sideEffects: false }] },
    },
  },
  server: { headers: ISOLATION_HEADERS },
  preview: { headers: PAGE_HEADERS },
  optimizeDeps: { include: PREBUNDLED },
}));
