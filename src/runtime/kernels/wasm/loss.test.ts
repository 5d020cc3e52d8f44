/** @file Softmax and its loss' gradient against Math.exp. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { distance } from "../../testing/close.ts";
import { CONTROL } from "../../spmd/instructions.ts";
import { Lab, padded } from "./testing/lab.ts";
import { draw, Slice, threadCount } from "./testing/slice.ts";

const rows = fc.record({
  n: fc.integer({ min: 1, max: 9 }),
  classes: fc.integer({ min: 1, max: 40 }),
  /** Logits as large as 3e38 · normal would be infinite: 1e4 is what a broken run shows. */
  size: fc.constantFrom(0.1, 1, 30, 1e4),
  behind: fc.constantFrom(0, 4),
  threads: threadCount,
  seed: fc.nat(1e6),
});

function softmaxOf(given: ArrayLike<number>, classes: number, temperature = 1): Float64Array {
  const logits = Float64Array.from(given, (value) => value / temperature);
  return Float64Array.from(logits, (value, i) => {
    const row = Array.from({ length: classes }, (_, c) => logits[i - (i % classes) + c] ?? NaN);
    const top = Math.max(...row);
    return Math.exp(value - top) / row.reduce((sum, x) => sum + Math.exp(x - top), 0);
  });
}

it("makes probabilities", () => {
  fc.assert(
    fc.property(rows, ({ n, classes, size, behind, threads, seed }) => {
      const logits = draw(n * classes, seed).map((value) => value * size);
      const lab = new Lab(n, threads, 16);
      const x = new Slice(lab, n, classes, { before: 0, behind: behind + 3 }, logits);
      const y = new Slice(lab, n, classes, { before: 0, behind });
      const words = { x: x.at, xStride: x.stride, classes, y: y.at, yStride: y.stride };
      lab.run([{ name: "softmax", words }], threads);
      expect(distance(y.read(), softmaxOf(logits, classes))).toBeLessThan(1e-7);
    }),
    { numRuns: 40 },
  );
});

it("gives logits their gradient, and padding none", () => {
  fc.assert(
    fc.property(rows, ({ n, classes, size, behind, threads, seed }) => {
      const logits = draw(n * classes, seed).map((value) => value * size);
      const labels = Array.from({ length: n }, (_, i) => (seed + i * 7) % classes);
      const channels = padded(classes);
      const lab = new Lab(n, threads, 16);
      const x = new Slice(lab, n, classes, { before: 0, behind: behind + 3 }, logits);
      const dx = new Slice(lab, n, channels, { before: 0, behind });
      const words = {
        x: x.at,
        xStride: x.stride,
        classes,
        labels: lab.ints(labels),
        teacher: 0,
        dx: dx.at,
        dxStride: dx.stride,
        channels,
      };
      lab.run([{ name: "crossEntropyGradient", words }], threads);
      const shares = softmaxOf(logits, classes);
      const expected = Array.from({ length: n * channels }, (_, i) => {
        const [row, c] = [Math.floor(i / channels), i % channels];
        if (c >= classes) return 0;
        return ((shares[row * classes + c] ?? NaN) - Number(c === labels[row])) / n;
      });
      // A share near 1 less 1 loses the digits of the share.
      expect(distance(dx.read(), expected)).toBeLessThan(1e-6);
    }),
    { numRuns: 40 },
  );
});

it("lets a teacher pull at the logits", () => {
  const teaching = fc.record({
    temperature: fc.constantFrom(0.5, 1, 4, 50),
    weight: fc.constantFrom(0, 0.25, 1),
  });
  fc.assert(
    fc.property(rows, teaching, ({ n, classes, size, behind, threads, seed }, teacher) => {
      const { temperature, weight } = teacher;
      const logits = draw(n * classes, seed).map((value) => value * size);
      const its = draw(n * classes, seed + 1).map((value) => value * size);
      const labels = Array.from({ length: n }, (_, i) => (seed + i * 7) % classes);
      const channels = padded(classes);
      const lab = new Lab(n, threads, 16);
      lab.setFloat(CONTROL.teacherWeight, weight);
      lab.setFloat(CONTROL.teacherTemperature, temperature);
      const x = new Slice(lab, n, classes, { before: 0, behind: behind + 3 }, logits);
      const dx = new Slice(lab, n, channels, { before: 0, behind });
      const words = {
        x: x.at,
        xStride: x.stride,
        classes,
        labels: lab.ints(labels),
        teacher: lab.floats(its),
        dx: dx.at,
        dxStride: dx.stride,
        channels,
      };
      lab.run([{ name: "crossEntropyGradient", words }], threads);
      const shares = softmaxOf(logits, classes);
      const [own, theirs] = [logits, its].map((all) => softmaxOf(all, classes, temperature));
      const expected = Array.from({ length: n * channels }, (_, i) => {
        const [row, c] = [Math.floor(i / channels), i % channels];
        if (c >= classes) return 0;
        const at = row * classes + c;
        const hard = (shares[at] ?? NaN) - Number(c === labels[row]);
        const soft = (own?.[at] ?? NaN) - (theirs?.[at] ?? NaN);
        return ((1 - weight) * hard + weight * temperature * soft) / n;
      });
      const found = dx.read();
      // One class leaves nothing but rounding on either side.
      if (classes === 1) expect(Math.max(...found.map(Math.abs))).toBeLessThan(1e-6);
      else expect(distance(found, expected)).toBeLessThan(1e-5);
    }),
    { numRuns: 40 },
  );
});

it("knows exp as exactly as a float shows", () => {
  const exponents = Float32Array.from({ length: 4000 }, (_, i) => -i / 40);
  const lab = new Lab(exponents.length, 1, 16);
  const logits = [...exponents].flatMap((value) => [0, value, 0, 0]);
  const y = lab.allocate(logits.length * 4);
  const words = { x: lab.floats(logits), xStride: 4, classes: 2, y, yStride: 4 };
  lab.run([{ name: "softmax", words }]);
  const found = lab.read(y, logits.length);
  exponents.forEach((value, i) => {
    const expected = Math.fround(Math.exp(value) / (1 + Math.exp(value)));
    expect(found[i * 4 + 1]).toBe(expected);
  });
});

it("answers NaN with NaN", () => {
  const lab = new Lab(2, 1, 16);
  const x = lab.floats([1, NaN, 2, 0, 1, 2, 3, 0]);
  const dx = lab.allocate(32);
  const words = {
    x,
    xStride: 4,
    classes: 3,
    labels: lab.ints([0, 1]),
    teacher: 0,
    dx,
    dxStride: 4,
    channels: 4,
  };
  lab.run([{ name: "crossEntropyGradient", words }]);
  const found = [...lab.read(dx, 8)];
  expect(found.slice(0, 4)).toEqual([NaN, NaN, NaN, 0]);
  expect(found.slice(4).some(Number.isNaN)).toBe(false);
});
