/**
 * @file Fetching the images from sources that answer, lie, break off and fill the disk. The shards
 * are a few bytes long; everything else is as it is.
 */

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeTar, inChunks } from "./archives.fixture.mjs";
import { ensureCifar } from "./cifar.mjs";
import { SHARD_MD5 } from "./shards.mjs";

const NAMES = [...SHARD_MD5.keys()];
const shards = Object.fromEntries(NAMES.map((name) => [name, Buffer.from(`shard ${name}`)]));
const digests = new Map(
  NAMES.map((name) => [name, createHash("md5").update(`shard ${name}`).digest("hex")]),
);
const archive = gzipSync(encodeTar(shards));

/** @type {string} */
let dataFolder;
/** @type {string[]} */
let said;

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "espalier-cifar-"));
  said = [];
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

/** @param {Buffer} bytes */
const source = (bytes, name = "a mirror") => ({ name, open: async () => inChunks(bytes, 100) });

/**
 * @param {string} code
 * @returns {import("./sources.mjs").Source}
 */
const failing = (code) => ({
  name: "a broken mirror",
  open: () => Promise.reject(Object.assign(new Error("no"), { code })),
});

/**
 * @param {import("./sources.mjs").Source[]} sources
 * @param {number} [free]
 */
function ensure(sources, free = 1e12) {
  const say = (/** @type {string} */ text) => void said.push(text);
  const voice = { say, warn: say, show: () => {}, clear: () => {} };
  return ensureCifar({ voice, dataFolder, sources, digests, freeBytes: async () => free });
}

const never = { name: "never", open: () => Promise.reject(new Error("must not be asked")) };
const leftovers = async () => (await readdir(dataFolder)).filter((name) => name !== "cifar-10");

describe("ensureCifar", () => {
  it("fetches, verifies and names the shards, and leaves nothing else", async () => {
    await ensure([source(archive)]);
    const names = await readdir(join(dataFolder, "cifar-10"));
    expect(names.toSorted()).toEqual([".verified.json", "batches.meta.txt", ...NAMES].toSorted());
    expect(await leftovers()).toEqual([]);
  });

  it("asks nobody the second time", async () => {
    await ensure([source(archive)]);
    said = [];
    await ensure([never]);
    expect(said).toEqual([]);
  });

  it("takes the next source when one fails", async () => {
    await ensure([failing("ENOTFOUND"), source(archive)]);
    expect(said.join("\n")).toContain(
      "The network failed while fetching CIFAR-10 from a broken mirror",
    );
    expect(await leftovers()).toEqual([]);
  });

  it("takes the next source when one fails in an unknown way", async () => {
    await ensure([never, source(archive)]);
    expect(said.join("\n")).toContain("must not be asked");
  });

  it("says in one sentence that no source answered", async () => {
    const attempt = ensure([failing("ENOTFOUND"), failing("ECONNREFUSED")]);
    await expect(attempt).rejects.toMatchObject({
      name: "SetupFailure",
      kind: "network",
      message: expect.stringMatching(/^The network failed .* \(ENOTFOUND\): run [^\n]*\.$/),
    });
    expect(await leftovers()).toEqual([]);
  });

  it.each([10, 80, archive.length - 5])("refuses an archive cut at %i bytes", async (length) => {
    const attempt = ensure([source(archive.subarray(0, length))]);
    await expect(attempt).rejects.toMatchObject({ name: "SetupFailure", kind: "archive" });
    expect(await readdir(dataFolder)).toEqual([]);
  });

  it("refuses a shard that is not the official one", async () => {
    const wrong = gzipSync(encodeTar({ ...shards, "data_batch_3.bin": Buffer.from("other") }));
    await expect(ensure([source(wrong)])).rejects.toThrow(
      /^data_batch_3\.bin from a mirror is not the official one \(MD5 [0-9a-f]{32}\): /,
    );
    expect(await readdir(dataFolder)).toEqual([]);
  });

  it("refuses an archive in which a shard is missing", async () => {
    const { "test_batch.bin": _left, ...rest } = shards;
    const attempt = ensure([source(gzipSync(encodeTar(rest)))]);
    await expect(attempt).rejects.toThrow("The archive from a mirror holds no test_batch.bin");
  });

  it("asks no other source when the disk is full", async () => {
    await expect(ensure([failing("ENOSPC"), never])).rejects.toMatchObject({ kind: "disk" });
    expect(said.join("\n")).not.toContain("never");
  });

  it("looks at the free space before it fetches", async () => {
    await expect(ensure([never], 1e8)).rejects.toThrow(/needs 450 MB .* has 100 MB left/);
    expect(await readdir(dataFolder)).toEqual([]);
  });

  it("fetches again what was changed since", async () => {
    await ensure([source(archive)]);
    await writeFile(join(dataFolder, "cifar-10", "test_batch.bin"), "changed");
    await ensure([source(archive)]);
    const text = await readFile(join(dataFolder, "cifar-10", "test_batch.bin"), "utf8");
    expect(text).toBe("shard test_batch.bin");
  });

  it("accepts the right shards without a stamp, as when somebody copied them", async () => {
    await ensure([source(archive)]);
    await utimes(join(dataFolder, "cifar-10", "test_batch.bin"), 1, 1);
    await ensure([never]);
    await ensure([never]);
  });

  it("removes what a killed run left, but not another run's work", async () => {
    // Above every process number there is, and this test's own parent.
    const [dead, alive] = ["cifar-10.99999999.part", `cifar-10.${process.ppid}.part`];
    for (const name of [dead, alive]) await mkdir(join(dataFolder, name));
    await ensure([source(archive)]);
    expect(await leftovers()).toEqual([alive]);
  });
});
