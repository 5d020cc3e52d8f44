/**
 * @file Tells whether something built is still up to date, from the names, sizes and times of what it
 * was built from. Times alone would miss a deleted file and a checkout of an older commit.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Tests are no part of what is built, and what was made on the way is no source: it would make a build
 * stale as soon as it is done.
 */
const NO_SOURCE = /\.(test|generated)\.\w+$|^built$/;

/**
 * @param {string} root
 * @param {readonly string[]} sources files and folders below `root`; missing ones count as empty
 * @returns {string} changes whenever a source does
 */
export function fingerprintOf(root, sources) {
  const digest = createHash("sha256").update(process.version);
  for (const source of sources) {
    for (const path of filesUnder(join(root, source))) {
      const { size, mtimeMs } = statSync(path);
      digest.update(`${path}\0${size}\0${mtimeMs}\n`);
    }
  }
  return digest.digest("hex");
}

/**
 * Runs `build` unless the mark says that the same sources were built before. The mark is taken away
 * first and written last, so that a build that was broken off is done again.
 *
 * @param {{ mark: string, fingerprint: string, build: () => Promise<void> }} options
 * @returns {Promise<boolean>} whether it was built now
 */
export async function buildIfStale({ mark, fingerprint, build }) {
  if (readMark(mark) === fingerprint) return false;
  rmSync(mark, { force: true });
  await build();
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, fingerprint);
  return true;
}

/** @param {string} mark */
function readMark(mark) {
  try {
    return readFileSync(mark, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @returns {string[]} in a stable order
 */
function filesUnder(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !NO_SOURCE.test(name))
    .toSorted()
    .flatMap((name) => filesUnder(join(path, name)));
}
