/** @file Confusions are the same answers as accuracies, told apart by class. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { firstIndices, randomImages } from "../data/testing/images.ts";
import { CIFAR10_NORMALIZATION } from "../data/index.ts";
import { compile, lossOf } from "../runtime/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { tiny, withSoftmax, worn } from "../runtime/testing/networks.ts";
import { ConfusionTally, evaluate } from "./index.ts";

const sum = (counts: Uint32Array): number => counts.reduce((total, n) => total + n, 0);

/** The right answers. */
const diagonal = (counts: Uint32Array, classes: number): number =>
  Array.from({ length: classes }, (_, c) => counts[c * classes + c] ?? 0).reduce((a, b) => a + b);

it("counts every image once under its label, and on the diagonal what accuracies count", () => {
  const batch = fc.integer({ min: 1, max: 6 }).chain((classes) =>
    fc.integer({ min: 1, max: 40 }).chain((rows) =>
      fc.record({
        classes: fc.constant(classes),
        labels: fc.array(fc.nat(classes - 1), { minLength: rows, maxLength: rows }),
        // Few values, so that many are equal.
        outputs: fc.array(fc.integer({ min: -2, max: 2 }), {
          minLength: rows * classes,
          maxLength: rows * classes,
        }),
      }),
    ),
  );
  fc.assert(
    fc.property(batch, ({ classes, labels, outputs }) => {
      const [logits, answers] = [Float32Array.from(outputs), Int32Array.from(labels)];
      const tally = new ConfusionTally(classes);
      const half = Math.floor(labels.length / 2);
      // In two batches, as an evaluation has it.
      tally.take(logits.subarray(0, half * classes), answers.subarray(0, half));
      tally.take(logits.subarray(half * classes), answers.subarray(half));
      const { counts } = tally.confusion;
      for (let c = 0; c < classes; c++) {
        const own = counts.subarray(c * classes, (c + 1) * classes);
        expect(sum(own)).toBe(labels.filter((label) => label === c).length);
      }
      expect(diagonal(counts, classes)).toBe(lossOf(logits, answers).correct);
    }),
  );
});

it("is of the evaluation that it was counted beside, in logits and in probabilities", async () => {
  const backend = await openInNode("cpu");
  const images = {
    dataset: randomImages(40),
    indices: firstIndices(37),
    normalization: CIFAR10_NORMALIZATION,
  };
  for (const network of [worn(tiny()), withSoftmax(worn(tiny()))]) {
    const program = compile(network, backend, 8);
    const tally = new ConfusionTally(10);
    const found = await evaluate(program, images, {}, { tally });
    const alone = await evaluate(program, images);
    program.dispose();
    expect(sum(tally.confusion.counts)).toBe(37);
    expect(diagonal(tally.confusion.counts, 10)).toBe(found.correct);
    expect(alone).toEqual(found);
  }
});
