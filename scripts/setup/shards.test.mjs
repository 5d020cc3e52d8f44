/**
 * @file The layout of a shard, and where shards are found in an archive.
 */

import { describe, expect, it } from "vitest";
import { SHARD_MD5, shardsIn, toShard } from "./shards.mjs";

describe("toShard", () => {
  it("puts the label first and the colours into planes", () => {
    const pixels = Buffer.from(Array.from({ length: 2 * 3 * 1024 }, (_, i) => (i % 3) * 10 + 1));
    const shard = toShard(pixels, [3, 9]);
    expect(shard).toHaveLength(2 * 3073);
    expect([shard[0], shard[3073]]).toEqual([3, 9]);
    expect(shard.subarray(1, 1025).every((value) => value === 1)).toBe(true);
    expect(shard.subarray(1025, 2049).every((value) => value === 11)).toBe(true);
    expect(shard.subarray(2049, 3073).every((value) => value === 21)).toBe(true);
  });

  it("refuses labels that do not fit the images", () => {
    expect(() => toShard(Buffer.alloc(3 * 1024), [1, 2])).toThrow("2 labels for 1 images");
  });
});

describe("shardsIn", () => {
  it("takes the official shards as they are and leaves the rest", async () => {
    async function* archive() {
      yield { name: "cifar-10-batches-bin/readme.html", bytes: Buffer.from("<p>") };
      for (const name of SHARD_MD5.keys()) {
        yield { name: `cifar-10-batches-bin/${name}`, bytes: Buffer.from(name) };
      }
    }
    const found = [];
    for await (const shard of shardsIn(archive())) found.push([shard.name, shard.bytes.toString()]);
    expect(found).toEqual([...SHARD_MD5.keys()].map((name) => [name, name]));
  });
});
