/** @file Batch norms folded by hand, and as PyTorch folds a real checkpoint. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { CIFAR10_NORMALIZATION, makeBatch } from "../data/index.ts";
import { firstIndices } from "../data/testing/images.ts";
import { nameForTorch } from "../files/families/name-for-torch.ts";
import { recognizeStateDict } from "../files/families/recognize.ts";
import { logitsOf } from "../files/families/testing/state-dicts.ts";
import { readCifarShards } from "../files/cifar/read.ts";
import { readTorch } from "../files/torch/read.ts";
import { GraphBuilder, initialize } from "../model/index.ts";
import { foldBatchNorms } from "./index.ts";

const GOLDENS = new URL("../../tests/goldens/network-slimming/", import.meta.url);
const IMAGES = new URL("../../data/cifar-10/test_batch.bin", import.meta.url);

/** What PyTorch's own folding of network-slimming's small VGG gave. */
interface Expected {
  readonly layers: Readonly<
    Record<
      string,
      {
        readonly weight_sum: number;
        readonly weight_abs_sum: number;
        readonly weight_first8: readonly number[];
        readonly weight_last4: readonly number[];
        readonly bias: readonly number[];
      }
    >
  >;
  readonly logits_first16: readonly (readonly number[])[];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("foldBatchNorms", () => {
  it("folds to W·γ/√(σ²+ε) and β + (b − μ)·γ/√(σ²+ε), in figures", () => {
    const b = new GraphBuilder();
    const conv = b.conv("c", b.input([1, 1, 1]), { filters: 1, size: 1, bias: true });
    const network = initialize(b.finish("net", b.bn("bn", conv)), { seed: 1 });
    const set: Readonly<Record<string, number>> = {
      "c/kernel": 2,
      "c/bias": 0.5,
      "bn/gamma": 1.5,
      "bn/beta": 0.25,
      "bn/mean": 1,
      // With ε = 1e-5 this makes the root exactly 2.
      "bn/variance": 4 - 1e-5,
    };
    const weights = new Map(
      [...network.weights].map(([name, { shape }]) => [
        name,
        { shape, values: Float32Array.of(set[name] ?? 0) },
      ]),
    );
    const folded = foldBatchNorms({ ...network, weights });
    expect(folded.nodes.map(({ name }) => name)).toEqual(["input", "c"]);
    expect(folded.output).toBe("c");
    expect(folded.weights.get("c/kernel")?.values[0]).toBeCloseTo(1.5, 6);
    expect(folded.weights.get("c/bias")?.values[0]).toBeCloseTo(-0.125, 6);
  });
});

describe("foldBatchNorms of network-slimming's VGG", () => {
  const open = async () => {
    const name = "vgg.pth.tar";
    const bytes = new Uint8Array(readFileSync(new URL(name, GOLDENS)));
    const { network } = recognizeStateDict(await readTorch(bytes, name), name);
    const text = readFileSync(new URL("vgg-folded.json", GOLDENS), "utf8");
    return { folded: foldBatchNorms(network), expected: JSON.parse(text) as Expected };
  };

  it("has PyTorch's weights and biases", async () => {
    const { folded, expected } = await open();
    expect(folded.nodes.filter(({ op }) => op.kind === "batchNorm")).toEqual([]);
    const { tensors } = nameForTorch(folded);
    for (const [layer, theirs] of Object.entries(expected.layers)) {
      const weight = [...known(tensors.get(`${layer}.weight`), layer).values];
      const bias = [...known(tensors.get(`${layer}.bias`), layer).values];
      const size = theirs.weight_abs_sum;
      expect(Math.abs(sum(weight) - theirs.weight_sum) / size, layer).toBeLessThan(1e-5);
      expect(Math.abs(sum(weight.map(Math.abs)) / size - 1), layer).toBeLessThan(1e-5);
      const pairs = [
        [weight.slice(0, 8), theirs.weight_first8],
        [weight.slice(-4), theirs.weight_last4],
        [bias, theirs.bias],
      ] as const;
      for (const [ours, reference] of pairs) {
        expect(ours.length).toBe(reference.length);
        const largest = Math.max(...reference.map(Math.abs));
        ours.forEach((value, i) => {
          expect(Math.abs(value - (reference[i] ?? NaN)) / largest, layer).toBeLessThan(1e-5);
        });
      }
    }
  });

  it.skipIf(!existsSync(IMAGES))("answers the first test images as before", async () => {
    const { folded, expected } = await open();
    const shard = { name: "test_batch.bin", bytes: new Uint8Array(readFileSync(IMAGES)) };
    const dataset = known(readCifarShards([shard]).test, "test images");
    const { images } = makeBatch(dataset, firstIndices(16), CIFAR10_NORMALIZATION);
    const logits = await logitsOf(folded, images);
    const theirs = expected.logits_first16.flat();
    expect(logits.length).toBe(theirs.length);
    theirs.forEach((logit, i) => expect(Math.abs((logits[i] ?? NaN) - logit)).toBeLessThan(1e-4));
  });
});
