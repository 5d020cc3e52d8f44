/**
 * @file The PNG reader against an encoder written for these tests.
 */

import { describe, expect, it } from "vitest";
import { encodePng } from "./archives.fixture.mjs";
import { decodePng } from "./png.mjs";

const width = 7;
const height = 11;
/** Noise without `Math.random`: each test run sees the same picture. */
const pixels = Uint8Array.from(
  { length: width * height * 3 },
  (_, i) => (i * i * 31 + i * 7) % 256,
);

describe("decodePng", () => {
  it.each([0, 1, 2, 3, 4])("reads rows of filter %i", (filter) => {
    const file = encodePng({ width, height, pixels, filterOf: () => filter });
    expect(decodePng(file)).toEqual({ width, height, pixels: Buffer.from(pixels) });
  });

  it("reads rows of all filters in turn", () => {
    const file = encodePng({ width, height, pixels, filterOf: (row) => row % 5 });
    expect(decodePng(file).pixels).toEqual(Buffer.from(pixels));
  });

  it("refuses what is no PNG", () => {
    expect(() => decodePng(Buffer.from("<!doctype html>"))).toThrow("not a PNG picture");
  });

  it("refuses other kinds of picture", () => {
    const file = encodePng({ width, height, pixels, filterOf: () => 0, kind: "0806000000" });
    expect(() => decodePng(file)).toThrow("not an 8-bit RGB picture");
  });

  it("refuses an unknown row filter", () => {
    const file = encodePng({ width, height, pixels, filterOf: () => 9 });
    expect(() => decodePng(file)).toThrow("unknown row filter (9)");
  });

  it("refuses a picture that is cut anywhere", () => {
    const file = encodePng({ width, height, pixels, filterOf: () => 4 });
    // Up to the last byte of the last chunk with pixels; what follows is the end mark alone.
    for (let length = 0; length < file.length - 16; length++) {
      expect(() => decodePng(file.subarray(0, length))).toThrow(/\w/);
    }
  });
});
