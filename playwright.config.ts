/**
 * @file The end-to-end tests drive the built app, as `npm start` serves it, in a real Chromium.
 * Minified code differs from the development server's, so nothing is tested on the latter.
 */

import { defineConfig } from "@playwright/test";
import { chromiumLaunchOptions } from "./scripts/chromium.mjs";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // Two browsers at a time: one leaves a fifth of two cores idle, which is a minute of six.
  workers: 2,
  // A flaky test is a failing test.
  retries: 0,
  forbidOnly: process.env["CI"] !== undefined,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    // The server takes a free port and names it; see `wait` below.
    baseURL: `http://localhost:${process.env["ESPALIER_PORT"] ?? ""}`,
    launchOptions: chromiumLaunchOptions(),
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    trace: "off",
  },
  webServer: {
    command: "node scripts/start.mjs --port=0",
    wait: { stdout: /http:\/\/localhost:(?<espalier_port>\d+)\// },
    timeout: 180_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 2_000 },
  },
});
