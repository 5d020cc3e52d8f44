/** @file The kernels that work on every pixel by itself, against plain loops. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance } from "../../testing/close.ts";
import { Lab, padded } from "./testing/lab.ts";
import { ALONE, beside, channelCount, draw, Slice, threadCount } from "./testing/slice.ts";

const shape = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  pixels: fc.integer({ min: 1, max: 30 }),
  channels: channelCount.map(padded),
  /** Without gaps in any of them, kernels take all pixels at once. */
  beside: fc.oneof(fc.constant([ALONE, ALONE, ALONE] as const), fc.tuple(beside, beside, beside)),
  activation: fc.constantFrom(0, 1, 2),
  accumulate: fc.boolean(),
  threads: threadCount,
  seed: fc.nat(1e6),
});

const activated = (z: number, activation: number): number =>
  activation === 0 ? z : Math.min(Math.max(z, 0), activation === 2 ? 6 : Infinity);

const runs = { numRuns: 40 };

describe("activate", () => {
  it("maps every value", () => {
    fc.assert(
      fc.property(shape, ({ n, pixels, channels, activation, seed, threads, ...c }) => {
        const values = draw(n * pixels * channels, seed).map((value) => value * 5);
        const lab = new Lab(n, threads, 16);
        const x = new Slice(lab, n * pixels, channels, c.beside[0], values);
        const y = new Slice(lab, n * pixels, channels, c.beside[1]);
        const words = {
          x: x.at,
          xStride: x.stride,
          pixels,
          channels,
          activation,
          y: y.at,
          yStride: y.stride,
        };
        lab.run([{ name: "activate", words }], threads);
        const expected = values.map((value) => activated(value, activation));
        expect(distance(y.read(), expected)).toBe(0);
      }),
      runs,
    );
  });

  it("keeps NaN", () => {
    const lab = new Lab(1, 1, 16);
    const y = lab.allocate(16);
    const x = lab.floats([NaN, -1, 7, 3]);
    const words = { x, xStride: 4, pixels: 1, channels: 4, activation: 2, y, yStride: 4 };
    lab.run([{ name: "activate", words }]);
    expect([...lab.read(y, 4)]).toEqual([NaN, 0, 6, 3]);
  });

  it("lets a gradient through where its output is open", () => {
    fc.assert(
      fc.property(shape, ({ n, pixels, channels, activation, seed, threads, ...c }) => {
        const length = n * pixels * channels;
        const outputs = draw(length, seed, "levels").map((value) =>
          activated(value * 4, activation),
        );
        const [gradient, before] = [draw(length, seed + 1), draw(length, seed + 2)];
        const lab = new Lab(n, threads, 16);
        const y = new Slice(lab, n * pixels, channels, c.beside[0], outputs);
        const dy = new Slice(lab, n * pixels, channels, c.beside[1], gradient);
        const start = c.accumulate ? before : undefined;
        const dx = new Slice(lab, n * pixels, channels, c.beside[2], start);
        const words = {
          y: y.at,
          yStride: y.stride,
          dy: dy.at,
          dyStride: dy.stride,
          pixels,
          channels,
          activation,
          dx: dx.at,
          dxStride: dx.stride,
          accumulate: c.accumulate ? 1 : 0,
        };
        lab.run([{ name: "activateGradient", words }], threads);
        const expected = gradient.map((g, i) => {
          const out = outputs[i] ?? NaN;
          const isOpen = activation === 0 || (out > 0 && (activation === 1 || out < 6));
          return (isOpen ? g : 0) + (c.accumulate ? (before[i] ?? NaN) : 0);
        });
        expect(distance(dx.read(), expected)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });
});

describe("add", () => {
  it("adds and activates", () => {
    fc.assert(
      fc.property(shape, ({ n, pixels, channels, activation, seed, threads, ...c }) => {
        const length = n * pixels * channels;
        const [left, right] = [draw(length, seed), draw(length, seed + 1)];
        const lab = new Lab(n, threads, 16);
        const a = new Slice(lab, n * pixels, channels, c.beside[0], left);
        const b = new Slice(lab, n * pixels, channels, c.beside[1], right);
        const y = new Slice(lab, n * pixels, channels, c.beside[2]);
        const words = {
          a: a.at,
          aStride: a.stride,
          b: b.at,
          bStride: b.stride,
          pixels,
          channels,
          activation,
          y: y.at,
          yStride: y.stride,
        };
        lab.run([{ name: "add", words }], threads);
        const expected = left.map((value, i) => activated(value + (right[i] ?? NaN), activation));
        expect(distance(y.read(), expected)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });
});

describe("gather", () => {
  const selections = fc.record({
    shape,
    outputs: channelCount.map(padded),
    /** A run of neighbours, or anything, the same channel several times among it. */
    isOrdered: fc.boolean(),
  });

  const listOf = (outputs: number, sources: number, isOrdered: boolean, seed: number): number[] =>
    [...draw(outputs, seed, "normal")].map((value, j) => {
      if (isOrdered) return j + 1 < sources ? j + 1 : -1;
      return (Math.floor(Math.abs(value) * 1000) % (sources + 1)) - 1;
    });

  it("takes channels, and zeros for −1", () => {
    fc.assert(
      fc.property(selections, ({ shape: s, outputs, isOrdered }) => {
        const { n, pixels, channels: sources, seed, threads } = s;
        const values = draw(n * pixels * sources, seed);
        const list = listOf(outputs, sources, isOrdered, seed);
        const lab = new Lab(n, threads, 16);
        const x = new Slice(lab, n * pixels, sources, s.beside[0], values);
        const y = new Slice(lab, n * pixels, outputs, s.beside[1]);
        const words = {
          x: x.at,
          xStride: x.stride,
          pixels,
          gather: lab.ints(list),
          y: y.at,
          yStride: y.stride,
          channels: outputs,
        };
        lab.run([{ name: "gather", words }], threads);
        const expected = Array.from({ length: n * pixels * outputs }, (_, i) => {
          const source = list[i % outputs] ?? -1;
          return source < 0 ? 0 : (values[Math.floor(i / outputs) * sources + source] ?? NaN);
        });
        expect(distance(y.read(), expected)).toBe(0);
      }),
      runs,
    );
  });

  it("gives a channel the gradients of all that took it", () => {
    fc.assert(
      fc.property(selections, ({ shape: s, outputs, isOrdered }) => {
        const { n, pixels, channels: sources, seed, threads } = s;
        const gradient = draw(n * pixels * outputs, seed + 1);
        const before = draw(n * pixels * sources, seed + 2);
        const list = listOf(outputs, sources, isOrdered, seed);
        const lab = new Lab(n, threads, 16);
        const dy = new Slice(lab, n * pixels, outputs, s.beside[0], gradient);
        const start = s.accumulate ? before : undefined;
        const dx = new Slice(lab, n * pixels, sources, s.beside[1], start);
        const words = {
          dy: dy.at,
          dyStride: dy.stride,
          pixels,
          gather: lab.ints(list),
          channels: outputs,
          dx: dx.at,
          dxStride: dx.stride,
          sources,
          accumulate: s.accumulate ? 1 : 0,
        };
        lab.run([{ name: "gatherGradient", words }], threads);
        const expected = Float64Array.from(before, (value) => (s.accumulate ? value : 0));
        gradient.forEach((g, i) => {
          const source = list[i % outputs] ?? -1;
          if (source < 0) return;
          const to = Math.floor(i / outputs) * sources + source;
          expected[to] = (expected[to] ?? NaN) + g;
        });
        expect(distance(dx.read(), expected)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });
});

describe("the rest", () => {
  it("spreads images over aligned pixels", () => {
    fc.assert(
      fc.property(shape, channelCount, ({ n, pixels, seed, threads }, channels) => {
        const stride = padded(channels);
        const values = draw(n * pixels * channels, seed);
        const lab = new Lab(n, threads, 16);
        const to = new Slice(lab, n * pixels, stride, ALONE);
        const words = { from: lab.floats(values), pixels, channels, to: to.at, stride };
        lab.run([{ name: "spreadImages", words }], threads);
        const expected = Array.from({ length: n * pixels * stride }, (_, i) =>
          i % stride < channels ? values[Math.floor(i / stride) * channels + (i % stride)] : 0,
        );
        expect([...to.read()]).toEqual(expected);
      }),
      runs,
    );
  });

  it("packs the way back, and writes nothing behind the last value", () => {
    fc.assert(
      fc.property(shape, channelCount, ({ n, pixels, seed, threads }, channels) => {
        const stride = padded(channels);
        const values = draw(n * pixels * stride, seed);
        const lab = new Lab(n, threads, 16);
        const size = n * pixels * channels;
        const to = lab.floats(new Float32Array(size + 4).fill(7));
        const words = { from: lab.floats(values), stride, pixels, channels, to };
        lab.run([{ name: "packImages", words }], threads);
        expect([...lab.read(to, size + 4)]).toEqual([
          ...values.filter((_, i) => i % stride < channels),
          7,
          7,
          7,
          7,
        ]);
      }),
      runs,
    );
  });

  it("zeroes", () => {
    fc.assert(
      fc.property(shape, ({ n, pixels, channels, threads, ...c }) => {
        const lab = new Lab(n, threads, 16);
        const y = new Slice(lab, n * pixels, channels, c.beside[0]);
        const words = { y: y.at, yStride: y.stride, pixels, channels };
        lab.run([{ name: "zero", words }], threads);
        expect(y.read().every((value) => value === 0)).toBe(true);
      }),
      runs,
    );
  });
});
