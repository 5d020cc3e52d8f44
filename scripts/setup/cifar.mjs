/**
 * @file Puts CIFAR-10 into `data/cifar-10` as the six official binary shards, each checked against
 * the official digest before it gets its name. Work in progress lives in `data/*.part`, which is
 * removed whatever happens, at the latest by the next run.
 */

import { rmSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { SetupFailure, toFailure } from "./failure.mjs";
import { CLASS_NAMES, SHARD_BYTES, SHARD_MD5, md5, shardsIn } from "./shards.mjs";
import { fromFile, fromNpm, fromRegistry, fromUrl } from "./sources.mjs";
import { tarFiles } from "./untar.mjs";
import { megabytes, seconds, showBytes } from "./voice.mjs";

/** The archive, npm's copy of it and the shards, with a little air. */
const BYTES_NEEDED = 450e6;

const STAMP = ".verified.json";
const OWN_ARCHIVE = "cifar-10-binary.tar.gz";
const RETRY = "npm run setup";

/**
 * @param {object} options
 * @param {import("./voice.mjs").Voice} options.voice
 * @param {string} options.dataFolder
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {readonly import("./sources.mjs").Source[]} [options.sources] replaced in tests
 * @param {ReadonlyMap<string, string>} [options.digests] replaced in tests
 * @param {(folder: string) => Promise<number>} [options.freeBytes] replaced in tests
 * @returns {Promise<void>}
 * @throws {SetupFailure}
 */
export async function ensureCifar({
  voice,
  dataFolder,
  env = process.env,
  sources,
  digests = SHARD_MD5,
  freeBytes = freeBytesOf,
}) {
  const folder = join(dataFolder, "cifar-10");
  await removeStaleParts(dataFolder);
  if (await isVerified(folder, digests)) return;
  if (await isRight(folder, digests)) {
    await finish(folder, digests);
    return;
  }

  const start = Date.now();
  const part = join(dataFolder, `cifar-10.${process.pid}.part`);
  const removePart = () => rmSync(part, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", removePart);
  try {
    await mkdir(part, { recursive: true });
    checkSpace(await freeBytes(dataFolder));
    await fetchFromFirst(
      sources ?? (await sourcesFor(dataFolder, env)),
      { part, folder, digests },
      voice,
    );
    await finish(folder, digests);
    const size = megabytes(digests.size * SHARD_BYTES);
    voice.say(
      `  CIFAR-10 is in data/cifar-10 (${size}, verified) after ${seconds(Date.now() - start)}`,
    );
  } catch (error) {
    throw toFailure(error, { doing: "fetching CIFAR-10", retry: RETRY });
  } finally {
    removePart();
    process.removeListener("exit", removePart);
  }
}

/**
 * Own archive first, then what the person named, then npm.
 *
 * @param {string} dataFolder
 * @param {NodeJS.ProcessEnv} env
 */
async function sourcesFor(dataFolder, env) {
  const archive = join(dataFolder, OWN_ARCHIVE);
  const own = (await sizeOf(archive)) === undefined ? [] : [fromFile(archive)];
  const named = (env["ESPALIER_CIFAR_URL"] ?? "")
    .split(/[\s,]+/)
    .filter((place) => place !== "")
    .map((place) => (/^https?:/i.test(place) ? fromUrl(place) : fromFile(place)));
  return [...own, ...named, fromNpm(), fromRegistry()];
}

/**
 * @param {readonly import("./sources.mjs").Source[]} sources
 * @param {{ part: string, folder: string, digests: ReadonlyMap<string, string> }} places
 * @param {import("./voice.mjs").Voice} voice
 */
async function fetchFromFirst(sources, places, voice) {
  /** @type {SetupFailure | undefined} */
  let first;
  for (const source of sources) {
    voice.say(`Fetching CIFAR-10 from ${source.name} …`);
    try {
      await fetchFrom(source, places, voice);
      return;
    } catch (error) {
      const failure = sourceFailure(error, source.name);
      // A full disk will be full for the next source as well.
      if (failure.kind === "disk" || failure.kind === "permission") throw failure;
      voice.say(`  ${failure.what}`);
      first ??= failure;
    } finally {
      await emptyFolder(places.part);
    }
  }
  if (first !== undefined) {
    const next =
      `run \`${RETRY}\` again when that is mended, or put the official ${OWN_ARCHIVE} into ` +
      "data/ before, or drop it on the page later";
    throw new SetupFailure(first.kind, first.what, next, first);
  }
}

/**
 * Whatever a source fails with, the next one may do better: even an unknown error gets a sentence.
 *
 * @param {unknown} error
 * @param {string} name the source's
 * @returns {SetupFailure}
 */
function sourceFailure(error, name) {
  const doing = `fetching CIFAR-10 from ${name}`;
  const failure = toFailure(error, { doing, retry: RETRY });
  if (failure instanceof SetupFailure) return failure;
  const text = error instanceof Error ? error.message : String(error);
  return new SetupFailure("other", `Something failed while ${doing} (${text})`, "try again", error);
}

/**
 * @param {import("./sources.mjs").Source} source
 * @param {{ part: string, folder: string, digests: ReadonlyMap<string, string> }} places
 * @param {import("./voice.mjs").Voice} voice
 */
async function fetchFrom(source, { part, folder, digests }, voice) {
  const archive = await source.open(part, showBytes(voice, "fetched"));
  const done = new Set();
  /** @type {Promise<void>} */
  let writing = Promise.resolve();
  const unpacking = pipeline(archive, createGunzip(), async (bytes) => {
    for await (const shard of shardsIn(tarFiles(bytes))) {
      const found = md5(shard.bytes);
      if (found !== digests.get(shard.name)) {
        throw new SetupFailure(
          "archive",
          `${shard.name} from ${source.name} is not the official one (MD5 ${found})`,
          `run \`${RETRY}\` again to fetch it anew`,
        );
      }
      writing = writeFile(join(part, shard.name), shard.bytes);
      await writing;
      done.add(shard.name);
      voice.show(`  verified ${shard.name} (${done.size} of ${digests.size})`);
    }
  });
  // An archive that breaks off fails at once, while a shard before it may still be written: the
  // folder cannot be emptied before that has ended.
  try {
    await unpacking;
  } finally {
    await writing.catch(() => undefined);
  }
  const missing = [...digests.keys()].find((name) => !done.has(name));
  if (missing !== undefined) {
    throw new SetupFailure(
      "archive",
      `The archive from ${source.name} holds no ${missing}`,
      `run \`${RETRY}\` again, or name another mirror`,
    );
  }
  await mkdir(folder, { recursive: true });
  for (const name of digests.keys()) await rename(join(part, name), join(folder, name));
}

/**
 * Writes what a reader of the folder may want, and last the stamp that spares the next run the work.
 *
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} digests
 */
async function finish(folder, digests) {
  await writeFile(join(folder, "batches.meta.txt"), CLASS_NAMES);
  const stamp = JSON.stringify(await stampOf(folder, digests));
  await writeFile(join(folder, `${STAMP}.part`), stamp);
  await rename(join(folder, `${STAMP}.part`), join(folder, STAMP));
}

/**
 * What the shards looked like when they were verified: a shard touched since is verified again.
 *
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} digests
 */
async function stampOf(folder, digests) {
  const shards = [...digests].map(async ([name, digest]) => {
    const { size, mtimeMs } = await stat(join(folder, name));
    return [name, { digest, size, mtimeMs }];
  });
  return Object.fromEntries(await Promise.all(shards));
}

/**
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} digests
 */
async function isVerified(folder, digests) {
  try {
    const stamp = await readFile(join(folder, STAMP), "utf8");
    return stamp === JSON.stringify(await stampOf(folder, digests));
  } catch {
    return false;
  }
}

/**
 * Reads and verifies shards that lie there without a stamp, as when somebody put them there.
 *
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} digests
 */
async function isRight(folder, digests) {
  for (const name of digests.keys()) {
    if ((await sizeOf(join(folder, name))) === undefined) return false;
  }
  for (const [name, digest] of digests) {
    if (md5(await readFile(join(folder, name))) !== digest) return false;
  }
  return true;
}

/**
 * Removes what a killed run left behind, but not what another run is working on.
 *
 * @param {string} dataFolder
 */
async function removeStaleParts(dataFolder) {
  const names = await readdir(dataFolder).catch(() => []);
  for (const name of names) {
    const pid = /^cifar-10\.(\d+)\.part$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(dataFolder, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}

/** @param {string} folder */
async function freeBytesOf(folder) {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** @param {number} free */
function checkSpace(free) {
  if (free >= BYTES_NEEDED) return;
  throw new SetupFailure(
    "disk",
    `CIFAR-10 needs ${megabytes(BYTES_NEEDED)} while it is unpacked, and the disk has ` +
      `${megabytes(free)} left`,
    `free some space, then run \`${RETRY}\` again`,
  );
}

/** @param {string} folder */
async function emptyFolder(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

/** @param {string} path */
async function sizeOf(path) {
  try {
    return (await stat(path)).size;
  } catch {
    return undefined;
  }
}
