/**
 * @file Installs the packages of `package-lock.json` when they are not there. Which lock file was
 * installed is written into a mark inside `node_modules`, so that the usual answer costs one hash.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { npmError, runNpm } from "./command.mjs";
import { SetupFailure, toFailure } from "./failure.mjs";
import { ROOT } from "./paths.mjs";
import { seconds, showSeconds } from "./voice.mjs";

const RETRY = "npm run setup";

/**
 * @param {import("./voice.mjs").Voice} voice
 * @returns {Promise<void>}
 * @throws {SetupFailure}
 */
export async function ensureDependencies(voice) {
  const lock = await readFile(join(ROOT, "package-lock.json"), "utf8");
  const modules = join(ROOT, "node_modules");
  const mark = join(modules, ".espalier-installed");
  const wanted = markOf(lock);
  if ((await readText(mark)) === wanted) return;

  const installed = await readText(join(modules, ".package-lock.json"));
  if (installed === undefined || !isSatisfied(lock, installed)) {
    await install(voice, modules);
  }
  await writeFile(mark, wanted);
}

/**
 * @param {import("./voice.mjs").Voice} voice
 * @param {string} modules the folder `node_modules`
 */
async function install(voice, modules) {
  const start = Date.now();
  voice.say("Installing the packages with npm …");
  // Without a network npm would try each of some hundred packages before it gives up. One question
  // tells; npm's cache may still hold everything.
  const probe = await runNpm(["view", "comlink", "version"]);
  const from = probe.code === 0 ? "--prefer-offline" : "--offline";
  // No package of ours needs its install script, so none is run.
  const work = runNpm(["ci", "--ignore-scripts", "--no-progress", from]);
  const outcome = await showSeconds(voice, "npm ci", work);
  if (outcome.code === 0) {
    voice.say(`  installed in ${seconds(Date.now() - start)}`);
    return;
  }
  // npm writes its own lock file last: without it, what lies there is half an installation.
  if (!existsSync(join(modules, ".package-lock.json"))) {
    await rm(modules, { recursive: true, force: true });
  }
  throw installFailure(npmError(outcome), probe.code === 0 ? undefined : npmError(probe));
}

/**
 * @param {Error & { code?: string }} error what the installation ended with
 * @param {Error | undefined} offline what the question to the registry ended with, if it failed
 * @returns {SetupFailure}
 */
export function installFailure(error, offline) {
  if (error.code === "EUSAGE") {
    return new SetupFailure(
      "other",
      "package.json and package-lock.json ask for different packages",
      "take both from the same commit, or run `npm install` to bring the lock up to date",
      error,
    );
  }
  const cause = error.code === "ENOTCACHED" && offline !== undefined ? offline : error;
  const failure = toFailure(cause, { doing: "installing the packages", retry: RETRY });
  if (failure instanceof SetupFailure) return failure;
  return new SetupFailure(
    "other",
    `npm could not install the packages (${error.code ?? "no code"}, ${error.message})`,
    "run `npm ci` to see all of what it says",
    error,
  );
}

/**
 * The mark of an installation: the lock file and the platform, whose native packages differ.
 *
 * @param {string} lock
 */
export function markOf(lock) {
  const digest = createHash("sha256").update(lock).digest("hex");
  return `${digest} ${process.platform} ${process.arch}\n`;
}

/**
 * Tells whether npm's record of what lies in `node_modules` holds everything the lock file asks for,
 * as after an `npm install` by hand. Optional packages are those of other platforms.
 *
 * @param {string} lock
 * @param {string} installed text of `node_modules/.package-lock.json`
 */
export function isSatisfied(lock, installed) {
  try {
    const have = JSON.parse(installed).packages;
    return Object.entries(JSON.parse(lock).packages).every(
      ([path, wanted]) =>
        path === "" || wanted.optional === true || have[path]?.version === wanted.version,
    );
  } catch {
    return false;
  }
}

/** @param {string} path */
async function readText(path) {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
