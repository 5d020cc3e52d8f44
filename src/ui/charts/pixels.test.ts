/** @file Filters and maps as pixels: which picture of what, on which scale. */
import { describe, expect, it } from "vitest";
import { filterPictures, mapPicture } from "./pixels.ts";

const greysOf = ({ data }: { readonly data: Uint8ClampedArray }): readonly number[] =>
  [...data].filter((_, i) => i % 4 === 0);

describe("a filter", () => {
  it("of three inputs is one picture in colour, grey where it is zero", () => {
    const values = Float32Array.of(1, 0, -1, 0, 0, 0, 0.5, 0.5, 0.5, 0, 0, -1);
    const [only, another] = filterPictures({ height: 2, width: 2, inputs: 3, values });
    expect(another).toBeUndefined();
    expect([...(only?.pixels.data ?? [])]).toEqual([
      255, 128, 1, 255, 128, 128, 128, 255, 192, 192, 192, 255, 128, 128, 1, 255,
    ]);
  });

  it("of many inputs is their mean and the largest slices, all slices on one scale", () => {
    // Input i has i − 4 at the first place and nothing at the second.
    const values = Float32Array.from({ length: 16 }, (_, i) => (i < 8 ? i - 4 : 0));
    const pictures = filterPictures({ height: 1, width: 2, inputs: 8, values });
    expect(pictures.map(({ title }) => title)).toEqual([
      "mean",
      "input 0",
      "input 1",
      "input 7",
      "input 2",
      "input 6",
    ]);
    const shades = pictures.map(({ pixels }) => greysOf(pixels));
    expect(shades[1]).toEqual([1, 128]);
    // Three quarters of the largest weight, on either side of grey.
    expect([shades[2]?.[0], shades[3]?.[0]]).toEqual([33, 223]);
    expect(shades[0]).toEqual([1, 128]);
  });

  it("without a window is one strip of its inputs", () => {
    const values = Float32Array.from({ length: 10 }, (_, i) => i / 9);
    const [only] = filterPictures({ height: 1, width: 1, inputs: 10, values });
    expect([only?.title, only?.pixels.width, only?.pixels.height]).toEqual(["its 10 inputs", 4, 3]);
    expect(greysOf(only?.pixels ?? { data: new Uint8ClampedArray() })[9]).toBe(255);
  });

  it("of zeros is grey", () => {
    const [only] = filterPictures({ height: 1, width: 1, inputs: 3, values: new Float32Array(3) });
    expect([...(only?.pixels.data ?? [])]).toEqual([128, 128, 128, 255]);
  });
});

describe("a feature map", () => {
  const maps = { height: 1, width: 3, channels: 2, values: Float32Array.of(0, 9, 2, 9, 4, 9) };
  it("goes from its least value, black, to its greatest, white", () => {
    const { pixels, low, high } = mapPicture(maps, 0);
    expect([low, high]).toEqual([0, 4]);
    expect(greysOf(pixels)).toEqual([0, 128, 255]);
  });
  it("is black where it says the same everywhere", () => {
    expect(greysOf(mapPicture(maps, 1).pixels)).toEqual([0, 0, 0]);
  });
});
