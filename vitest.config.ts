/**
 * @file Two suites: `unit` runs in Node, `browser` runs `*.browser.test.ts` in a real headless
 * Chromium with a software WebGPU adapter and cross-origin isolation.
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
          name: "unit",
          globalSetup: KERNELS,
          environment: "node",
          include: ["{src,tests}/**/*.test.ts", "scripts/**/*.test.mjs"],
          exclude: [BROWSER_TESTS],
          testTimeout: 60_000,
          // Some files work out reference answers first, on the slow backend.
          hookTimeout: 120_000,
        },
      },
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
