/** @file The Pareto front against its definition. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { dominates, paretoFront, type Costed } from "./front.ts";

/** Few values, so that ties of every kind are common. */
const point: fc.Arbitrary<Costed> = fc.record({
  accuracy: fc.integer({ min: 0, max: 6 }).map((n) => n / 6),
  cost: fc.integer({ min: 0, max: 6 }),
});

it("is what nothing dominates, by ascending cost", () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 40 }), (points) => {
      const front = paretoFront(points);
      const defined = points.filter((one) => !points.some((other) => dominates(other, one)));
      expect(new Set(front)).toEqual(new Set(defined));
      expect(front).toHaveLength(defined.length);
      front.slice(1).forEach((one, i) => {
        expect(one.cost).toBeGreaterThanOrEqual(front[i]?.cost ?? Infinity);
        expect(one.accuracy).toBeGreaterThanOrEqual(front[i]?.accuracy ?? Infinity);
      });
    }),
  );
});

it("does not depend on the order in which networks were measured", () => {
  const points = fc.array(point, { maxLength: 20 });
  fc.assert(
    fc.property(points, (some) => {
      const plain = (front: readonly Costed[]) =>
        front.map(({ accuracy, cost }) => [cost, accuracy]);
      expect(plain(paretoFront(some.toReversed()))).toEqual(plain(paretoFront(some)));
    }),
  );
});

it("leaves a network out that costs more for the same accuracy, and keeps twins", () => {
  const [cheap, dear, twin] = [
    { accuracy: 0.8, cost: 1 },
    { accuracy: 0.8, cost: 2 },
    { accuracy: 0.8, cost: 1 },
  ];
  expect(paretoFront([dear, cheap, twin])).toEqual([cheap, twin]);
  expect(paretoFront([])).toEqual([]);
});
