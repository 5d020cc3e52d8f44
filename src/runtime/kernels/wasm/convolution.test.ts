/**
 * @file The convolution kernels against their definitions, on random shapes: forward to 1e-5, gradients
 * to 1e-4 of the largest value.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeRandom } from "../../../core/index.ts";
import { distance } from "../../testing/close.ts";
import {
  convolve,
  inputGradient,
  outputSize,
  weightGradient,
  type ConvolutionCase,
} from "./testing/convolution-reference.ts";
import { gathered, Lab, padded, spread } from "./testing/lab.ts";

/** F(4×4) multiplies by up to 8 and adds many terms: a digit less. */
const FORWARD = { 2: 1e-5, 4: 3e-5 };
const GRADIENT = 1e-4;

const sizes = { numRuns: 30 };

/** Random values of about 1; `[seed, stream]` names them. */
function values(length: number, stream: number): Float32Array {
  const random = makeRandom(length, stream);
  return Float32Array.from({ length }, () => random.normal());
}

/** Logical channel c at c, or with a gap of 4 in the middle as in a concatenation. */
function mapOf(channels: number, hasGap: boolean): { map: number[]; physical: number } {
  const cut = hasGap ? (channels >> 1) & ~3 : channels;
  const map = Array.from({ length: channels }, (_, c) => (c < cut ? c : c + 4));
  return { map, physical: padded((map.at(-1) ?? 0) + 1) };
}

function place(x: ArrayLike<number>, map: readonly number[], stride: number): Float32Array {
  const pixels = x.length / map.length;
  const out = new Float32Array(pixels * stride);
  for (let p = 0; p < pixels; p++) {
    map.forEach((to, c) => {
      out[p * stride + to] = x[p * map.length + c] ?? 0;
    });
  }
  return out;
}

function pick(x: ArrayLike<number>, map: readonly number[], stride: number): Float32Array {
  const pixels = x.length / stride;
  return Float32Array.from(
    { length: pixels * map.length },
    (_, i) => x[Math.floor(i / map.length) * stride + (map[i % map.length] ?? 0)] ?? NaN,
  );
}

interface Variation {
  readonly hasGap: boolean;
  /** Channels beside the slice in the same buffer. */
  readonly beside: number;
  readonly threads: number;
}

const variation: fc.Arbitrary<Variation> = fc.record({
  hasGap: fc.boolean(),
  beside: fc.constantFrom(0, 4, 8),
  threads: fc.integer({ min: 1, max: 3 }),
});

describe.each([2, 4] as const)("Winograd F(%i×…, 3×3)", (variant) => {
  const planes = (variant + 2) ** 2;
  const shapes = fc.record({
    n: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    cin: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 70 }) },
      { weight: 1, arbitrary: fc.constant(130) },
    ),
    cout: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 70 }) },
      { weight: 1, arbitrary: fc.constant(130) },
    ),
    padding: fc.tuple(
      fc.integer({ min: 1, max: 2 }),
      fc.integer({ min: 1, max: 2 }),
      fc.integer({ min: 1, max: 2 }),
      fc.integer({ min: 1, max: 2 }),
    ),
    tiles: fc.constantFrom(4, 8, 24),
  });

  it("convolves as the definition says", () => {
    fc.assert(
      fc.property(shapes, variation, fc.boolean(), (shape, v, accumulate) => {
        const transforms = shape.tiles === 24;
        const c: ConvolutionCase = { ...shape, kernel: [3, 3], stride: [1, 1] };
        const [rows, columns] = outputSize(c);
        const { map, physical } = mapOf(c.cin, v.hasGap);
        const stride = physical + v.beside;
        const filters = padded(c.cout);
        const x = values(c.n * c.height * c.width * c.cin, 1);
        const w = values(9 * c.cin * c.cout, 2);
        const lab = new Lab(c.n, v.threads);
        const planeStride = Math.ceil(c.cout / 8) * physical * 8 + 16;
        const u = lab.allocate(planes * planeStride * 4);
        const y = lab.floats(
          Float32Array.from({ length: c.n * rows * columns * filters }, (_, i) =>
            i % filters < c.cout ? 1 : 0,
          ),
        );
        const partials = lab.allocate(v.threads * filters * 16);
        const cinMap = lab.ints(map);
        const wAt = lab.floats(w);
        lab.run(
          [
            {
              name: "packWinograd",
              words: {
                w: wAt,
                cin: c.cin,
                cout: c.cout,
                cinMap,
                cinPhysical: physical,
                scale: 0,
                u,
                planeStride,
                variant,
              },
            },
            {
              name: "winograd",
              words: {
                x: lab.floats(place(x, map, stride)),
                xStride: stride,
                height: c.height,
                width: c.width,
                channels: physical,
                padTop: c.padding[0],
                padLeft: c.padding[2],
                rows,
                columns,
                y,
                yStride: filters,
                filters,
                u: transforms ? 0 : u,
                planeStride,
                bias: 0,
                activation: 0,
                accumulate: accumulate ? 1 : 0,
                partials,
                tiles: shape.tiles,
                variant,
                w: wAt,
                cin: c.cin,
                cout: c.cout,
                cinMap,
                turned: 0,
              },
            },
          ],
          v.threads,
        );
        const expected = convolve(c, x, w).map((value) => value + (accumulate ? 1 : 0));
        const found = lab.read(y, c.n * rows * columns * filters);
        expect(distance(gathered(found, c.cout, filters), expected)).toBeLessThan(FORWARD[variant]);
        // The pads stay zero, and the sums are those of what was written.
        found.forEach((value, i) => {
          if (i % filters >= c.cout) expect(value).toBe(0);
        });
        const sums = new Float64Array(2 * c.cout);
        expected.forEach((value, i) => {
          const channel = i % c.cout;
          sums[channel] = (sums[channel] ?? 0) + value;
          sums[c.cout + channel] = (sums[c.cout + channel] ?? 0) + value * value;
        });
        const parts = lab.readDoubles(partials, v.threads * filters * 2);
        const added = sums.map((_, i) => {
          const at = i < c.cout ? i : filters + i - c.cout;
          return Array.from({ length: v.threads }).reduce<number>(
            (sum, __, t) => sum + (parts[t * filters * 2 + at] ?? NaN),
            0,
          );
        });
        expect(distance(added, sums)).toBeLessThan(FORWARD[variant]);
      }),
      sizes,
    );
  });

  it("has the gradients of the definition", () => {
    fc.assert(
      fc.property(shapes, variation, fc.boolean(), (shape, v, isShared) => {
        const c: ConvolutionCase = { ...shape, kernel: [3, 3], stride: [1, 1] };
        const [rows, columns] = outputSize(c);
        const { map, physical } = mapOf(c.cin, v.hasGap);
        const stride = physical + v.beside;
        const filters = padded(c.cout);
        const x = values(c.n * c.height * c.width * c.cin, 1);
        const w = values(9 * c.cin * c.cout, 2);
        const dy = values(c.n * rows * columns * c.cout, 3);
        const lab = new Lab(c.n, v.threads);
        const planeStride = Math.ceil(physical / 8) * filters * 8 + 16;
        const u = lab.allocate(planes * planeStride * 4);
        const cinMap = lab.ints(map);
        const dyAt = lab.floats(spread(dy, c.cout, filters));
        const dx = lab.allocate(c.n * c.height * c.width * stride * 4);
        const sumsPlane = physical * Math.ceil(c.cout / 8) * 8 + 16;
        const sums = lab.allocate(v.threads * planes * sumsPlane * 4);
        const sumsStride = isShared ? 0 : planes * sumsPlane * 4;
        const gradient = lab.allocate(9 * c.cin * c.cout * 4);
        const wAt = lab.floats(w);
        const common = { cin: c.cin, cout: c.cout, cinMap, variant };
        lab.run(
          [
            {
              name: "packWinogradTransposed",
              words: {
                ...common,
                w: wAt,
                cinPhysical: physical,
                coutPhysical: filters,
                u,
                planeStride,
              },
            },
            {
              name: "winograd",
              words: {
                x: dyAt,
                xStride: filters,
                height: rows,
                width: columns,
                channels: filters,
                padTop: 2 - c.padding[0],
                padLeft: 2 - c.padding[2],
                rows: c.height,
                columns: c.width,
                y: dx,
                yStride: stride,
                filters: physical,
                u: isShared ? 0 : u,
                planeStride,
                bias: 0,
                activation: 0,
                accumulate: 0,
                partials: 0,
                tiles: shape.tiles,
                ...common,
                w: wAt,
                turned: 1,
              },
            },
            {
              name: "winogradGradient",
              words: {
                x: lab.floats(place(x, map, stride)),
                xStride: stride,
                height: c.height,
                width: c.width,
                channels: physical,
                padTop: c.padding[0],
                padLeft: c.padding[2],
                rows,
                columns,
                dy: dyAt,
                dyStride: filters,
                filters,
                sums,
                sumsStride,
                planeStride: sumsPlane,
                tiles: shape.tiles,
                variant,
              },
            },
            {
              name: "reduceWinogradGradient",
              words: {
                ...common,
                sums,
                sumsStride,
                planeStride: sumsPlane,
                channels: physical,
                gradient,
              },
            },
          ],
          v.threads,
        );
        const foundX = pick(lab.read(dx, c.n * c.height * c.width * stride), map, stride);
        expect(distance(foundX, inputGradient(c, dy, w))).toBeLessThan(GRADIENT);
        const foundW = lab.read(gradient, 9 * c.cin * c.cout);
        expect(distance(foundW, weightGradient(c, x, dy))).toBeLessThan(GRADIENT);
      }),
      sizes,
    );
  });
});

describe("convolution by gathering", () => {
  const shapes = fc
    .record({
      n: fc.integer({ min: 1, max: 3 }),
      height: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
      cin: fc.integer({ min: 1, max: 20 }),
      cout: fc.integer({ min: 1, max: 20 }),
      kernel: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
      stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      padding: fc.tuple(
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
      ),
    })
    .filter((c) => outputSize(c).every((side) => side >= 1));

  it("convolves, and has the gradients, of the definition", () => {
    fc.assert(
      fc.property(shapes, variation, fc.boolean(), (c, v, accumulate) => {
        const [rows, columns] = outputSize(c);
        const { map, physical } = mapOf(c.cin, v.hasGap);
        const stride = physical + v.beside;
        const filters = padded(c.cout);
        const taps = c.kernel[0] * c.kernel[1];
        const x = values(c.n * c.height * c.width * c.cin, 1);
        const w = values(taps * c.cin * c.cout, 2);
        const dy = values(c.n * rows * columns * c.cout, 3);
        const lab = new Lab(c.n, v.threads);
        const cinMap = lab.ints(map);
        const xAt = lab.floats(place(x, map, stride));
        const dyAt = lab.floats(spread(dy, c.cout, filters));
        const wAt = lab.floats(w);
        const panels = lab.allocate(Math.ceil(c.cout / 8) * taps * physical * 32);
        const all = lab.ints(Array.from({ length: taps }, (_, tap) => tap));
        const offsets = lab.ints(
          Array.from({ length: taps }, (_, tap) => [
            Math.floor(tap / c.kernel[1]) - c.padding[0],
            (tap % c.kernel[1]) - c.padding[2],
          ]).flat(),
        );
        const y = lab.allocate(c.n * rows * columns * filters * 4);
        const before = accumulate ? 1 : 0;
        const dx = lab.floats(new Float32Array(c.n * c.height * c.width * stride).fill(before));
        const sumsStride = (taps * physical + 3) * Math.ceil(c.cout / 8) * 32;
        const sums = lab.allocate(v.threads * sumsStride);
        const gradient = lab.allocate(taps * c.cin * c.cout * 4);
        const source = {
          x: xAt,
          xStride: stride,
          height: c.height,
          width: c.width,
          channels: physical,
          taps,
          offsets,
          strideY: c.stride[0],
          strideX: c.stride[1],
          rows,
          columns,
        };
        const weights = { w: wAt, cin: c.cin, cout: c.cout, rowStride: c.cout, cinMap };
        lab.run(
          [
            {
              name: "packGemm",
              words: { ...weights, tapList: all, taps, cinPhysical: physical, scale: 0, panels },
            },
            {
              name: "convGemm",
              words: {
                ...source,
                y,
                yStride: filters,
                yHeight: rows,
                yWidth: columns,
                yTop: 0,
                yLeft: 0,
                yStepY: 1,
                yStepX: 1,
                filters: c.cout,
                panels,
                bias: 0,
                activation: 0,
                accumulate: 0,
                partials: 0,
              },
            },
            {
              name: "convGemmGradient",
              words: { ...source, dy: dyAt, dyStride: filters, filters: c.cout, sums, sumsStride },
            },
            {
              name: "reduceGemmGradient",
              words: {
                sums,
                sumsStride,
                taps,
                channels: physical,
                cin: c.cin,
                cinMap,
                filters: c.cout,
                gradient,
                rowStride: c.cout,
              },
            },
          ],
          v.threads,
        );
        // The input's gradient, phase by phase.
        for (let py = 0; py < c.stride[0]; py++) {
          for (let px = 0; px < c.stride[1]; px++) {
            const gridRows = Math.ceil((c.height - py) / c.stride[0]);
            const gridColumns = Math.ceil((c.width - px) / c.stride[1]);
            if (gridRows <= 0 || gridColumns <= 0) continue;
            const hits: number[] = [];
            const places: number[] = [];
            for (let tap = 0; tap < taps; tap++) {
              const dyOff = py + c.padding[0] - Math.floor(tap / c.kernel[1]);
              const dxOff = px + c.padding[2] - (tap % c.kernel[1]);
              if (dyOff % c.stride[0] !== 0 || dxOff % c.stride[1] !== 0) continue;
              hits.push(tap);
              places.push(dyOff / c.stride[0], dxOff / c.stride[1]);
            }
            const back = lab.allocate(Math.ceil(physical / 8) * hits.length * filters * 32);
            lab.run(
              [
                {
                  name: "packGemmTransposed",
                  words: {
                    ...weights,
                    tapList: lab.ints(hits),
                    taps: hits.length,
                    cinPhysical: physical,
                    coutPhysical: filters,
                    panels: back,
                  },
                },
                {
                  name: "convGemm",
                  words: {
                    x: dyAt,
                    xStride: filters,
                    height: rows,
                    width: columns,
                    channels: filters,
                    taps: hits.length,
                    offsets: lab.ints(places),
                    strideY: 1,
                    strideX: 1,
                    rows: gridRows,
                    columns: gridColumns,
                    y: dx,
                    yStride: stride,
                    yHeight: c.height,
                    yWidth: c.width,
                    yTop: py,
                    yLeft: px,
                    yStepY: c.stride[0],
                    yStepX: c.stride[1],
                    filters: physical,
                    panels: back,
                    bias: 0,
                    activation: 0,
                    accumulate: accumulate ? 1 : 0,
                    partials: 0,
                  },
                },
              ],
              v.threads,
            );
          }
        }
        const foundY = gathered(lab.read(y, c.n * rows * columns * filters), c.cout, filters);
        expect(distance(foundY, convolve(c, x, w))).toBeLessThan(FORWARD[2]);
        const foundX = pick(lab.read(dx, c.n * c.height * c.width * stride), map, stride);
        const expectedX = inputGradient(c, dy, w).map((value) => value + before);
        expect(distance(foundX, expectedX)).toBeLessThan(GRADIENT);
        const foundW = lab.read(gradient, taps * c.cin * c.cout);
        expect(distance(foundW, weightGradient(c, x, dy))).toBeLessThan(GRADIENT);
      }),
      { numRuns: 120 },
    );
  });
});
