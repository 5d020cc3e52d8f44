import { describe, expect, it } from "vitest";
import { CIFAR100_CLASSES, CIFAR10_CLASSES, countOf } from "../../data/index.ts";
import { CIFAR100_RECORD, CIFAR10_RECORD } from "../sniff.ts";
import { cifar100Bytes, cifarBytes } from "../testing/samples.ts";
import { readCifarShards } from "./read.ts";
import { Room } from "./room.ts";

describe("readCifarShards", () => {
  it("weaves the planes together and keeps the labels", () => {
    const bytes = cifarBytes(3);
    const { test } = readCifarShards([{ name: "test_batch.bin", bytes }]);
    expect(test).toMatchObject({ shape: [32, 32, 3], classes: CIFAR10_CLASSES });
    for (const [image, place] of [
      [0, 0],
      [1, 33],
      [2, 1023],
    ] as const) {
      const record = image * CIFAR10_RECORD;
      expect(test?.labels[image]).toBe(bytes[record]);
      for (let channel = 0; channel < 3; channel++) {
        const pixel = test?.pixels[(image * 1024 + place) * 3 + channel];
        expect(pixel).toBe(bytes[record + 1 + channel * 1024 + place]);
      }
    }
  });

  it("puts training shards in order whatever the order they came in", () => {
    const shards = [10, 2, 1].map((k) => ({
      name: `d/data_batch_${k}.bin`,
      bytes: cifarBytes(2, k),
    }));
    const { training, test, notes } = readCifarShards(shards);
    expect(test).toBeUndefined();
    expect(training?.name).toBe("CIFAR-10 training (data_batch_1, data_batch_2, data_batch_10)");
    expect(training?.pixels[0]).toBe(cifarBytes(2, 1)[1]);
    expect(notes).toEqual(["6 of CIFAR-10's 50 000 training images are here"]);
  });

  it("reads the whole of CIFAR-10", () => {
    const shards = [1, 2, 3, 4, 5].map((k) => ({
      name: `data_batch_${k}.bin`,
      bytes: cifarBytes(10_000, k),
    }));
    const { training, test, notes } = readCifarShards([
      ...shards,
      { name: "test_batch.bin", bytes: cifarBytes(10_000, 6) },
    ]);
    expect(training?.name).toBe("CIFAR-10 training");
    expect(test?.name).toBe("CIFAR-10 test");
    expect([training, test].map((set) => set && countOf(set))).toEqual([50_000, 10_000]);
    expect(notes).toEqual([]);
    // Each shard at its place, whatever order they came in.
    const again = readCifarShards(shards.toReversed()).training;
    expect(Buffer.compare(again?.pixels ?? Buffer.of(), training?.pixels ?? Buffer.of())).toBe(0);
    expect(again?.labels).toEqual(training?.labels);
    const some = readCifarShards(shards.slice(2, 4)).training;
    const two = training?.pixels.subarray(20_000 * 3072, 40_000 * 3072) ?? Buffer.of();
    expect(Buffer.compare(some?.pixels ?? Buffer.of(), two)).toBe(0);
    expect(some?.pixels.buffer.byteLength).toBe(20_000 * 3072);
  });

  it("reads CIFAR-100 by its fine labels", () => {
    const bytes = cifar100Bytes(3);
    const { test, training, notes } = readCifarShards([
      { name: "test.bin", bytes },
      { name: "train.bin", bytes: cifar100Bytes(2, 5) },
    ]);
    expect(test).toMatchObject({ classes: CIFAR100_CLASSES, name: "CIFAR-100 test (test)" });
    expect(CIFAR100_CLASSES.slice(53, 55)).toEqual(["orange", "orchid"]);
    expect(training?.labels).toHaveLength(2);
    expect(notes).toEqual(["2 of CIFAR-100's 50 000 training images are here"]);
    for (let image = 0; image < 3; image++) {
      const record = image * CIFAR100_RECORD;
      expect(test?.labels[image]).toBe(bytes[record + 1]);
      expect(test?.pixels[image * 3072]).toBe(bytes[record + 2]);
    }
  });

  it("refuses CIFAR-10 and CIFAR-100 together, and a fine label beyond the classes", () => {
    const both = [
      { name: "test_batch.bin", bytes: cifarBytes(1) },
      { name: "test.bin", bytes: cifar100Bytes(1) },
    ];
    expect(() => readCifarShards(both)).toThrow(
      expect.objectContaining({
        code: "files/bad-field",
        where: "test.bin",
        expected: "CIFAR-10, as test_batch.bin is",
        found: "CIFAR-100",
      }),
    );
    const bytes = cifar100Bytes(2);
    bytes[CIFAR100_RECORD + 1] = 100;
    expect(() => readCifarShards([{ name: "train.bin", bytes }])).toThrow(
      expect.objectContaining({
        code: "files/bad-label",
        where: "train.bin › image 1 at byte 3 074",
        expected: "a label from 0 to 99",
      }),
    );
  });

  it("takes a shard of unknown name by its size and says so", () => {
    const { test, notes } = readCifarShards([{ name: "mine.bin", bytes: cifarBytes(4) }]);
    expect(test?.name).toBe("CIFAR-10 test (mine)");
    expect(notes).toEqual(["mine.bin was taken as test images, by its size"]);
  });

  it("refuses what is damaged and says where", () => {
    const bytes = cifarBytes(5);
    bytes[3 * CIFAR10_RECORD] = 10;
    expect(() => readCifarShards([{ name: "test_batch.bin", bytes }])).toThrow(
      expect.objectContaining({
        code: "files/bad-label",
        where: "test_batch.bin › image 3 at byte 9 219",
        found: "10",
      }),
    );
    const short = cifarBytes(5).subarray(0, -1);
    expect(() => readCifarShards([{ name: "test_batch.bin", bytes: short }])).toThrow(
      expect.objectContaining({
        code: "files/truncated",
        found: "15 364 bytes, 1 byte short of 5 images",
      }),
    );
    const twice = { name: "test_batch.bin", bytes: cifarBytes(1) };
    expect(() => readCifarShards([twice, twice])).toThrow(
      expect.objectContaining({ code: "files/duplicate-name" }),
    );
    // Either name is the same shard, of which there is one place.
    for (const name of ["data_batch_1", "test_batch"]) {
      const shards = [name, `x/${name}.bin`].map((one) => ({ name: one, bytes: cifarBytes(1) }));
      expect(() => readCifarShards(shards), name).toThrow(
        expect.objectContaining({ code: "files/duplicate-name", where: `x/${name}.bin` }),
      );
    }
  });
});

describe("a room", () => {
  it("gives each of its places once, and is full when all of them are taken", () => {
    const room = new Room(4, ["a", "b"]);
    const [first, again] = [room.partFor("a", 2), room.partFor("a", 2)];
    first.labels.fill(1);
    again.labels.fill(2);
    expect([...room.join([first, again]).labels]).toEqual([1, 1, 2, 2]);
    const second = room.partFor("b", 2);
    second.labels.fill(3);
    const whole = room.join([first, second]);
    expect([...whole.labels]).toEqual([1, 1, 3, 3]);
    expect(whole.labels.buffer).toBe(first.labels.buffer);
    expect([...room.join([first, first]).labels]).toEqual([1, 1, 1, 1]);
  });
});
