/** @file How well a network does, and how sure that is: the figure that a person quotes. */
import { describe, expect, it } from "vitest";
import { isAbort, type Progress } from "../core/index.ts";
import { CIFAR10_NORMALIZATION, makeBatch } from "../data/index.ts";
import { firstIndices, randomImages } from "../data/testing/images.ts";
import { compile, lossOf } from "../runtime/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { withLeakCheck } from "../runtime/testing/leaks.ts";
import { tiny, withSoftmax, worn } from "../runtime/testing/networks.ts";
import { evaluate, evaluationOf, predict, wilson, type Images } from "./index.ts";

describe("the Wilson interval", () => {
  // Wilson 1927, worked out in Python from the formula in double precision.
  it.each([
    [50, 100, 0.4038315, 0.5961685],
    [0, 10, 0, 0.2775328],
    [10, 10, 0.7224672, 1],
    [9389, 10_000, 0.934035, 0.943428],
    [1, 1, 0.2065493, 1],
  ])("of %i of %i is [%f, %f]", (correct, count, low, high) => {
    const found = wilson(correct, count);
    expect(found[0]).toBeCloseTo(low, 6);
    expect(found[1]).toBeCloseTo(high, 6);
  });

  it("of nothing says nothing, and holds its share everywhere", () => {
    expect(wilson(0, 0)).toEqual([0, 1]);
    for (let correct = 0; correct <= 37; correct++) {
      const [low, high] = wilson(correct, 37);
      expect(low >= 0 && low <= correct / 37 && correct / 37 <= high && high <= 1).toBe(true);
    }
  });

  it("of an empty evaluation is no NaN", () => {
    expect(evaluationOf(0, 0, 0)).toEqual({
      count: 0,
      correct: 0,
      accuracy: 0,
      loss: 0,
      interval: [0, 1],
    });
  });
});

describe.each(["cpu", "wasm"] as const)("an evaluation on %s", (kind) => {
  const images: Images = {
    dataset: randomImages(40),
    indices: Uint32Array.from([...firstIndices(37)].toReversed()),
    normalization: CIFAR10_NORMALIZATION,
  };

  it("counts just the images asked for, the last batch being short", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const program = compile(worn(tiny()), backend, 8);
      const found = await evaluate(program, images);
      const logits = await predict(program, images);
      const { labels } = makeBatch(images.dataset, images.indices, images.normalization);
      const { loss, correct } = lossOf(logits, labels);
      expect(logits.length).toBe(370);
      expect([found.count, found.correct]).toEqual([37, correct]);
      expect(found.accuracy).toBe(correct / 37);
      expect(found.loss).toBeCloseTo(loss, 6);
      expect(found.interval).toEqual(wilson(correct, 37));
      program.dispose();
    });
  });

  it("does not depend on the size of the batch", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const [one, all] = [compile(worn(tiny()), backend, 1), compile(worn(tiny()), backend, 37)];
      const [a, b] = [await evaluate(one, images), await evaluate(all, images)];
      expect(a.correct).toBe(b.correct);
      expect(a.loss).toBeCloseTo(b.loss, 5);
      one.dispose();
      all.dispose();
    });
  });

  it("takes probabilities for what they are", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const network = worn(tiny());
      const [plain, soft] = [
        compile(network, backend, 8),
        compile(withSoftmax(network), backend, 8),
      ];
      const [a, b] = [await evaluate(plain, images), await evaluate(soft, images)];
      expect(b.correct).toBe(a.correct);
      expect(b.loss).toBeCloseTo(a.loss, 5);
      plain.dispose();
      soft.dispose();
    });
  });

  it("reports every batch and stops between two when asked to", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const program = compile(tiny(), backend, 16);
      const seen: Progress[] = [];
      const control = new AbortController();
      const watch = { signal: control.signal, onProgress: (p: Progress) => void seen.push(p) };
      await evaluate(program, images, watch);
      expect(seen.map(({ done }) => done)).toEqual([16, 32, 37]);
      expect(new Set(seen.map(({ total, unit }) => `${total} ${unit}`))).toEqual(
        new Set(["37 images"]),
      );
      const stopping = { signal: control.signal, onProgress: () => control.abort() };
      const stopped = await evaluate(program, images, stopping).catch((error: unknown) => error);
      expect(isAbort(stopped)).toBe(true);
      program.dispose();
    });
  });
});
