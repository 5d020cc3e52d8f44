import * as fc from "fast-check";
import { expect, it } from "vitest";
import { ridgeOf } from "./ridge.ts";

it("keeps every outline within the picture, each base line below the one before", () => {
  const rows = fc
    .array(fc.array(fc.nat({ max: 500 }), { minLength: 8, maxLength: 8 }), {
      minLength: 1,
      maxLength: 32,
    })
    .map((all) => all.map((counts, step) => ({ step, counts })));
  fc.assert(
    fc.property(rows, (given) => {
      const bases = ridgeOf(given, 300, 200).map(({ path }) => {
        const points = [...path.matchAll(/[ML](\S+) (-?[\d.]+)/g)].map((found) => Number(found[2]));
        expect(Math.min(...points)).toBeGreaterThanOrEqual(-0.1);
        expect(Math.max(...points)).toBeLessThanOrEqual(200.1);
        return points[0] ?? 0;
      });
      expect(bases).toEqual(bases.toSorted((a, b) => a - b));
      expect(new Set(bases).size).toBe(bases.length);
    }),
  );
});
