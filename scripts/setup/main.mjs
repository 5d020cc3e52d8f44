/**
 * @file The steps of the set-up, in order: packages, images, and for the tests a browser. A second
 * run looks at three marks and is done.
 */

import { ensureBrowser } from "./browser.mjs";
import { ensureCifar } from "./cifar.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { SetupFailure } from "./failure.mjs";
import { DATA_FOLDER } from "./paths.mjs";
import { makeVoice } from "./voice.mjs";

/**
 * @param {readonly string[]} args `--for=start` or `--for=test`; neither means everything the app needs
 * @returns {Promise<void>} the exit code is set, never thrown
 */
export async function main(args) {
  const voice = makeVoice();
  const purpose = args.find((arg) => arg.startsWith("--for="))?.slice("--for=".length);
  // What is half-done is removed when the process exits, and children are ended with it.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.once(signal, () => process.exit(signal === "SIGINT" ? 130 : 143));
  }
  try {
    await ensureDependencies(voice);
    await ensureImages(voice, purpose);
    if (purpose === "test") await ensureBrowser(voice);
    if (purpose === undefined) voice.say("Espalier is set up: `npm start` opens it.");
  } catch (error) {
    process.exitCode = 1;
    voice.warn(error instanceof SetupFailure ? error.message : unexpected(error));
  }
}

/**
 * The app starts without its images, as it can be given them later; a full disk would stop it anyway.
 *
 * @param {import("./voice.mjs").Voice} voice
 * @param {string | undefined} purpose
 */
async function ensureImages(voice, purpose) {
  try {
    await ensureCifar({ voice, dataFolder: DATA_FOLDER });
  } catch (error) {
    const canStart = error instanceof SetupFailure && error.kind !== "disk";
    if (purpose !== "start" || !canStart) throw error;
    voice.warn(`Starting without the images of CIFAR-10. ${error.message}`);
  }
}

/** @param {unknown} error */
function unexpected(error) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `The set-up met something it does not know; please report it:\n${text}`;
}
