/**
 * @file Images into batches: what would be lost without a word if it were wrong. A leaked validation
 * image makes every accuracy a lie; a crop that is off by one costs points that nobody can explain.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CIFAR10_NORMALIZATION,
  CIFAR_AUGMENTATION,
  drawFor,
  epochOrder,
  makeBatch,
  NO_AUGMENTATION,
  splitOff,
  type Dataset,
  type Draw,
} from "./index.ts";
import { firstIndices, randomImages } from "./testing/images.ts";

/** Fifty thousand labels without pixels: all that a split looks at. */
const CIFAR_SIZED: Dataset = { ...randomImages(0), labels: new Uint8Array(50_000) };

/** Pixels as they are: (x / 255 − 0) / 1 · 255. */
const RAW = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };

const sorted = (indices: Iterable<number>): number[] => [...indices].toSorted((a, b) => a - b);

describe("a split", () => {
  const { training, validation } = splitOff(CIFAR_SIZED, 1);

  it("keeps 45 000 images for training and 5 000 apart, together all of them", () => {
    expect([training.length, validation.length]).toEqual([45_000, 5_000]);
    expect(sorted([...training, ...validation])).toEqual([...firstIndices(50_000)]);
  });

  it("is the same for a seed and another for another", () => {
    expect(splitOff(CIFAR_SIZED, 1)).toEqual({ training, validation });
    const other = new Set(splitOff(CIFAR_SIZED, 2).validation);
    const shared = [...validation].filter((index) => other.has(index)).length;
    // Two unrelated tenths share a hundredth, 500 images; ±100 is five standard deviations.
    expect(Math.abs(shared - 500)).toBeLessThan(100);
  });

  it("of any size loses and repeats nothing", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(9), fc.nat(99), (count, tenths, seed) => {
        const parts = splitOff({ ...CIFAR_SIZED, labels: new Uint8Array(count) }, seed, tenths / 10);
        expect(sorted([...parts.training, ...parts.validation])).toEqual([...firstIndices(count)]);
        // The same product as in the code: 45 · 0.7 lies below 31.5, and 45 · 7 / 10 does not.
        expect(parts.validation.length).toBe(Math.round(count * (tenths / 10)));
      }),
    );
  });
});

describe("an epoch's order", () => {
  const indices = splitOff(CIFAR_SIZED, 1).training;

  it("is a permutation of just the images it is given", () => {
    expect(sorted(epochOrder(indices, 1, 0))).toEqual(sorted(indices));
  });

  it("depends on seed and epoch, and on nothing else", () => {
    const first = epochOrder(indices, 1, 0);
    expect(epochOrder(indices, 1, 0)).toEqual(first);
    for (const other of [epochOrder(indices, 1, 1), epochOrder(indices, 2, 0)]) {
      // A random permutation keeps about one image in its place; a few is luck, ten is not.
      const kept = other.filter((index, place) => index === first[place]).length;
      expect(kept).toBeLessThan(10);
    }
  });

  it("leaves the list it was given alone", () => {
    const given = Uint32Array.of(5, 3, 9);
    epochOrder(given, 1, 4);
    expect(given).toEqual(Uint32Array.of(5, 3, 9));
  });
});

describe("augmentation", () => {
  it("of an image depends on seed, epoch and index, not on the batch around it", () => {
    const dataset = randomImages(40);
    const training = { augmentation: CIFAR_AUGMENTATION, seed: 3, epoch: 2 };
    const alone = makeBatch(dataset, Uint32Array.of(17), RAW, training).images;
    for (const batch of [Uint32Array.of(17, 4), Uint32Array.of(4, 30, 17), firstIndices(40)]) {
      const place = batch.indexOf(17);
      const { images } = makeBatch(dataset, batch, RAW, training);
      expect(images.slice(place * 192, (place + 1) * 192)).toEqual(alone);
    }
  });

  it("draws every shift and both sides about equally often, and independently", () => {
    const counts = new Map<string, number>();
    const images = 16_200;
    for (let index = 0; index < images; index++) {
      const { dy, dx, flip } = drawFor(CIFAR_AUGMENTATION, 1, 7, index);
      const key = `${dy} ${dx} ${flip}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(9 * 9 * 2);
    // χ² with 161 degrees of freedom: mean 161, deviation √322 ≈ 18; six deviations is no accident.
    const chi = [...counts.values()].reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
    expect(chi).toBeLessThan(161 + 6 * 18);
    expect(chi).toBeGreaterThan(161 - 6 * 18);
  });

  it("changes from epoch to epoch and from seed to seed", () => {
    const draws = (seed: number, epoch: number): string =>
      JSON.stringify(
        Array.from({ length: 30 }, (_, i) => drawFor(CIFAR_AUGMENTATION, seed, epoch, i)),
      );
    expect(new Set([draws(1, 0), draws(1, 1), draws(2, 0)]).size).toBe(3);
    expect(draws(1, 0)).toBe(draws(1, 0));
  });

  it("can be switched off, wholly or in part", () => {
    for (let index = 0; index < 50; index++) {
      expect(drawFor(NO_AUGMENTATION, 1, 1, index)).toEqual({ dy: 0, dx: 0, flip: false });
      expect(drawFor({ pad: 2, flip: false }, 1, 1, index).flip).toBe(false);
      expect(drawFor({ pad: 0, flip: true }, 1, 1, index)).toMatchObject({ dy: 0, dx: 0 });
    }
  });

  it("crops and flips as the naive version does: frame, flip, cut out", () => {
    const dataset = randomImages(60, 6);
    const augmentation = { pad: 3, flip: true };
    const { images } = makeBatch(dataset, firstIndices(60), RAW, { augmentation, seed: 5, epoch: 1 });
    for (let index = 0; index < 60; index++) {
      const draw = drawFor(augmentation, 5, 1, index);
      const found = Array.from(images.slice(index * 108, (index + 1) * 108), Math.round);
      expect(found, JSON.stringify(draw)).toEqual(naive(dataset, index, draw, 3));
    }
  });
});

/**
 * torchvision's RandomCrop with black padding, then RandomHorizontalFlip, in whole pictures: the
 * framed picture, the window out of it, its columns turned around.
 */
function naive({ pixels, shape }: Dataset, index: number, draw: Draw, pad: number): number[] {
  const [h = 0, w = 0] = shape;
  const framed = Array.from({ length: h + 2 * pad }, (_, y) =>
    Array.from({ length: w + 2 * pad }, (_unused, x) => {
      const [sy, sx] = [y - pad, x - pad];
      if (sy < 0 || sy >= h || sx < 0 || sx >= w) return [0, 0, 0];
      const at = ((index * h + sy) * w + sx) * 3;
      return [...pixels.slice(at, at + 3)];
    }),
  );
  const window = framed
    .slice(pad + draw.dy, pad + draw.dy + h)
    .map((row) => row.slice(pad + draw.dx, pad + draw.dx + w));
  return window.flatMap((row) => (draw.flip ? row.toReversed() : row)).flat();
}

describe("a batch", () => {
  it("is normalized by channel as Network Slimming does it", () => {
    const dataset = { ...randomImages(2), pixels: new Uint8Array(2 * 192).fill(255) };
    dataset.pixels.fill(0, 0, 192);
    const { images } = makeBatch(dataset, firstIndices(2), CIFAR10_NORMALIZATION);
    const black = [-0.4914 / 0.2023, -0.4822 / 0.1994, -0.4465 / 0.201];
    const white = [0.5086 / 0.2023, 0.5178 / 0.1994, 0.5535 / 0.201];
    [...black].forEach((value, c) => expect(images[c]).toBeCloseTo(value, 6));
    [...white].forEach((value, c) => expect(images[192 + c]).toBeCloseTo(value, 6));
  });

  it("brings images and labels in the order asked for, repeats included", () => {
    const dataset = randomImages(20);
    const { images, labels } = makeBatch(dataset, Uint32Array.of(13, 2, 13), RAW);
    expect([...labels]).toEqual([3, 2, 3]);
    expect(Array.from(images.slice(0, 192), Math.round)).toEqual([
      ...dataset.pixels.slice(13 * 192, 14 * 192),
    ]);
    expect(images.slice(384)).toEqual(images.slice(0, 192));
  });

  it("refuses an index past the end as our own mistake", () => {
    expect(() => makeBatch(randomImages(3), Uint32Array.of(3), RAW)).toThrow(/^internal: image 3/);
  });
});
