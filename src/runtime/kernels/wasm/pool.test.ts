/** @file The pooling kernels against plain loops over windows. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance } from "../../testing/close.ts";
import { Lab, padded } from "./testing/lab.ts";
import { beside, channelCount, draw, Slice, threadCount } from "./testing/slice.ts";
import { side, windowsOf, type Windows } from "./testing/windows.ts";

const pooling = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  y: side,
  x: side,
  channels: channelCount.map(padded),
  beside: fc.tuple(beside, beside, beside),
  kind: fc.constantFrom("normal" as const, "levels" as const),
  accumulate: fc.boolean(),
  threads: threadCount,
  seed: fc.nat(1e6),
});
type Pooling = typeof pooling extends fc.Arbitrary<infer T> ? T : never;

const runs = { numRuns: 60 };

interface Setting {
  readonly lab: Lab;
  readonly windows: Windows;
  readonly values: Float32Array;
  readonly x: Slice;
}

function setUp(c: Pooling): Setting {
  const windows = windowsOf(c.n, c.y, c.x);
  const values = draw(windows.pixels * c.channels, c.seed, c.kind);
  const lab = new Lab(c.n, c.threads, 16);
  return {
    lab,
    windows,
    values,
    x: new Slice(lab, windows.pixels, c.channels, c.beside[0], values),
  };
}

describe("forward", () => {
  it.each(["maxPool", "averagePool"] as const)("%s sees only pixels that are there", (name) => {
    fc.assert(
      fc.property(pooling, (c) => {
        const { lab, windows, values, x } = setUp(c);
        const y = new Slice(lab, windows.outputs.length, c.channels, c.beside[1]);
        const words = {
          x: x.at,
          xStride: x.stride,
          channels: c.channels,
          ...windows.words,
          y: y.at,
          yStride: y.stride,
        };
        lab.run([{ name, words }], c.threads);
        const expected = windows.outputs.flatMap((pixels) =>
          Array.from({ length: c.channels }, (_, channel) => {
            const seen = pixels.map(({ pixel }) => values[pixel * c.channels + channel] ?? NaN);
            if (name === "maxPool") return Math.max(...seen);
            return seen.reduce((a, b) => a + b, 0) / seen.length;
          }),
        );
        expect(distance(y.read(), expected)).toBeLessThan(1e-6);
        x.read();
      }),
      runs,
    );
  });

  it("keeps NaN", () => {
    const lab = new Lab(1, 1, 16);
    const x = lab.floats([NaN, 1, 1, 1, 1, NaN, 1, 1, 1, 1, NaN, 1, 1, 1, 1, 2]);
    const y = lab.allocate(16);
    const { words } = windowsOf(1, { size: 2, stride: 1, before: 0, after: 0, pixels: 2 });
    lab.run([{ name: "maxPool", words: { x, xStride: 4, channels: 4, ...words, y, yStride: 4 } }]);
    expect([...lab.read(y, 4)]).toEqual([NaN, NaN, NaN, 2]);
  });
});

describe("backward", () => {
  it.each(["maxPoolGradient", "averagePoolGradient"] as const)("%s", (name) => {
    fc.assert(
      fc.property(pooling, (c) => {
        const { lab, windows, values, x } = setUp(c);
        const gradient = draw(windows.outputs.length * c.channels, c.seed + 1);
        const before = draw(values.length, c.seed + 2);
        const dy = new Slice(lab, windows.outputs.length, c.channels, c.beside[1], gradient);
        const start = c.accumulate ? before : undefined;
        const dx = new Slice(lab, windows.pixels, c.channels, c.beside[2], start);
        const words = {
          x: x.at,
          xStride: x.stride,
          channels: c.channels,
          ...windows.words,
          dy: dy.at,
          dyStride: dy.stride,
          dx: dx.at,
          dxStride: dx.stride,
          accumulate: c.accumulate ? 1 : 0,
        };
        lab.run([{ name, words }], c.threads);
        const expected = Float64Array.from(before, (value) => (c.accumulate ? value : 0));
        windows.outputs.forEach((pixels, output) => {
          for (let channel = 0; channel < c.channels; channel++) {
            const g = gradient[output * c.channels + channel] ?? NaN;
            const places = pixels.map(({ pixel }) => pixel * c.channels + channel);
            const seen = places.map((place) => values[place] ?? NaN);
            const winner = seen.indexOf(Math.max(...seen));
            places.forEach((place, i) => {
              const share = name === "maxPoolGradient" ? Number(i === winner) : 1 / places.length;
              expected[place] = (expected[place] ?? NaN) + g * share;
            });
          }
        });
        expect(distance(dx.read(), expected)).toBeLessThan(1e-6);
        dy.read();
      }),
      runs,
    );
  });
});
