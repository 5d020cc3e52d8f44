/**
 * @file Three projects. `unit` runs in Node, many files in one process: what they import is loaded once, and a
 * file must leave nothing behind. `alone` does so a file a process: those that count tensors and memory,
 * register kernels, or put a library of the process in another state. `browser` runs `*.browser.test.ts`
 * in a real headless Chromium with a software WebGPU adapter and cross-origin isolation.
 */

import { availableParallelism } from "node:os";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { chromiumLaunchOptions } from "./scripts/chromium.mjs";
import { ISOLATION_HEADERS } from "./scripts/vite/headers.ts";
import { PAGE_PACKAGES, PREBUNDLED } from "./scripts/vite/prebundled.ts";
import { serveData } from "./scripts/vite/serve-data.ts";

const KERNELS = "scripts/test/kernels.mjs";
const BROWSER_TESTS = "src/**/*.browser.test.{ts,tsx}";
const ALONE = ["src/{runtime,files/keras}/**/*.test.ts", "tests/fuzz/**/*.test.ts"];

const IN_NODE = {
  globalSetup: KERNELS,
  setupFiles: ["scripts/test/typed-arrays.mjs"],
  environment: "node",
  // Whatever a test puts in the place of something is gone before the next one.
  restoreMocks: true,
  unstubGlobals: true,
  testTimeout: 60_000,
  // Some files work out reference answers first, on the slow backend.
  hookTimeout: 120_000,
};

/** The longest file by far: begun last, it would run alone. */
const LONGEST = "tests/fuzz/fuzz.test.ts";

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith(LONGEST);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // One worker fewer than cores is the usual: on two cores that leaves one of them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          ...IN_NODE,
          name: "unit",
          isolate: false,
          include: ["{src,tests}/**/*.test.ts", "scripts/**/*.test.mjs"],
          exclude: [BROWSER_TESTS, ...ALONE],
        },
      },
      { test: { ...IN_NODE, name: "alone", include: ALONE, exclude: [BROWSER_TESTS] } },
      {
        plugins: [serveData(ISOLATION_HEADERS)],
        worker: { format: "es" },
        server: { headers: ISOLATION_HEADERS },
        optimizeDeps: { include: [...PREBUNDLED, ...PAGE_PACKAGES] },
        test: {
          name: "browser",
          globalSetup: KERNELS,
          include: [BROWSER_TESTS],
          // The software adapter uses every core by itself.
          fileParallelism: false,
          testTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunchOptions() }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
