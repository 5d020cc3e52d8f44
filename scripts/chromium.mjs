/**
 * @file Which Chromium the tests drive, and with which switches. One answer for Vitest's browser
 * project, for Playwright and for the set-up script, so that none of them can disagree.
 * It only looks; installing a browser is the business of `setup/browser.mjs`.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

/**
 * WebGPU on a machine without a GPU: Chromium's own software adapter (SwiftShader). It is about
 * fifty times slower than wasm, so tests on it keep their shapes tiny.
 */
const SOFTWARE_WEBGPU = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan,WebGPU",
  "--use-vulkan=swiftshader",
  "--disable-vulkan-surface",
];

/** Lets tests read garbage collection and precise heap sizes. */
const MEASURABLE = ["--js-flags=--expose-gc", "--enable-precise-memory-info"];

/**
 * Where a Chromium or a Chrome that came with the system may lie.
 *
 * @param {NodeJS.Platform} platform
 * @param {Record<string, string | undefined>} env
 * @returns {string[]}
 */
export function systemChromiumPaths(platform, env) {
  if (platform === "darwin") {
    return [
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
  }
  if (platform === "win32") {
    return [env["ProgramFiles"], env["ProgramFiles(x86)"], env["LOCALAPPDATA"]]
      .filter((folder) => folder !== undefined)
      .map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe"));
  }
  return [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/snap/bin/chromium",
  ];
}

/**
 * Chooses the browser: the one that `CHROMIUM_PATH` names, else Playwright's own, else the system's.
 *
 * @param {{
 *   env?: Record<string, string | undefined>,
 *   platform?: NodeJS.Platform,
 *   playwrightPath?: string,
 *   exists?: (path: string) => boolean,
 * }} [world] replaced in tests
 * @returns {{ source: "CHROMIUM_PATH" | "Playwright" | "system", path: string } | undefined}
 */
export function findChromium({
  env = process.env,
  platform = process.platform,
  playwrightPath = chromium.executablePath(),
  exists = existsSync,
} = {}) {
  const named = env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "" && exists(named)) {
    return { source: "CHROMIUM_PATH", path: named };
  }
  if (exists(playwrightPath)) return { source: "Playwright", path: playwrightPath };
  const path = systemChromiumPaths(platform, env).find((candidate) => exists(candidate));
  return path === undefined ? undefined : { source: "system", path };
}

/**
 * The launch options of every test that needs a browser. Playwright's own browser gets no
 * `executablePath`, so that Playwright may choose its headless build.
 *
 * @returns {{ headless: boolean, args: string[], executablePath?: string }}
 */
export function chromiumLaunchOptions() {
  const found = findChromium();
  const isRoot = process.getuid?.() === 0;
  return {
    headless: true,
    // Chromium's sandbox refuses to run as root, which is what containers usually are.
    args: [...SOFTWARE_WEBGPU, ...MEASURABLE, ...(isRoot ? ["--no-sandbox"] : [])],
    ...(found === undefined || found.source === "Playwright" ? {} : { executablePath: found.path }),
  };
}
