/**
 * @file Batch normalization's kernels against its definition in double precision. What depends on a
 * comparison (activation, pooling) is decided in the reference by the same single-precision z that
 * the kernels see, so that no value near 0 can fall on the other side.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance } from "../../testing/close.ts";
import { applyForward, gradientForward, type Pass } from "./testing/affine-reference.ts";
import { Lab, padded } from "./testing/lab.ts";
import {
  beside,
  channelCount,
  draw,
  drawMap,
  layoutOf,
  Slice,
  threadCount,
} from "./testing/slice.ts";

/** Large: a variance of 0 is what is left of two large numbers, and wrong by 1e-7 of the mean squared. */
const EPSILON = 0.1;
const MOMENTUM = 0.1;

const shape = {
  n: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 9 }),
  channels: channelCount,
  hasGap: fc.boolean(),
  beside,
  threads: threadCount,
  seed: fc.nat(1e6),
};

describe("statistics", () => {
  it("finds mean and deviation, and moves the running ones", () => {
    fc.assert(
      fc.property(fc.record(shape), (c) => {
        const layout = layoutOf(c.channels, c.hasGap);
        const { logical, physical } = layout;
        const m = c.n * c.height * c.width;
        const values = drawMap(layout, m, c.seed);
        const parameters = draw(logical * 4, c.seed + 1).map(Math.abs);
        const [gamma, beta, mean, variance] = [0, 1, 2, 3].map((i) =>
          parameters.slice(i * logical, (i + 1) * logical),
        ) as [Float32Array, Float32Array, Float32Array, Float32Array];

        const lab = new Lab(c.n, c.threads, 16);
        const x = new Slice(lab, m, physical, c.beside, values);
        const partials = lab.allocate(c.threads * physical * 16);
        const affine = lab.floats(new Float32Array(4 * physical).fill(7));
        const [meanAt, varianceAt] = [lab.floats(mean), lab.floats(variance)];
        const common = {
          logical,
          map: lab.ints(layout.map),
          channels: physical,
          gamma: lab.floats(gamma),
          beta: lab.floats(beta),
          mean: meanAt,
          variance: varianceAt,
          epsilon: EPSILON,
          affine,
        };
        const pixels = c.height * c.width;
        lab.run(
          [
            {
              name: "sums",
              words: { x: x.at, xStride: x.stride, pixels, channels: physical, partials },
            },
            { name: "normalize", words: { ...common, partials, pixels, momentum: MOMENTUM } },
          ],
          c.threads,
        );

        const expected = new Float64Array(4 * physical);
        const running = { mean: new Float64Array(logical), variance: new Float64Array(logical) };
        layout.map.forEach((place, l) => {
          const column = Float64Array.from(
            { length: m },
            (_, p) => values[p * physical + place] ?? 0,
          );
          const mu = column.reduce((a, b) => a + b) / m;
          const sigma = column.reduce((a, b) => a + (b - mu) ** 2, 0) / m;
          const r = 1 / Math.sqrt(sigma + EPSILON);
          expected.set([(gamma[l] ?? 0) * r], place);
          expected.set([(beta[l] ?? 0) - mu * (gamma[l] ?? 0) * r], physical + place);
          expected.set([mu], 2 * physical + place);
          expected.set([r], 3 * physical + place);
          const unbiased = m > 1 ? (sigma * m) / (m - 1) : sigma;
          running.mean[l] = (mean[l] ?? 0) * (1 - MOMENTUM) + mu * MOMENTUM;
          running.variance[l] = (variance[l] ?? 0) * (1 - MOMENTUM) + unbiased * MOMENTUM;
        });
        expect(distance(lab.read(affine, 4 * physical), expected)).toBeLessThan(1e-5);
        expect(distance(lab.read(meanAt, logical), running.mean)).toBeLessThan(1e-5);
        expect(distance(lab.read(varianceAt, logical), running.variance)).toBeLessThan(1e-5);
        x.read();

        lab.run([{ name: "affineOfRunning", words: common }], c.threads);
        const inference = new Float64Array(4 * physical);
        layout.map.forEach((place, l) => {
          const r = 1 / Math.sqrt((running.variance[l] ?? 0) + EPSILON);
          const scale = (gamma[l] ?? 0) * r;
          inference.set([scale], place);
          inference.set([(beta[l] ?? 0) - (running.mean[l] ?? 0) * scale], physical + place);
          inference.set([running.mean[l] ?? 0], 2 * physical + place);
          inference.set([r], 3 * physical + place);
        });
        expect(distance(lab.read(affine, 4 * physical), inference)).toBeLessThan(1e-5);
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the digits of many values far from 0", () => {
    const [n, pixels] = [8, 4096];
    const values = draw(n * pixels * 4, 1).map((value) => value + 30);
    const lab = new Lab(n, 2, 16);
    const partials = lab.allocate(2 * 4 * 16);
    const affine = lab.allocate(4 * 4 * 4);
    const [ones, zeros] = [lab.floats([1, 1, 1, 1]), lab.floats([0, 0, 0, 0])];
    const x = lab.floats(values);
    const words = {
      partials,
      pixels,
      logical: 4,
      map: 0,
      channels: 4,
      gamma: ones,
      beta: zeros,
      mean: zeros,
      variance: ones,
      epsilon: 0,
      momentum: 0,
      affine,
    };
    lab.run(
      [
        { name: "sums", words: { x, xStride: 4, pixels, channels: 4, partials } },
        { name: "normalize", words },
      ],
      2,
    );
    const first = values.filter((_, i) => i % 4 === 0);
    const mean = first.reduce((a, b) => a + b, 0) / first.length;
    const variance = first.reduce((a, b) => a + (b - mean) ** 2, 0) / first.length;
    expect(lab.read(affine, 1)[0]).toBeCloseTo(1 / Math.sqrt(variance), 4);
  });

  it("adds a bias' gradient up", () => {
    fc.assert(
      fc.property(fc.record(shape), (c) => {
        const layout = layoutOf(c.channels, c.hasGap);
        const { logical, physical } = layout;
        const pixels = c.height * c.width;
        const values = drawMap(layout, c.n * pixels, c.seed);
        const lab = new Lab(c.n, c.threads, 16);
        const x = new Slice(lab, c.n * pixels, physical, c.beside, values);
        const partials = lab.allocate(c.threads * physical * 16);
        const gradient = lab.floats([...layout.map, 99]);
        const map = lab.ints(layout.map);
        lab.run(
          [
            {
              name: "sums",
              words: { x: x.at, xStride: x.stride, pixels, channels: physical, partials },
            },
            { name: "reduceSums", words: { partials, channels: physical, logical, map, gradient } },
          ],
          c.threads,
        );
        const expected = new Float64Array(logical + 1);
        expected[logical] = 99;
        layout.map.forEach((place, l) => {
          for (let p = 0; p < c.n * pixels; p++) {
            expected[l] = (expected[l] ?? 0) + (values[p * physical + place] ?? 0);
          }
        });
        expect(distance(lab.read(gradient, logical + 1), expected)).toBeLessThan(1e-5);
      }),
      { numRuns: 20 },
    );
  });
});

/** A selection of `sources` channels: out of order with zeros between, or neighbours from `first` on. */
const selection = fc.oneof(
  fc.constant(undefined),
  fc.record({ outputs: fc.integer({ min: 1, max: 24 }), isOrdered: fc.boolean() }),
);

const pass = fc.record({
  ...shape,
  activation: fc.constantFrom(0, 1, 2),
  pool: fc.boolean(),
  selection,
  outputBeside: beside,
  accumulate: fc.boolean(),
  kind: fc.constantFrom("normal" as const, "levels" as const),
});

type PassCase = typeof pass extends fc.Arbitrary<infer T> ? T : never;

/** Input channels of the outputs, no channel twice, −1 for none. */
function gatherOf({ selection: chosen, seed }: PassCase, sources: number): number[] {
  if (chosen === undefined) return Array.from({ length: sources }, (_, c) => c);
  const order = Array.from({ length: sources }, (_, c) => c);
  if (!chosen.isOrdered) {
    const keys = draw(sources, seed + 9);
    order.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
  }
  const outputs = padded(chosen.outputs);
  return Array.from({ length: outputs }, (_, j) => {
    if (chosen.isOrdered) return j + 2 < sources ? j + 2 : -1;
    return j % 3 === 1 ? -1 : (order[j] ?? -1);
  });
}

/** Everything a pass needs, with an affine that has the sizes of a real one. */
function passOf(c: PassCase): Pass {
  const layout = layoutOf(c.channels, c.hasGap);
  const sources = layout.physical;
  const gamma = draw(sources, c.seed + 1).map((value, i) => (i % 5 === 3 ? 0 : value));
  const isThere = new Set(layout.map);
  const affine = Float32Array.from({ length: 4 * sources }, (_, i) => {
    const [plane, channel] = [Math.floor(i / sources), i % sources];
    if (!isThere.has(channel)) return 0;
    const mean = 0.1 * channel;
    const scale = (gamma[channel] ?? 0) * 1.5;
    return [scale, 0.4 - mean * scale, mean, 1.5][plane] ?? NaN;
  });
  return {
    n: c.n,
    height: c.height,
    width: c.width,
    layout,
    gather: gatherOf(c, sources),
    affine,
    gamma,
    activation: c.activation,
    pool: c.pool,
    x: drawMap(layout, c.n * c.height * c.width, c.seed, c.kind),
  };
}

describe("passes over activations", () => {
  it("scale, shift, select, activate and pool", () => {
    fc.assert(
      fc.property(pass, (c) => {
        const given = passOf(c);
        const expected = applyForward(given);
        const channels = given.gather.length;
        const lab = new Lab(c.n, c.threads, 16);
        const x = new Slice(
          lab,
          c.n * c.height * c.width,
          given.layout.physical,
          c.beside,
          given.x,
        );
        const y = new Slice(lab, expected.length / channels, channels, c.outputBeside);
        const words = {
          x: x.at,
          xStride: x.stride,
          height: c.height,
          width: c.width,
          sources: given.layout.physical,
          channels,
          gather: c.selection === undefined ? 0 : lab.ints(given.gather),
          affine: lab.floats(given.affine),
          activation: c.activation,
          pool: c.pool ? 1 : 0,
          y: y.at,
          yStride: y.stride,
        };
        lab.run([{ name: "applyAffine", words }], c.threads);
        expect(distance(y.read(), expected)).toBeLessThan(1e-5);
        x.read();
      }),
      { numRuns: 150 },
    );
  });

  it("go back, in two passes", () => {
    fc.assert(
      fc.property(pass, (c) => {
        const given = passOf(c);
        const { layout, gather } = given;
        const { logical, physical } = layout;
        const [rows, columns] = c.pool ? [c.height >> 1, c.width >> 1] : [c.height, c.width];
        const dyPixels = c.n * rows * columns;
        const dy = draw(dyPixels * gather.length, c.seed + 2);
        const expected = gradientForward(given, dy);

        const lab = new Lab(c.n, c.threads, 16);
        const pixels = c.n * c.height * c.width;
        const x = new Slice(lab, pixels, physical, c.beside, given.x);
        const from = new Slice(lab, dyPixels, gather.length, c.outputBeside, dy);
        const before = draw(pixels * physical, c.seed + 3);
        const dx = new Slice(lab, pixels, physical, c.beside, c.accumulate ? before : undefined);
        const partials = lab.floats(new Float32Array(c.threads * physical * 4).fill(NaN));
        const coefficients = lab.floats(new Float32Array(3 * physical).fill(7));
        const [gammaGradient, betaGradient] = [0, 0].map(() =>
          lab.floats(new Float32Array(logical + 1).fill(99)),
        ) as [number, number];
        const inverse = Array.from({ length: physical }, (_, channel) => gather.indexOf(channel));
        const affine = lab.floats(given.affine);
        const common = {
          x: x.at,
          xStride: x.stride,
          height: c.height,
          width: c.width,
          channels: physical,
          inverse: c.selection === undefined ? 0 : lab.ints(inverse),
          affine,
          activation: c.activation,
          pool: c.pool ? 1 : 0,
          dy: from.at,
          dyStride: from.stride,
        };
        const finish = {
          partials,
          pixels: c.height * c.width,
          logical,
          map: lab.ints(layout.map),
          channels: physical,
          gamma: lab.floats(layout.map.map((p) => given.gamma[p] ?? 0)),
          gammaGradient,
          betaGradient,
          affine,
          coefficients,
        };
        const accumulate = c.accumulate ? 1 : 0;
        lab.run(
          [
            { name: "affineGradientSums", words: { ...common, partials } },
            { name: "finishAffineGradient", words: finish },
            {
              name: "affineGradient",
              words: { ...common, coefficients, dx: dx.at, dxStride: dx.stride, accumulate },
            },
          ],
          c.threads,
        );
        expect(
          distance(lab.read(gammaGradient, logical + 1), [...expected.gamma, 99]),
        ).toBeLessThan(1e-5);
        expect(distance(lab.read(betaGradient, logical + 1), [...expected.beta, 99])).toBeLessThan(
          1e-5,
        );
        const total = expected.x.map((value, i) => value + (c.accumulate ? (before[i] ?? 0) : 0));
        expect(distance(dx.read(), total)).toBeLessThan(1e-5);
        from.read();
      }),
      { numRuns: 150 },
    );
  });

  it("let NaN through", () => {
    const lab = new Lab(1, 1, 16);
    const x = lab.floats([NaN, 1, 1, 1, 1, NaN, 1, 1, 1, 1, NaN, 1, 1, 1, 1, NaN]);
    const affine = lab.floats([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
    const y = lab.allocate(16);
    const words = {
      x,
      xStride: 4,
      height: 2,
      width: 2,
      sources: 4,
      channels: 4,
      gather: 0,
      affine,
      activation: 2,
      pool: 1,
      y,
      yStride: 4,
    };
    lab.run([{ name: "applyAffine", words }]);
    expect([...lab.read(y, 4)]).toEqual([NaN, NaN, NaN, NaN]);
  });
});
