/**
 * @file The cases of `conformance.test.ts` in a real Chromium: on wasm, on one thread and on two as the
 * page has it, and on webgpu by the software adapter, forward and backward, every op.
 *
 * Tolerances as there, but ten times wider on webgpu: WGSL lets a device divide and take roots within
 * 2.5 units in the last place and contract products and sums as it likes.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Backend } from "./index.ts";
import { openInBrowser } from "./testing/browser-backends.ts";
import { CASES } from "./testing/cases.ts";
import {
  beyond,
  distancesTo,
  forbidCpuHandoff,
  referenceAnswers,
  slopeErrors,
} from "./testing/conformance.ts";
import { withLeakCheck } from "./testing/leaks.ts";
import type { Answer } from "./testing/reference.ts";

const NAMED = CASES.map((one) => [one.name, one] as const);
/** One of each op: finite differences take a dozen steps each, and the software GPU is slow. */
const SLOPED = NAMED.filter(([name]) =>
  /^(conv 3×3, stride 2, odd|depthwise, two.*stride|maxPool 3×3, stride|averagePool 3×3, stride|batch norm of a map|ReLU6|ELU with|leaky|swish$|tanh$|select a)/.test(
    name,
  ),
);
const limit = (widened: number) => (name: string) =>
  widened * (name === "output" || /\/(mean|variance)$/.test(name) ? 1e-5 : 1e-4);

let answers: ReadonlyMap<string, Answer>;
beforeAll(async () => {
  answers = await referenceAnswers(CASES, () => openInBrowser("cpu"));
});

describe.each([
  ["wasm", 0, 1],
  // With a fused multiply-add, which Node cannot be asked for.
  ["wasm", 2, 1],
  ["webgpu", 0, 10],
] as const)("on %s in Chromium, %i threads of its own", (kind, threads, widened) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openInBrowser(kind, { threads });
    if (kind === "webgpu") forbidCpuHandoff();
  });

  it("is the backend that was asked for", () => {
    expect(backend.report.kind).toBe(kind);
    expect(backend.report.description).toContain(kind);
    if (threads > 0) expect(backend.report.description).toContain(`fused SIMD, ${threads} threads`);
  });

  it.each(NAMED)("%s answers as the composed reference does", async (name, one) => {
    const answer = answers.get(name);
    expect.assert(answer !== undefined);
    const found = await withLeakCheck(() => distancesTo(answer, one, backend));
    expect(beyond(found, limit(widened))).toEqual({});
  });

  it.each(SLOPED)("%s has the slopes that its loss really has", async (_, one) => {
    const errors = await withLeakCheck(() => slopeErrors(one, backend));
    expect(beyond(errors, () => 1e-2)).toEqual({});
  });
});
