/**
 * @file Checkpoints that network-slimming itself wrote: parameters, MACs of every layer, and the
 * logits of the first 16 test images as PyTorch computed them.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CIFAR10_NORMALIZATION } from "../../data/index.ts";
import { costByNode, costOf } from "../../model/index.ts";
import { readTorch } from "../torch/read.ts";
import { recognizeStateDict } from "./recognize.ts";
import { logitsOf } from "./testing/state-dicts.ts";

const FIXTURES = new URL("../../../../shared/fixtures/", import.meta.url);
const IMAGES = new URL("../../../data/cifar-10/test_batch.bin", import.meta.url);

interface Expected {
  readonly trainable_without_selection: number;
  readonly flops: {
    readonly macs: number;
    readonly layers: readonly { readonly name: string; readonly macs: number }[];
  };
  readonly logits_first16?: readonly (readonly number[])[];
  readonly logits_first16_after?: readonly (readonly number[])[];
}

const CASES = [
  ["slim-vgg-base", "checkpoint.pth.tar"],
  ["slim-vgg-base", "checkpoint_legacy.pth.tar"],
  ["slim-vgg-base", "checkpoint_dataparallel.pth.tar"],
  ["slim-vgg-p50", "pruned.pth.tar"],
  ["slim-presnet20-base", "checkpoint.pth.tar"],
  ["slim-presnet20-base", "checkpoint_legacy.pth.tar"],
  ["slim-presnet20-p30", "pruned.pth.tar"],
] as const;

/** The first 16 test images, normalized, `[n, h, w, c]`. */
function firstImages(): Float32Array {
  const records = readFileSync(IMAGES).subarray(0, 16 * 3073);
  const images = new Float32Array(16 * 3072);
  const { mean, std } = CIFAR10_NORMALIZATION;
  for (let i = 0; i < images.length; i++) {
    const [channel, pixel, image] = [i % 3, Math.floor(i / 3) % 1024, Math.floor(i / 3072)];
    const byte = records[image * 3073 + 1 + channel * 1024 + pixel] ?? NaN;
    images[i] = (byte / 255 - (mean[channel] ?? NaN)) / (std[channel] ?? NaN);
  }
  return images;
}

describe.skipIf(!existsSync(FIXTURES))("network-slimming's own checkpoints", () => {
  const open = async (folder: string, name: string) => {
    const bytes = readFileSync(new URL(`${folder}/${name}`, FIXTURES));
    const text = readFileSync(new URL(`${folder}/expected.json`, FIXTURES), "utf8");
    const { network } = recognizeStateDict(await readTorch(new Uint8Array(bytes), name), name);
    return { network, expected: JSON.parse(text) as Expected };
  };

  it.each(CASES)("%s, %s: has PyTorch's parameters and MACs", async (folder, name) => {
    const { network, expected } = await open(folder, name);
    expect(costOf(network)).toMatchObject({
      parameters: expected.trainable_without_selection,
      macs: expected.flops.macs,
    });
    const costs = costByNode(network);
    for (const layer of expected.flops.layers) {
      expect([layer.name, costs.get(layer.name)?.macs]).toEqual([layer.name, layer.macs]);
    }
  });

  it.skipIf(!existsSync(IMAGES)).each(CASES)(
    "%s, %s: answers CIFAR-10's first test images as PyTorch does",
    async (folder, name) => {
      const { network, expected } = await open(folder, name);
      const theirs = (expected.logits_first16_after ?? expected.logits_first16 ?? []).flat();
      const ours = await logitsOf(network, firstImages());
      expect(theirs).toHaveLength(160);
      for (const [i, logit] of theirs.entries()) {
        expect(Math.abs((ours[i] ?? NaN) - logit)).toBeLessThan(1e-4);
      }
    },
  );
});
