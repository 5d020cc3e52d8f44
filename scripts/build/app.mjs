/**
 * @file Builds the page into `dist/` when its sources have changed since.
 */

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup/paths.mjs";
import { buildIfStale, fingerprintOf } from "./freshness.mjs";

const SOURCES = [
  "index.html",
  "package-lock.json",
  "public",
  "scripts/build/kernels.mjs",
  "scripts/vite",
  "src",
  "tsconfig.json",
  "vite.config.ts",
];

/**
 * @param {(text: string) => void} say
 * @param {{ force?: boolean }} [options] `force` builds even what is up to date
 * @returns {Promise<void>}
 * @throws what Vite throws when the sources cannot be built
 */
export async function ensureApp(say, { force = false } = {}) {
  // Inside dist/, so that whatever removes or replaces the build takes its mark along.
  const mark = join(ROOT, "dist", ".built-from");
  if (force) rmSync(mark, { force: true });
  const fingerprint = fingerprintOf(ROOT, SOURCES);
  const built = await buildIfStale({
    mark,
    fingerprint,
    build: async () => {
      say("Building the app …");
      const start = Date.now();
      const { build } = await import("vite");
      await build({ root: ROOT, logLevel: "warn" });
      if (!existsSync(join(ROOT, "dist", "index.html"))) throw new Error("the build made no page");
      say(`  built in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    },
  });
  if (!built) say("The app is built and up to date.");
}
