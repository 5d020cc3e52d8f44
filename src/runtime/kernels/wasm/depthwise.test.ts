/** @file The depthwise kernels against plain loops over windows, in double precision. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { distance } from "../../testing/close.ts";
import { Lab } from "./testing/lab.ts";
import {
  beside,
  channelCount,
  draw,
  drawMap,
  layoutOf,
  Slice,
  threadCount,
} from "./testing/slice.ts";
import { side, windowsOf } from "./testing/windows.ts";

const layer = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  y: side,
  x: side,
  channels: channelCount,
  hasGap: fc.boolean(),
  beside: fc.tuple(beside, beside),
  activation: fc.constantFrom(0, 1, 2),
  hasScale: fc.boolean(),
  hasBias: fc.boolean(),
  accumulate: fc.boolean(),
  threads: threadCount,
  seed: fc.nat(1e6),
});
type Layer = typeof layer extends fc.Arbitrary<infer T> ? T : never;

const runs = { numRuns: 80 };

function setUp(c: Layer) {
  const windows = windowsOf(c.n, c.y, c.x);
  const layout = layoutOf(c.channels, c.hasGap);
  const taps = c.y.size * c.x.size;
  const lab = new Lab(c.n, c.threads, 16);
  return { windows, layout, taps, lab, weights: draw(taps * layout.logical, c.seed + 5) };
}

it("convolves, and sums what it writes", () => {
  fc.assert(
    fc.property(layer, (c) => {
      const { windows, layout, taps, lab, weights } = setUp(c);
      const { logical, physical, map } = layout;
      const values = drawMap(layout, windows.pixels, c.seed);
      const [scale, bias] = [draw(logical, c.seed + 1), drawMap(layout, 1, c.seed + 2)];
      const outputs = windows.outputs.length;
      const x = new Slice(lab, windows.pixels, physical, c.beside[0], values);
      const y = new Slice(lab, outputs, physical, c.beside[1]);
      const packed = lab.floats(new Float32Array(taps * physical).fill(7));
      const partials = lab.floats(new Float32Array(c.threads * physical * 4).fill(7));
      const pack = {
        w: lab.floats(weights),
        taps,
        channels: logical,
        map: lab.ints(map),
        physical,
        packed,
        scale: c.hasScale ? lab.floats(scale) : 0,
      };
      const words = {
        x: x.at,
        xStride: x.stride,
        channels: physical,
        ...windows.words,
        y: y.at,
        yStride: y.stride,
        w: packed,
        bias: c.hasBias ? lab.floats(bias) : 0,
        activation: c.activation,
        partials,
      };
      lab.run(
        [
          { name: "packDepthwise", words: pack },
          { name: "depthwise", words },
        ],
        c.threads,
      );
      const expected = new Float64Array(outputs * physical);
      windows.outputs.forEach((pixels, output) => {
        map.forEach((place, l) => {
          let sum = c.hasBias ? (bias[place] ?? NaN) : 0;
          for (const { pixel, tap } of pixels) {
            const weight =
              (weights[tap * logical + l] ?? NaN) * (c.hasScale ? (scale[l] ?? NaN) : 1);
            sum += (values[pixel * physical + place] ?? NaN) * weight;
          }
          if (c.activation > 0) sum = Math.max(0, sum);
          expected[output * physical + place] = c.activation === 2 ? Math.min(6, sum) : sum;
        });
      });
      expect(distance(y.read(), expected)).toBeLessThan(1e-5);
      const sums = new Float64Array(2 * physical);
      expected.forEach((value, i) => {
        const channel = i % physical;
        sums[channel] = (sums[channel] ?? 0) + value;
        sums[physical + channel] = (sums[physical + channel] ?? 0) + value ** 2;
      });
      const found = lab.readDoubles(partials, c.threads * 2 * physical);
      const added = sums.map((_, i) => {
        let sum = 0;
        for (let t = 0; t < c.threads; t++) sum += found[t * 2 * physical + i] ?? NaN;
        return sum;
      });
      expect(distance(added, sums)).toBeLessThan(1e-5);
    }),
    runs,
  );
});

it("gives the input its gradient", () => {
  fc.assert(
    fc.property(layer, (c) => {
      const { windows, layout, taps, lab } = setUp(c);
      const { physical } = layout;
      const weights = drawMap(layout, taps, c.seed + 5);
      const gradient = drawMap(layout, windows.outputs.length, c.seed + 1);
      const before = drawMap(layout, windows.pixels, c.seed + 2);
      const dy = new Slice(lab, windows.outputs.length, physical, c.beside[0], gradient);
      const start = c.accumulate ? before : undefined;
      const dx = new Slice(lab, windows.pixels, physical, c.beside[1], start);
      const words = {
        dy: dy.at,
        dyStride: dy.stride,
        channels: physical,
        ...windows.words,
        dx: dx.at,
        dxStride: dx.stride,
        w: lab.floats(weights),
        accumulate: c.accumulate ? 1 : 0,
      };
      lab.run([{ name: "depthwiseInput", words }], c.threads);
      const expected = Float64Array.from(before, (value) => (c.accumulate ? value : 0));
      windows.outputs.forEach((pixels, output) => {
        for (const { pixel, tap } of pixels) {
          for (let channel = 0; channel < physical; channel++) {
            const g = gradient[output * physical + channel] ?? NaN;
            const to = pixel * physical + channel;
            expected[to] = (expected[to] ?? NaN) + g * (weights[tap * physical + channel] ?? NaN);
          }
        }
      });
      expect(distance(dx.read(), expected)).toBeLessThan(1e-5);
    }),
    runs,
  );
});

it("gives the weights their gradient", () => {
  fc.assert(
    fc.property(layer, (c) => {
      const { windows, layout, taps, lab } = setUp(c);
      const { logical, physical, map } = layout;
      const values = drawMap(layout, windows.pixels, c.seed);
      const gradient = drawMap(layout, windows.outputs.length, c.seed + 1);
      const x = new Slice(lab, windows.pixels, physical, c.beside[0], values);
      const dy = new Slice(lab, windows.outputs.length, physical, c.beside[1], gradient);
      const floats = taps * physical + 16;
      const sums = lab.floats(new Float32Array(c.threads * floats).fill(7));
      const sumsStride = floats * 4;
      const to = lab.floats(new Float32Array(taps * logical + 1).fill(99));
      const words = {
        x: x.at,
        xStride: x.stride,
        channels: physical,
        ...windows.words,
        dy: dy.at,
        dyStride: dy.stride,
        sums,
        sumsStride,
      };
      const reduce = {
        sums,
        sumsStride,
        taps,
        channels: physical,
        logical,
        map: lab.ints(map),
        gradient: to,
      };
      lab.run(
        [
          { name: "depthwiseGradient", words },
          { name: "reduceDepthwiseGradient", words: reduce },
        ],
        c.threads,
      );
      const expected = new Float64Array(taps * logical + 1);
      expected[taps * logical] = 99;
      windows.outputs.forEach((pixels, output) => {
        for (const { pixel, tap } of pixels) {
          map.forEach((place, l) => {
            const g = gradient[output * physical + place] ?? NaN;
            const at = tap * logical + l;
            expected[at] = (expected[at] ?? NaN) + g * (values[pixel * physical + place] ?? NaN);
          });
        }
      });
      expect(distance(lab.read(to, taps * logical + 1), expected)).toBeLessThan(1e-5);
    }),
    runs,
  );
});
