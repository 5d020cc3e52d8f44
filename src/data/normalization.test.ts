/** @file What a network is fed: the usual figures by name, what is assumed, and figures as typed. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusal } from "../core/testing/refusal.ts";
import { buildArchitecture, GraphBuilder, initialize, withNormalization } from "../model/index.ts";
import {
  CIFAR10_NORMALIZATION,
  IMAGENET_NORMALIZATION,
  normalizationOf,
  readNormalization,
  sameNormalization,
  titleOf,
  usualNormalizations,
} from "./index.ts";
import { assumedNormalization } from "./normalization.ts";

/** What a byte becomes under a usual normalization. */
function fed(name: string, byte: number): number {
  const usual = usualNormalizations(1).find((one) => one.name === name);
  const { mean: [mean = NaN] = [], std: [std = NaN] = [] } = usual?.normalization ?? {};
  return (byte / 255 - mean) / std;
}

function graphOf(...shape: number[]) {
  const b = new GraphBuilder();
  return b.finish("one", b.conv("conv", b.input(shape), { filters: 2 }));
}

describe("the usual normalizations", () => {
  it.each([
    ["unit", 0, 1],
    ["signed", -1, 1],
    ["bytes", 0, 255],
  ])("%s feeds black as %d and white as %d", (name, black, white) => {
    expect(fed(name, 0)).toBeCloseTo(black, 9);
    expect(fed(name, 255)).toBeCloseTo(white, 9);
  });

  it("are told apart by their figures, and own figures from all of them", () => {
    for (const channels of [1, 3, 4]) {
      for (const { title, normalization } of usualNormalizations(channels)) {
        expect(titleOf(normalization)).toBe(title);
      }
    }
    expect(titleOf({ mean: [0.49, 0.48, 0.45], std: [0.2, 0.2, 0.2] })).toBeUndefined();
    expect(sameNormalization(CIFAR10_NORMALIZATION, IMAGENET_NORMALIZATION)).toBe(false);
  });
});

describe("what is assumed", () => {
  it("is CIFAR-10's for colour, ImageNet's for large colour images, pixels in 0…1 for the rest", () => {
    expect(assumedNormalization(graphOf(32, 32, 3))).toEqual(CIFAR10_NORMALIZATION);
    expect(assumedNormalization(graphOf(224, 224, 3))).toEqual(IMAGENET_NORMALIZATION);
    expect(assumedNormalization(graphOf(28, 28, 1))).toEqual({ mean: [0], std: [1] });
  });

  it("gives way to what the network says", () => {
    const network = initialize(graphOf(32, 32, 3), { seed: 1 });
    expect(normalizationOf(network)).toEqual(CIFAR10_NORMALIZATION);
    const says = withNormalization(network, IMAGENET_NORMALIZATION);
    expect(normalizationOf(says)).toEqual(IMAGENET_NORMALIZATION);
    expect(network.metadata).toEqual({});
    expect(buildArchitecture("vgg11:width=0.0625", 1).metadata).toEqual({});
  });
});

describe("typed figures", () => {
  it("come back as they were typed, apart by commas or blanks", () => {
    const figure = fc.double({ min: 1e-3, max: 10, noNaN: true });
    const three = fc.tuple(figure, figure, figure);
    fc.assert(
      fc.property(three, three, fc.constantFrom(",", ", ", " ", "; ", "\n"), (mean, std, apart) => {
        const typed = { mean: mean.join(apart), std: ` ${std.join(apart)} ` };
        expect(readNormalization(typed, 3)).toEqual({ mean, std });
      }),
    );
  });

  it("stand for every channel when there is only one", () => {
    expect(readNormalization({ mean: "0.5", std: ".25" }, 3)).toEqual({
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.25, 0.25],
    });
  });

  it.each([
    ["", "1", "mean", "nothing"],
    ["0.5, 0.5", "1", "mean", "0.5, 0.5"],
    ["0.5 half 0.5", "1", "mean", "0.5 half 0.5"],
    ["Infinity", "1", "mean", "Infinity"],
    ["0x1", "1", "mean", "0x1"],
    ["0", "0.2 0 0.2", "deviation", "0.2 0 0.2"],
    ["0", "-1", "deviation", "-1"],
    ["0", "1e999", "deviation", "1e999"],
  ])("%j and %j are refused by name", async (mean, std, where, found) => {
    expect(await refusal(() => readNormalization({ mean, std }, 3))).toMatchObject({
      code: "data/bad-normalization",
      where,
      found,
    });
  });
});
