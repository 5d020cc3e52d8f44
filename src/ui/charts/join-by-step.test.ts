/** @file What is read at a step is of that step, in both curves. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { joinByStep, type StepRow } from "./join-by-step.ts";

const curve = fc
  .uniqueArray(fc.nat(200), { maxLength: 20 })
  .map((steps) => steps.sort((a, b) => a - b));
/** Values that tell their step and their curve. */
const rowsOf = (steps: readonly number[], of: number): readonly StepRow[] =>
  steps.map((step) => ({ step, loss: of + step }));

it("gives every step of either curve once, in order, each value at its own step", () => {
  fc.assert(
    fc.property(curve, curve, (own, other) => {
      const rows = joinByStep(rowsOf(own, 1000), rowsOf(other, 5000), "loss");
      const steps = rows.map(({ step }) => step);
      expect(steps).toEqual([...new Set([...own, ...other])].sort((a, b) => a - b));
      for (const { step, ...values } of rows) {
        expect(values["loss"]).toBe(own.includes(step) ? 1000 + step : undefined);
        expect(values["beside"]).toBe(other.includes(step) ? 5000 + step : undefined);
      }
    }),
  );
});
