/**
 * @file Makes sure that the tests have a Chromium: one that is there, else Playwright's own, else the
 * system's package. Each way has a bound on its time, and each browser is tried before it counts.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { SetupFailure } from "./failure.mjs";
import { ROOT } from "./paths.mjs";
import { showSeconds } from "./voice.mjs";

const MINUTE_MS = 60_000;

/**
 * @typedef {object} World what the step does to the machine; replaced in tests
 * @property {() => Promise<{ source: string, path: string } | undefined>} find
 * @property {(path: string) => Promise<boolean>} runs
 * @property {() => Promise<import("./command.mjs").Outcome>} installOwn
 * @property {() => boolean} hasApt true for root on a Debian-like system
 * @property {() => Promise<import("./command.mjs").Outcome>} installSystem
 */

/**
 * @param {import("./voice.mjs").Voice} voice
 * @param {World} [world]
 * @returns {Promise<void>}
 * @throws {SetupFailure} when no way leads to a browser that runs
 */
export async function ensureBrowser(voice, world = realWorld) {
  if (await hasBrowser(world)) return;

  voice.say("Installing Playwright's Chromium for the tests …");
  const own = await showSeconds(voice, "playwright install chromium", world.installOwn());
  if (own.code === 0 && (await hasBrowser(world))) return;
  voice.say(`  ${own.code === 0 ? "it does not run on this system" : "it could not be had"}`);

  if (world.hasApt()) {
    voice.say("Installing the system's Chromium for the tests …");
    await showSeconds(voice, "apt-get install chromium", world.installSystem());
    if (await hasBrowser(world)) return;
    voice.say("  it could not be had");
  }
  throw new SetupFailure(
    "browser",
    "The tests need Chromium or Chrome, and none was found or could be installed",
    "install one (on Debian: `apt-get install chromium`; elsewhere: `npx playwright install " +
      "--with-deps chromium`), or name its program in CHROMIUM_PATH, then run `npm test` again",
  );
}

/** @param {World} world */
async function hasBrowser(world) {
  const found = await world.find();
  return found !== undefined && (await world.runs(found.path));
}

/** @type {World} */
const realWorld = {
  async find() {
    // Not before the packages are there.
    const { findChromium } = await import("../chromium.mjs");
    return findChromium();
  },
  async runs(path) {
    // On Windows, Chrome answers this question by opening a window.
    if (process.platform === "win32") return true;
    const { code } = await runCommand(path, ["--version"], { limitMs: MINUTE_MS });
    return code === 0;
  },
  installOwn() {
    const program = join(ROOT, "node_modules", "@playwright", "test", "cli.js");
    return runCommand(process.execPath, [program, "install", "chromium"], {
      limitMs: 10 * MINUTE_MS,
      env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "15000" },
    });
  },
  hasApt() {
    return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  },
  async installSystem() {
    const options = { limitMs: 10 * MINUTE_MS, env: { DEBIAN_FRONTEND: "noninteractive" } };
    await runCommand("apt-get", ["update", "-qq"], options);
    const args = [
      "install",
      "-y",
      "-qq",
      "--no-install-recommends",
      "chromium",
      "fonts-liberation",
    ];
    return runCommand("apt-get", args, options);
  },
};
