/**
 * @file Network Slimming against its authors' own scripts: `vggprune.py` and `resprune.py`, run on
 * checkpoints that their code trained (tests/goldens/network-slimming). What they keep, index for
 * index, at which threshold; what they copy, bit for bit; what the result answers and costs.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { evaluate, predict, type Images } from "../analyze/index.ts";
import { CIFAR10_NORMALIZATION } from "../data/index.ts";
import { readCifarShards } from "../files/cifar/read.ts";
import { compile, type Program } from "../runtime/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { nameForTorch } from "../files/families/name-for-torch.ts";
import { recognizeStateDict } from "../files/families/recognize.ts";
import { readTorch } from "../files/torch/read.ts";
import { costOf, tensorName, type Network, type TensorName } from "../model/index.ts";
import { applyPlan } from "./apply.ts";
import { maskPlan } from "./mask-plan.ts";
import type { Plan } from "./plan.ts";
import { costAt, planAt, preparePruning, type PreparedPruning } from "./prepare.ts";

const GOLDENS = "tests/goldens/";
const IMAGES = "data/cifar-10/test_batch.bin";

interface Expected {
  readonly percent: number;
  readonly total_bn_channels: number;
  readonly threshold: number;
  readonly pruned_channels: number;
  readonly pruned_ratio: number;
  /** By batch norm, in forward order. */
  readonly kept: Readonly<Record<string, readonly number[]>>;
  readonly trainable_without_selection: number;
  readonly macs: number;
  readonly logits_first16_before: readonly (readonly number[])[];
  readonly logits_first16_after: readonly (readonly number[])[];
  /** Of 10 000. */
  readonly test_correct_after: number;
  readonly tolerance: { readonly logits_abs: number; readonly accuracy_images: number };
}

interface Case {
  readonly expected: Expected;
  readonly base: Network;
  /** As the script has written it. */
  readonly theirs: Network;
  readonly prepared: PreparedPruning;
  readonly plan: Plan;
  readonly cut: Network;
}

async function open(file: string): Promise<Network> {
  const bytes = Uint8Array.from(readFileSync(`${GOLDENS}${file}`));
  return recognizeStateDict(await readTorch(bytes, file), file).network;
}

async function openCase(base: string, pruned: string, facts: string): Promise<Case> {
  const text = readFileSync(`${GOLDENS}network-slimming/${facts}`, "utf8");
  const expected = JSON.parse(text) as Expected;
  const network = await open(`network-slimming/${base}`);
  const prepared = preparePruning(network, "bn-scale");
  const plan = planAt(prepared, { ratio: expected.percent, mode: "reference" });
  const cut = applyPlan(network, prepared.table, plan);
  return { expected, base: network, theirs: await open(pruned), prepared, plan, cut };
}

const vgg = await openCase("vgg.pth.tar", "torch/slim-vgg-p50.pth.tar", "vgg-p50.json");
const resnet = await openCase(
  "presnet20.pth.tar",
  "network-slimming/presnet20-p30.pth.tar",
  "presnet20-p30.json",
);

const lists = ({ kept }: Plan): number[][] => [...kept.values()].map((list) => [...list]);

/** The first `count` test images. */
function testImages(count: number): Images {
  const bytes = Uint8Array.from(readFileSync(IMAGES));
  const dataset = known(readCifarShards([{ name: "test_batch.bin", bytes }]).test, "test images");
  return {
    dataset,
    indices: Uint32Array.from({ length: count }, (_, i) => i),
    normalization: CIFAR10_NORMALIZATION,
  };
}

async function on<T>(network: Network, work: (program: Program) => Promise<T>): Promise<T> {
  const program = compile(network, await openInNode("wasm"), 64);
  return work(program).finally(() => program.dispose());
}

describe.each([
  ["vggprune.py at 0.5", vgg],
  ["resprune.py at 0.3", resnet],
])("%s", (_, { expected, base, theirs, prepared, plan, cut }) => {
  it("keeps the same channels of every batch norm", () => {
    expect(lists(plan)).toEqual(Object.values(expected.kept));
    expect(plan.guarded).toEqual([]);
  });

  it("cuts at the same threshold, to the last digit of a float32", () => {
    expect(prepared.ranking.sorted).toHaveLength(expected.total_bn_channels);
    expect(plan.threshold).toBe(Math.fround(expected.threshold));
    expect(Math.fround(plan.achieved)).toBe(Math.fround(expected.pruned_ratio));
    const kept = lists(plan).reduce((sum, { length }) => sum + length, 0);
    expect(expected.total_bn_channels - kept).toBe(expected.pruned_channels);
  });

  it("costs what PyTorch counts, as the plan says", () => {
    const cost = { parameters: expected.trainable_without_selection, macs: expected.macs };
    expect(costAt(prepared, plan)).toMatchObject(cost);
    expect(costOf(cut)).toMatchObject(cost);
  });

  it("leaves the graph that their file opens as", () => {
    expect(cut.nodes).toEqual(theirs.nodes);
  });

  it("takes one channel less in exact mode: the one that stands at the threshold", () => {
    const exact = planAt(prepared, { ratio: expected.percent });
    const more = [...exact.kept].flatMap(([id, kept]) =>
      [...kept].filter((c) => !known(plan.kept.get(id), id).includes(c)).map((c) => [id, c]),
    );
    expect(more).toHaveLength(1);
    const [[id, channel] = ["", -1]] = more as [string, number][];
    expect(prepared.scores.get(id)?.[channel]).toBe(Math.fround(expected.threshold));
  });

  it.skipIf(!existsSync(IMAGES))("answers as PyTorch does, masked and cut", async () => {
    const images = testImages(16);
    const masked = maskPlan(base, prepared.table, plan);
    for (const [network, logits] of [
      [base, expected.logits_first16_before],
      [masked, expected.logits_first16_after],
      [cut, expected.logits_first16_after],
    ] as const) {
      const ours = await on(network, (program) => predict(program, images));
      logits.flat().forEach((logit, i) => {
        expect(Math.abs((ours[i] ?? NaN) - logit)).toBeLessThan(expected.tolerance.logits_abs);
      });
    }
  });
});

it.skipIf(!existsSync(IMAGES))("is right about as many of the 10 000 test images", async () => {
  const { cut, expected } = vgg;
  const { correct } = await on(cut, (program) => evaluate(program, testImages(10_000)));
  const off = Math.abs(correct - expected.test_correct_after);
  expect(off).toBeLessThanOrEqual(expected.tolerance.accuracy_images);
});

/** The weights in which two networks of one graph differ. */
function differing(a: Network, b: Network): TensorName[] {
  return [...a.weights.keys()].filter((name) => {
    const [one, other] = [a, b].map(({ weights }) => known(weights.get(name), name).values);
    return !one?.every((value, i) => Object.is(value, other?.[i]));
  });
}

describe("what the scripts copy", () => {
  it("is every weight and running statistic of a VGG, bit for bit", () => {
    expect(differing(vgg.cut, vgg.theirs)).toEqual([]);
  });

  it("is every weight of a pre-activation ResNet but scales and shifts that nothing reads", () => {
    const { cut, theirs } = resnet;
    const read = new Map(
      cut.nodes.flatMap(({ op, inputs: [bn = ""] }) =>
        op.kind === "channelSelect" ? [[bn, new Set(op.indices)] as const] : [],
      ),
    );
    for (const name of differing(cut, theirs)) {
      const [bn = "", slot] = name.split("/");
      expect(["gamma", "beta"]).toContain(slot);
      const [ours, other] = [cut, theirs].map(({ weights }) => known(weights.get(name), name));
      ours?.values.forEach((value, channel) => {
        // The scripts zero what the selection drops; here it stays, and is as little read.
        const expected = read.get(bn)?.has(channel) === true ? value : 0;
        // A negative scale times 0 is their −0.
        expect((other?.values[channel] ?? NaN) + 0).toBe(expected + 0);
      });
    }
    expect(differing(cut, theirs)).toHaveLength(2 * read.size);
  });

  it("goes out under their names and opens as the same network", () => {
    const { tensors } = nameForTorch(resnet.cut);
    const indexes = known(tensors.get("layer1.0.select.indexes"), "indexes").values;
    const kept = known(resnet.expected.kept["layer1.0.bn1"], "bn1");
    expect([...indexes.keys()].filter((i) => indexes[i] === 1)).toEqual(kept);
    const checkpoint = { tensors, cfg: undefined, notes: [], extras: {} };
    const { network } = recognizeStateDict(checkpoint, "cut.pth");
    expect(network.nodes).toEqual(resnet.cut.nodes);
    expect(differing(network, resnet.cut)).toEqual([]);
    const gamma = tensorName("layer1.0.bn1", "gamma");
    expect(known(network.weights.get(gamma), gamma).values).toHaveLength(16);
  });
});
