/** @file Copying, SGD and the look for what is not finite, against one weight after the other. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONTROL } from "../../spmd/instructions.ts";
import { distance } from "../../testing/close.ts";
import { Lab } from "./testing/lab.ts";
import { draw, Slice, threadCount } from "./testing/slice.ts";

interface Step {
  readonly count: number;
  /** Where scales begin and end, any positions. */
  readonly cuts: readonly number[];
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly sparsity: number;
  readonly proximal: boolean;
  readonly threads: number;
  readonly seed: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  count: fc.integer({ min: 1, max: 300 }),
  cuts: fc.array(fc.nat(300), { maxLength: 6 }),
  learningRate: fc.constantFrom(0.1, 0.5),
  momentum: fc.constantFrom(0, 0.9),
  weightDecay: fc.constantFrom(0, 1e-2),
  sparsity: fc.constantFrom(0, 0.3),
  proximal: fc.boolean(),
  threads: threadCount,
  seed: fc.nat(1e6),
});

/** Ascending pairs that do not overlap. */
function pairsOf({ cuts, count }: Step): number[] {
  const ends = [...new Set(cuts.map((cut) => Math.min(cut, count)))].sort((a, b) => a - b);
  return ends.slice(0, ends.length & ~1);
}

function expectedOf(c: Step, weight: number, gradient: number, velocity: number, isScale: boolean) {
  const { learningRate: rate, momentum, weightDecay, sparsity, proximal } = c;
  let g = gradient;
  if (isScale && !proximal) g += sparsity * Math.sign(weight);
  g += weightDecay * weight;
  const v = momentum * velocity + g;
  const w = weight - rate * v;
  if (!isScale || !proximal) return { w, v };
  return { w: Math.sign(w) * Math.max(Math.abs(w) - rate * sparsity, 0), v };
}

/** A lab with the settings in its control block. */
function labOf(c: Step): Lab {
  const lab = new Lab(1, c.threads, 16);
  lab.setFloat(CONTROL.learningRate, c.learningRate);
  lab.setFloat(CONTROL.momentum, c.momentum);
  lab.setFloat(CONTROL.weightDecay, c.weightDecay);
  lab.setFloat(CONTROL.sparsity, c.sparsity);
  lab.set(CONTROL.proximal, c.proximal ? 1 : 0);
  return lab;
}

describe("sgd", () => {
  it("steps as PyTorch does, with L1 on the scales alone", () => {
    fc.assert(
      fc.property(step, (c) => {
        const { count, seed, threads } = c;
        const lab = labOf(c);
        const weights = draw(count, seed).map((value, i) => (i % 4 === 1 ? 0 : value));
        const [gradients, velocities] = [draw(count, seed + 1), draw(count, seed + 2)];
        const w = new Slice(lab, 1, count, { before: 4, behind: 4 }, weights);
        const v = new Slice(lab, 1, count, { before: 4, behind: 4 }, velocities);
        const shadow = new Slice(lab, 1, 2 * count, { before: 4, behind: 4 });
        const pairs = pairsOf(c);
        const words = {
          weights: w.at,
          gradients: lab.floats(gradients),
          velocities: v.at,
          shadow: shadow.at,
          count,
          scales: lab.ints(pairs),
          scaleCount: pairs.length / 2,
        };
        lab.run([{ name: "sgd", words }], threads);
        const isScale = (i: number): boolean =>
          pairs.some((start, at) => at % 2 === 0 && i >= start && i < (pairs[at + 1] ?? 0));
        const expected = Array.from(weights, (weight, i) =>
          expectedOf(c, weight, gradients[i] ?? NaN, velocities[i] ?? NaN, isScale(i)),
        );
        // What cancels is measured by its terms, which are about 1, and not by what is left of them.
        const offBy = (found: Float32Array, exact: readonly number[]): number =>
          distance([1, ...found], [1, ...exact]);
        const newWeights = expected.map((e) => e.w);
        expect(offBy(w.read(), newWeights)).toBeLessThan(1e-6);
        const newVelocities = expected.map((e) => e.v);
        expect(offBy(v.read(), newVelocities)).toBeLessThan(1e-6);
        expect([...shadow.read()]).toEqual([...weights, ...velocities]);
        expect(lab.control(CONTROL.notFinite)).toBe(0);
        if (threads === 1) expect(lab.control(CONTROL.stage)).toBe(2);
      }),
      { numRuns: 100 },
    );
  });

  it("ends at true zeros with the proximal form", () => {
    const settings = {
      learningRate: 0.1,
      momentum: 0,
      weightDecay: 0,
      sparsity: 1,
      proximal: true,
    };
    const lab = labOf({ ...settings, count: 4, cuts: [], threads: 1, seed: 0 });
    const weights = lab.floats([0.05, -0.05, 0.3, -0.3]);
    const zeros = lab.floats([0, 0, 0, 0]);
    const shadow = lab.allocate(32);
    const words = {
      weights,
      gradients: zeros,
      velocities: lab.floats([0, 0, 0, 0]),
      shadow,
      count: 4,
      scales: lab.ints([0, 4]),
      scaleCount: 1,
    };
    lab.run([{ name: "sgd", words }]);
    const found = lab.read(weights, 4);
    expect(found[0] === 0 && found[1] === 0).toBe(true);
    expect(found[2]).toBeCloseTo(0.2);
    expect(found[3]).toBeCloseTo(-0.2);
  });
});

const BAD = [NaN, Infinity, -Infinity];

describe("what is not finite", () => {
  it.each(BAD)("%d is found after a step and by looking, wherever it stands", (bad) => {
    for (let at = 0; at < 37; at++) {
      for (const threads of [1, 3]) {
        const settings = { learningRate: 1, momentum: 0, weightDecay: 0, sparsity: 0 };
        const c = { ...settings, proximal: false, count: 37, cuts: [], threads, seed: 0 };
        const lab = labOf(c);
        const gradients = lab.floats(draw(37, 1).map((value, i) => (i === at ? bad : value)));
        const [weights, velocities] = [lab.floats(draw(37, 2)), lab.floats(draw(37, 3))];
        const look = { name: "checkFinite" as const, words: { values: weights, count: 37 } };
        lab.run([look], threads);
        expect(lab.control(CONTROL.notFinite)).toBe(0);
        const words = {
          weights,
          gradients,
          velocities,
          shadow: lab.allocate(2 * 37 * 4),
          count: 37,
          scales: 0,
          scaleCount: 0,
        };
        lab.run([{ name: "sgd", words }], threads);
        expect(lab.control(CONTROL.notFinite)).toBe(1);
        lab.set(CONTROL.notFinite, 0);
        lab.run([look], threads);
        expect(lab.control(CONTROL.notFinite)).toBe(1);
      }
    }
  });
});

it("copies", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 }), threadCount, (count, threads) => {
      const lab = new Lab(1, threads, 16);
      const values = draw(count, 1);
      const to = new Slice(lab, 1, Math.max(1, count), { before: 4, behind: 4 }, [0]);
      lab.run([{ name: "copy", words: { from: lab.floats(values), to: to.at, count } }], threads);
      expect([...to.read()].slice(0, count)).toEqual([...values]);
    }),
    { numRuns: 20 },
  );
});

it("sets to 0 what does not live, whatever it was, and nothing else", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99 }),
      threadCount,
      fc.nat(1e6),
      (count, threads, seed) => {
        const lab = new Lab(1, threads, 16);
        const drawn = draw(Math.max(1, count), seed);
        const bytes = Uint8Array.from(drawn, (value) => (value < 0 ? 0 : value < 0.5 ? 1 : 255));
        const given = drawn.map((value, i) => (i % 7 === 3 ? (BAD[i % 3] ?? NaN) : value));
        const values = new Slice(lab, 1, Math.max(1, count), { before: 4, behind: 4 }, given);
        const words = new Int32Array(Math.ceil(bytes.length / 4));
        new Uint8Array(words.buffer).set(bytes);
        const alive = lab.ints(words);
        lab.run([{ name: "freeze", words: { values: values.at, alive, count } }], threads);
        const expected = given.map((value, i) => (i < count && bytes[i] === 0 ? 0 : value));
        expect([...values.read()]).toEqual([...expected]);
      },
    ),
    { numRuns: 60 },
  );
});
