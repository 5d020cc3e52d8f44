import * as fc from "fast-check";
import { expect, it } from "vitest";
import { movingMean, windowOf } from "./moving-mean.ts";

const curve = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1e12, noNaN: true })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((all) => {
    let step = 0;
    return all.map(([apart, value]) => ({ step: (step += apart), value }));
  });

it("is the mean of what lies within half a window", () => {
  fc.assert(
    fc.property(curve, fc.integer({ min: 1, max: 50 }), (points, window) => {
      const means = movingMean(points, window);
      points.forEach(({ step }, i) => {
        const near = points.filter((one) => Math.abs(one.step - step) <= window / 2);
        const mean = near.reduce((sum, { value }) => sum + value, 0) / near.length;
        expect(means[i]).toBeCloseTo(mean, 3);
      });
    }),
  );
});

it("leaves a straight line straight, but for its ends, and takes the noise off one", () => {
  const line = Array.from({ length: 100 }, (_, step) => ({ step, value: 2 * step }));
  expect(movingMean(line, 10).slice(5, 95)).toEqual(line.slice(5, 95).map(({ value }) => value));
  const noisy = line.map(({ step }) => ({ step, value: step % 2 }));
  for (const mean of movingMean(noisy, 20).slice(10, 90)) expect(mean).toBeCloseTo(0.5, 1);
});

it("forgets a loss that exploded once the window has left it", () => {
  const points = [1e300, 1, 1, 1, 1].map((value, step) => ({ step, value }));
  expect(movingMean(points, 2).slice(2)).toEqual([1, 1, 1]);
});

it("takes a round window, a tenth of the run or somewhat less", () => {
  expect([1, 30, 240, 505, 2000, 7000].map(windowOf)).toEqual([1, 2, 20, 50, 200, 500]);
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 1e9 }), (steps) => {
      const share = (windowOf(steps) * 10) / steps;
      expect(share).toBeLessThanOrEqual(1);
      expect(share).toBeGreaterThan(0.39);
    }),
  );
});
