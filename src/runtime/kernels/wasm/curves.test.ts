/** @file The activations that bend against their definitions in double precision. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CURVES } from "../../spmd/instructions.ts";
import { curveAt, slopeAt } from "../../spmd/testing/interpret-curves.ts";
import { distance } from "../../testing/close.ts";
import { Lab, padded } from "./testing/lab.ts";
import { ALONE, beside, channelCount, draw, Slice, threadCount } from "./testing/slice.ts";

const KINDS = Object.entries(CURVES);

/** Of the maps that values stand in. */
const CHANNELS = 4;

/** Runs a curve over values, whose number is a multiple of 4. */
function curveOf(kind: number, values: Float32Array, alpha: number): Float32Array {
  const lab = new Lab(1, 1, 16);
  const y = lab.allocate(values.byteLength);
  const [pixels, channels] = [values.length / CHANNELS, CHANNELS];
  const words = { x: lab.floats(values), xStride: channels, pixels, channels, kind, alpha };
  lab.run([{ name: "curve", words: { ...words, y, yStride: channels } }]);
  return lab.read(y, values.length);
}

/** Runs the gradient of 1 by every value. */
function slopesOf(kind: number, values: Float32Array, alpha: number): Float32Array {
  const z = kind === CURVES.swish ? values : curveOf(kind, values, alpha);
  const lab = new Lab(1, 1, 16);
  const dx = lab.allocate(values.byteLength);
  const words = {
    z: lab.floats(z),
    zStride: CHANNELS,
    dy: lab.floats(values.map(() => 1)),
    dyStride: CHANNELS,
    pixels: values.length / CHANNELS,
    channels: CHANNELS,
    kind,
    alpha,
    dx,
    dxStride: CHANNELS,
    accumulate: 0,
  };
  lab.run([{ name: "curveGradient", words }]);
  return lab.read(dx, values.length);
}

const COUNT = 1 << 17;

/** Every 32749th bit pattern: all exponents, both signs, denormals and NaN among them. */
function everyFloat(): Float32Array {
  const bits = Uint32Array.from({ length: COUNT }, (_, i) => i * 32749);
  return new Float32Array(bits.buffer);
}

const evenly = (from: number, to: number): Float32Array =>
  Float32Array.from({ length: COUNT }, (_, i) => from + ((to - from) * i) / COUNT);

const RANGES = [
  ["all floats", everyFloat()],
  ["where powers are normal floats", evenly(-110, 110)],
  ["where curves bend", evenly(-5, 5)],
] as const;

/** e⁻⁸⁸·88 and less is counted as zero. */
const TINY = 2e-36;

/** The largest relative error; a value whose finiteness is wrong counts as infinitely far. */
function worstError(found: Float32Array, expected: (at: number) => number): number {
  let worst = 0;
  found.forEach((value, at) => {
    const right = expected(at);
    if (Number.isFinite(right)) {
      const error = Math.abs(value - right) / Math.max(Math.abs(right), TINY / 3e-7);
      worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
    } else if (!Object.is(value, right)) worst = Infinity;
  });
  return worst;
}

describe.each(KINDS)("%s", (_, kind) => {
  it.each(RANGES)("is exact to 3e-7 over %s", (__, values) => {
    const found = curveOf(kind, values, 0.75);
    const error = worstError(found, (at) => curveAt(kind, values[at] ?? NaN, 0.75));
    expect(error).toBeLessThan(3e-7);
  });

  it("has its slope to 4e-7", () => {
    const values = evenly(-30, 30);
    const found = slopesOf(kind, values, 0.75);
    const expected = Float64Array.from(values, (value) => slopeAt(kind, value, 0.75));
    expect(distance(found, expected)).toBeLessThan(4e-7);
  });

  it("keeps zero, so that pads stay zero, and NaN", () => {
    const values = Float32Array.of(0, -0, NaN, 1e-42);
    const found = curveOf(kind, values, 0.5);
    expect(Array.from(found, Math.abs)).toEqual([
      0,
      0,
      NaN,
      Math.fround(curveAt(kind, values[3] ?? NaN, 0.5)),
    ]);
    // Of a leaky ReLU no NaN comes out as slope: as not above 0, it takes the side below.
    expect(slopesOf(kind, values, 0.5)[2]).toBe(kind === CURVES.leakyRelu ? 0.5 : NaN);
  });

  it("has the limits of its definition", () => {
    const found = curveOf(kind, Float32Array.of(Infinity, -Infinity, 3e38, -3e38), 0.5);
    const limits: Readonly<Record<number, readonly number[]>> = {
      [CURVES.elu]: [Infinity, -0.5, 3e38, -0.5],
      [CURVES.leakyRelu]: [Infinity, -Infinity, 3e38, -1.5e38],
      [CURVES.swish]: [Infinity, NaN, 3e38, -0],
      [CURVES.tanh]: [1, -1, 1, -1],
    };
    expect([...found]).toEqual(limits[kind]?.map(Math.fround));
  });
});

const shape = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  pixels: fc.integer({ min: 1, max: 30 }),
  channels: channelCount.map(padded),
  /** Without gaps in any of them, kernels take all pixels at once. */
  beside: fc.oneof(fc.constant([ALONE, ALONE, ALONE] as const), fc.tuple(beside, beside, beside)),
  kind: fc.constantFrom(...Object.values(CURVES)),
  alpha: fc.constantFrom(0.125, 0.75),
  accumulate: fc.boolean(),
  threads: threadCount,
  seed: fc.nat(1e6),
});

const runs = { numRuns: 60 };

describe("on maps of every kind", () => {
  it("a curve maps every value", () => {
    fc.assert(
      fc.property(shape, ({ n, pixels, channels, kind, alpha, seed, threads, ...c }) => {
        const values = draw(n * pixels * channels, seed).map((value) => value * 3);
        const lab = new Lab(n, threads, 16);
        const x = new Slice(lab, n * pixels, channels, c.beside[0], values);
        const y = new Slice(lab, n * pixels, channels, c.beside[1]);
        const words = {
          x: x.at,
          xStride: x.stride,
          pixels,
          channels,
          kind,
          alpha,
          y: y.at,
          yStride: y.stride,
        };
        lab.run([{ name: "curve", words }], threads);
        const expected = values.map((value) => curveAt(kind, value, alpha));
        expect(distance(y.read(), expected)).toBeLessThan(3e-7);
      }),
      runs,
    );
  });

  it("its gradient is the slope's share, written or added", () => {
    fc.assert(
      fc.property(shape, ({ n, pixels, channels, kind, alpha, seed, threads, ...c }) => {
        const length = n * pixels * channels;
        const values = draw(length, seed).map((value) => value * 3);
        const known =
          kind === CURVES.swish ? values : values.map((value) => curveAt(kind, value, alpha));
        const [gradient, before] = [draw(length, seed + 1), draw(length, seed + 2)];
        const lab = new Lab(n, threads, 16);
        const z = new Slice(lab, n * pixels, channels, c.beside[0], known);
        const dy = new Slice(lab, n * pixels, channels, c.beside[1], gradient);
        const start = c.accumulate ? before : undefined;
        const dx = new Slice(lab, n * pixels, channels, c.beside[2], start);
        const words = {
          z: z.at,
          zStride: z.stride,
          dy: dy.at,
          dyStride: dy.stride,
          pixels,
          channels,
          kind,
          alpha,
          dx: dx.at,
          dxStride: dx.stride,
          accumulate: c.accumulate ? 1 : 0,
        };
        lab.run([{ name: "curveGradient", words }], threads);
        const expected = gradient.map(
          (g, i) =>
            g * slopeAt(kind, values[i] ?? NaN, alpha) + (c.accumulate ? (before[i] ?? NaN) : 0),
        );
        expect(distance(dx.read(), expected)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });

  it("may be written over the gradient that it reads", () => {
    const lab = new Lab(1, 1, 16);
    const dy = lab.floats([1, 2, 3, 4]);
    const words = {
      z: lab.floats([0.5, 0, -0.5, 1]),
      zStride: 4,
      dy,
      dyStride: 4,
      pixels: 1,
      channels: 4,
      kind: CURVES.tanh,
      alpha: 0,
      dx: dy,
      dxStride: 4,
      accumulate: 0,
    };
    lab.run([{ name: "curveGradient", words }]);
    expect([...lab.read(dy, 4)]).toEqual([0.75, 2, 2.25, 0]);
  });
});
