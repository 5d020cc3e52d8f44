/**
 * @file Checkpoints that network-slimming itself wrote: parameters, MACs of every layer, and the
 * logits of the first 16 test images as PyTorch computed them.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { known } from "../../core/index.ts";
import { CIFAR10_NORMALIZATION } from "../../data/index.ts";
import { costByNode, costOf } from "../../model/index.ts";
import { readTorch } from "../torch/read.ts";
import { recognizeStateDict } from "./recognize.ts";
import { logitsOf } from "./testing/state-dicts.ts";

const ROOT = new URL("../../../", import.meta.url);
const GOLDENS = new URL("tests/goldens/", ROOT);
const FIXTURES = new URL("../shared/fixtures/", ROOT);
const IMAGES = new URL("data/cifar-10/test_batch.bin", ROOT);

interface Expected {
  readonly parameters: number;
  readonly flops: {
    readonly macs: number;
    readonly layers: readonly { readonly name: string; readonly macs: number }[];
  };
  readonly logits_first16: readonly (readonly number[])[];
}

const { cases: EXPECTED } = JSON.parse(
  readFileSync(new URL("network-slimming/first16.json", GOLDENS), "utf8"),
) as { readonly cases: Readonly<Record<string, Expected>> };

/** The same networks in every flavour of PyTorch's; for the large ones see docs/fixtures.md. */
const CASES = [
  ["vgg", "network-slimming/vgg.pth.tar"],
  ["vgg", "slim-vgg-base/checkpoint.pth.tar"],
  ["vgg", "slim-vgg-base/checkpoint_legacy.pth.tar"],
  ["vgg-p50", "torch/slim-vgg-p50.pth.tar"],
  ["presnet20", "network-slimming/presnet20.pth.tar"],
  ["presnet20", "slim-presnet20-base/checkpoint.pth.tar"],
  ["presnet20-p30", "network-slimming/presnet20-p30.pth.tar"],
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

describe.each(CASES)("network-slimming's own checkpoint of %s, %s", (name, path) => {
  const places = [new URL(path, GOLDENS), new URL(path, FIXTURES)];
  const file = known(places.find(existsSync) ?? places[0], path);
  const isHere = existsSync(file);
  const open = async () => {
    const bytes = new Uint8Array(readFileSync(file));
    const { network } = recognizeStateDict(await readTorch(bytes, name), name);
    return { network, expected: known(EXPECTED[name], name) };
  };

  it.skipIf(!isHere)("has PyTorch's parameters and MACs", async () => {
    const { network, expected } = await open();
    const { parameters, flops } = expected;
    expect(costOf(network)).toMatchObject({ parameters, macs: flops.macs });
    const costs = costByNode(network);
    for (const layer of flops.layers) {
      expect([layer.name, costs.get(layer.name)?.macs]).toEqual([layer.name, layer.macs]);
    }
  });

  it.skipIf(!isHere || !existsSync(IMAGES))("answers the first test images as there", async () => {
    const { network, expected } = await open();
    const theirs = expected.logits_first16.flat();
    const ours = await logitsOf(network, firstImages());
    expect(theirs).toHaveLength(160);
    for (const [i, logit] of theirs.entries()) {
      expect(Math.abs((ours[i] ?? NaN) - logit)).toBeLessThan(1e-4);
    }
  });
});
