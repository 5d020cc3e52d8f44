/**
 * @file Every op, and every chain that inference fuses, on the backends that run in Node: outputs,
 * losses, gradients by weights and by inputs, running statistics.
 *
 * Tolerances, relative to the largest value of a tensor: 1e-5 for outputs and statistics and 1e-4 for
 * gradients, because float32 sums of a few hundred products in another order differ by about
 * √100 · 6e-8 ≈ 6e-7, and a gradient goes through three or four such sums, one of them (batch norm's)
 * with cancellation. Finite differences: a loss near 1 known to 2e-7, over 12h = 0.06 and eighteen
 * parts, is a slope known to about 6e-5; 5e-3 of the gradient's length leaves room for short ones.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Backend } from "./index.ts";
import { openInNode } from "./testing/backends.ts";
import { CASES } from "./testing/cases.ts";
import { beyond, distancesTo, referenceAnswers, slopeErrors } from "./testing/conformance.ts";
import { withLeakCheck } from "./testing/leaks.ts";
import type { Answer } from "./testing/reference.ts";

const NAMED = CASES.map((one) => [one.name, one] as const);
const SMOOTH = NAMED.filter(([, one]) => one.smooth);
const limit = (name: string): number =>
  name === "output" || /\/(mean|variance)$/.test(name) ? 1e-5 : 1e-4;

let answers: ReadonlyMap<string, Answer>;
beforeAll(async () => {
  answers = await referenceAnswers(CASES, () => openInNode("cpu"));
});

describe.each([
  ["cpu", "TensorFlow.js' kernels"],
  ["wasm", "TensorFlow.js' kernels"],
  ["wasm", "our own"],
] as const)("on %s, by %s", (kind, kernels) => {
  let backend: Backend;
  beforeAll(async () => {
    const opened = await openInNode(kind);
    backend = kernels === "our own" ? opened : { ...opened, machine: null };
  });

  it.each(NAMED)("%s answers as the composed reference does", async (name, one) => {
    const answer = answers.get(name);
    expect.assert(answer !== undefined);
    const found = await withLeakCheck(() => distancesTo(answer, one, backend));
    expect(beyond(found, limit)).toEqual({});
  });

  it.each(SMOOTH)("%s has the slopes that its loss really has", async (_, one) => {
    const errors = await withLeakCheck(() => slopeErrors(one, backend));
    expect(beyond(errors, () => 5e-3)).toEqual({});
  });
});

describe("the table of cases", () => {
  it("names every case once", () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });
});
