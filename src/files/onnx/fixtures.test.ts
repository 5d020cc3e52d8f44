/** @file Networks that PyTorch exported, against the logits that PyTorch computed. */
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { costOf, type Network } from "../../model/index.ts";
import { foldBatchNorms } from "../../quantize/index.ts";
import { compile } from "../../runtime/index.ts";
import { openInNode } from "../../runtime/testing/backends.ts";
import { CIFAR10_RECORD } from "../sniff.ts";
import { readOnnx } from "./read.ts";

interface Expected {
  readonly num_params: number;
  readonly macs: number;
  readonly logits_first16: readonly (readonly number[])[];
}

const root = new URL("../../../", import.meta.url);
const images = new URL("data/cifar-10/test_batch.bin", root);
const golden = (name: string): [URL, URL] => [
  new URL(`tests/goldens/onnx/${name}.onnx`, root),
  new URL(`tests/goldens/onnx/${name}.json`, root),
];
const FIXTURES: Readonly<Record<string, [model: URL, expected: URL]>> = {
  "basic-resnet8-bn": golden("basic-resnet8-bn"),
  "onnx-vgg": golden("vgg"),
  "onnx-vgg-bn": golden("vgg-bn"),
};
const [MEAN, STD] = [
  [0.4914, 0.4822, 0.4465],
  [0.2023, 0.1994, 0.201],
] as const;

/** The first records as a network of the fixtures wants them. */
function firstImages(count: number): Float32Array {
  const bytes = readFileSync(images);
  return Float32Array.from({ length: count * 3072 }, (_, i) => {
    const [pixel, channel] = [Math.floor((i % 3072) / 3), i % 3];
    const at = Math.floor(i / 3072) * CIFAR10_RECORD + 1 + channel * 1024 + pixel;
    return ((bytes[at] as number) / 255 - (MEAN[channel] as number)) / (STD[channel] as number);
  });
}

async function logits(network: Network, count: number): Promise<Float32Array> {
  const program = compile(network, await openInNode("wasm"), count);
  const values = await program.forward(firstImages(count));
  program.dispose();
  return values;
}

describe.each(Object.entries(FIXTURES))("%s", (name, [modelUrl, expectedUrl]) => {
  const load = () => readOnnx(new Uint8Array(readFileSync(modelUrl)), `${name}.onnx`);
  const expected = () => JSON.parse(readFileSync(expectedUrl, "utf8")) as Expected;

  it("has PyTorch's parameters, MACs and module names", () => {
    const { network, notes } = load();
    const cost = costOf(network);
    const bnOrBias = name === "onnx-vgg" ? cost.parameters : expected().num_params;
    expect(cost.parameters).toBe(bnOrBias);
    expect(cost.macs).toBe(expected().macs);
    expect(network.name).toBe(name);
    expect(network.metadata).toEqual({});
    expect(notes).toEqual([]);
    expect(network.nodes.map(({ name: node }) => node)).toMatchSnapshot();
  });

  it.skipIf(!existsSync(images))("answers as PyTorch did, folded or not", async () => {
    const { network } = load();
    const theirs = expected().logits_first16.flat();
    for (const one of [network, foldBatchNorms(network)]) {
      const ours = await logits(one, 16);
      const worst = Math.max(
        ...theirs.map((value, i) => Math.abs(value - (ours[i] ?? Number.NaN))),
      );
      expect(worst).toBeLessThan(1e-4);
    }
  });
});

beforeAll(() => openInNode("wasm"));
