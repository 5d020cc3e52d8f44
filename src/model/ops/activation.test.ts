/** @file What the activations demand of their attributes, and what they leave as it is. */
import { describe, expect, it } from "vitest";
import { definitionOf, type Op } from "./index.ts";

const CURVES: readonly Op[] = [
  { kind: "elu", alpha: 1 },
  { kind: "leakyRelu", alpha: 0.01 },
  { kind: "swish" },
  { kind: "tanh" },
];

describe("an activation", () => {
  it.each(CURVES)("$kind keeps shapes and channels, and costs nothing", (op) => {
    const definition = definitionOf(op);
    expect(definition.check(op)).toBeUndefined();
    for (const shape of [[4, 5, 3], [7]]) {
      expect(definition.inferShape(op, [shape])).toEqual(shape);
      expect(definition.macs(op, [shape], shape)).toBe(0);
      expect(definition.weights(op, [shape])).toEqual({});
      expect(definition.coupling(op, [shape])).toEqual({ kind: "passes" });
      expect(definition.cut(op, [shape], [Int32Array.of(1)], Int32Array.of(1))).toBe(op);
    }
  });

  it.each([0, -1, Number.NaN, Infinity, 1e39])("elu refuses alpha %d", (alpha) => {
    const op = { kind: "elu", alpha } as const;
    expect(definitionOf(op).check(op)).toEqual({
      field: "alpha",
      expected: "a finite number above 0",
      found: String(alpha),
    });
  });

  it.each([0, 1, -0.1, 2, Number.NaN])("leakyRelu refuses alpha %d", (alpha) => {
    const op = { kind: "leakyRelu", alpha } as const;
    expect(definitionOf(op).check(op)).toEqual({
      field: "alpha",
      expected: "a number between 0 and 1",
      found: String(alpha),
    });
  });

  it.each([1e-6, 0.3, 7])("elu takes alpha %d", (alpha) => {
    const op = { kind: "elu", alpha } as const;
    expect(definitionOf(op).check(op)).toBeUndefined();
  });
});
