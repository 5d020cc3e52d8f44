/** @file Equality by bytes says nothing else than vitest's own, and says it at once. */

import { describe, expect, it } from "vitest";
import { haveSameBytes } from "./typed-arrays.mjs";

describe("haveSameBytes", () => {
  it("knows equal arrays, also in the middle of others and of what no value equals", () => {
    const many = Float32Array.of(7, 1, Number.NaN, 3);
    expect(haveSameBytes(many.subarray(1), Float32Array.of(1, Number.NaN, 3))).toBe(true);
    expect(haveSameBytes(new DataView(many.buffer), new DataView(many.slice().buffer))).toBe(true);
  });

  it("has no opinion of others", () => {
    const one = Float32Array.of(1);
    const others = [Float32Array.of(2), Float32Array.of(1, 1), new Uint32Array(one.buffer), [1], 1];
    for (const other of others) expect(haveSameBytes(one, other)).toBeUndefined();
  });

  it("leaves all else to vitest", () => {
    const equal = new Map([["w", { values: Float32Array.of(1, 2) }]]);
    expect(new Map([["w", { values: Float32Array.of(1, 2) }]])).toEqual(equal);
    expect(new Map([["w", { values: Float32Array.of(1, 3) }]])).not.toEqual(equal);
    expect(Float32Array.of(-0)).not.toEqual(Float32Array.of(0));
    expect(Uint8Array.of(1)).not.toEqual(Int8Array.of(1));
    expect({ values: Float32Array.of(1) }).toEqual({ values: expect.any(Float32Array) });
  });
});
