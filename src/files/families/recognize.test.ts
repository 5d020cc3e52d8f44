import { describe, expect, it } from "vitest";
import { AppError, explain } from "../../core/index.ts";
import { CIFAR10_CLASSES } from "../../data/index.ts";
import type { Network } from "../../model/index.ts";
import { zoo } from "../testing/samples.ts";
import type { Checkpoint, TorchTensor } from "../torch/state-dict.ts";
import { nameForTorch } from "./name-for-torch.ts";
import { bn, dictOf, recognize, SMALL_VGG, zeros } from "./testing/state-dicts.ts";

const kinds = (network: Network): string[] =>
  network.nodes.map(({ name, op }) => (name === op.kind ? name : `${name}:${op.kind}`));

describe("recognizeStateDict", () => {
  it("finds a VGG's poolings in the gaps of its numbers", () => {
    const { network, notes } = recognize(dictOf(SMALL_VGG), {
      extras: { epoch: 3 },
      notes: ["a note"],
    });
    expect(kinds(network)).toEqual([
      "input",
      "feature.0:conv2d",
      "feature.1:batchNorm",
      "feature.2:relu",
      "feature.3:maxPool",
      "feature.4:conv2d",
      "feature.5:batchNorm",
      "feature.6:relu",
      "avgpool:averagePool",
      "flatten",
      "classifier:dense",
    ]);
    expect(network.metadata).toEqual({
      classes: CIFAR10_CLASSES,
      provenance: { family: "network-slimming VGG", checkpoint: { epoch: 3 } },
    });
    expect(notes).toEqual([
      "a note",
      "recognised as a network-slimming VGG",
      "the file does not say the image size: 32 × 32 pixels are assumed",
      "the weights also fit a network-slimming VGG, average pools",
    ]);
  });

  it("turns a dense layer's rows where a map is flattened", () => {
    const tensors = dictOf(SMALL_VGG);
    const { network } = recognize(tensors);
    const theirs = tensors.get("classifier.weight")?.values ?? [];
    const ours = network.weights.get("classifier/kernel")?.values ?? [];
    // Output 2, channel 3, row 4, column 5 of an 8 × 8 map.
    expect(ours[((4 * 8 + 5) * 5 + 3) * 10 + 2]).toBe(theirs[2 * 320 + 3 * 64 + 4 * 8 + 5]);
  });

  it("holds cfg against the gaps, and takes the kind of pooling from it", () => {
    const average = recognize(dictOf(SMALL_VGG), { cfg: [4, "A", 5] }).network;
    expect(kinds(average)[4]).toBe("feature.3:averagePool");
    expect(recognize(dictOf(SMALL_VGG), { cfg: [4, "M", 5] }).network.nodes).toHaveLength(11);
    for (const cfg of [
      [4, 5],
      [4, "M", 6],
      [4, "M", 5, "M", 8],
      [4, "X", 5],
      [4, "M"],
    ]) {
      expect(() => recognize(dictOf(SMALL_VGG), { cfg }), cfg.join()).toThrow(AppError);
    }
  });

  const refusal = (
    change: (tensors: Map<string, TorchTensor>) => void,
    more?: Partial<Checkpoint>,
  ) => {
    const tensors = dictOf(SMALL_VGG);
    change(tensors);
    try {
      recognize(tensors, more);
    } catch (error) {
      if (error instanceof AppError) return explain(error);
      throw error;
    }
    return "accepted";
  };
  const HINT = "export the network as ONNX, which says how its layers are connected.";
  const VGG = "net.pth: this is not supported (expected a network-slimming VGG with";

  it.each<[string, Parameters<typeof refusal>, string]>([
    [
      "a missing tensor",
      [(t) => t.delete("feature.1.bias")],
      `${VGG} feature.1.bias: [4], found nothing)`,
    ],
    [
      "a missing module",
      [(t) => t.delete("classifier.weight")],
      `${VGG} classifier.weight: 2 axes, found nothing)`,
    ],
    [
      "a wrong shape",
      [(t) => t.set("feature.4.weight", zeros(5, 3, 3, 3))],
      `${VGG} feature.4.weight: [5,4,3,3], found [5,3,3,3])`,
    ],
    [
      "an extra tensor",
      [(t) => t.set("feature.1.mask", zeros(4))],
      `${VGG} feature.1.mask: nothing, found [4])`,
    ],
    [
      "a large window",
      [(t) => t.set("feature.0.weight", zeros(4, 3, 11, 11))],
      `${VGG} feature.0.weight: [4,3,3,3], found [4,3,11,11])`,
    ],
    [
      "a gap that is no pooling",
      [
        (t) => {
          t.set("feature.9.weight", zeros(5, 5, 3, 3));
        },
      ],
      `${VGG} feature.9.weight: number 7, or 8 behind a pooling, found number 9)`,
    ],
    [
      "more than three disagreements",
      [
        (t) => {
          for (const name of ["a", "b", "c", "d", "e"]) t.set(`extra.${name}`, zeros(1));
        },
      ],
      `${VGG} extra.a: nothing; extra.b: nothing; extra.c: nothing, found [1]; [1]; [1]; and 2 more)`,
    ],
    [
      "a classifier for no image that we know",
      [(t) => t.set("classifier.weight", zeros(10, 5 * 9))],
      `${VGG} classifier.weight: 5 inputs for each pixel that poolings leave of 32 × 32 or 224 × 224, found [10,45])`,
    ],
    [
      "a cfg of another network",
      [() => undefined, { cfg: [4, 5] }],
      `${VGG} cfg: 4 filters, M at entry 1, found 4,5)`,
    ],
    [
      "names of no family",
      [
        (t) => {
          t.clear();
          t.set("encoder.weight", zeros(2, 2));
        },
      ],
      "net.pth: this is not supported (expected the tensors of a network-slimming VGG, torchvision VGG, " +
        "network-slimming pre-activation ResNet, ResNet, network-slimming DenseNet, VGG of Espalier, found encoder.weight)",
    ],
  ])("refuses %s", (_, given, sentence) => {
    expect(refusal(...given)).toBe(`${sentence}; ${HINT}`);
  });

  it("refuses weights that are not finite by their name", () => {
    expect(
      refusal((t) =>
        t.set("feature.1.bias", { ...zeros(4), values: Float32Array.of(0, NaN, 0, 0) }),
      ),
    ).toContain("net.pth › feature.1/beta: the weights hold numbers that are not finite");
  });

  it("does not guess where a pruned shortcut's zero channels are", () => {
    const tensors = new Map(nameForTorch(zoo("resnet-20:width=0.25")).tensors);
    for (const [name, { shape }] of tensors) {
      if (!name.startsWith("layer2.0.conv2") || shape[0] !== 8) continue;
      tensors.set(name, zeros(7, 8, 3, 3));
    }
    expect(() => recognize(tensors)).toThrow(
      expect.objectContaining({
        expected: "a ResNet with layer2.0.conv2.weight: 8 filters, twice what the shortcut brings",
      }),
    );
  });

  it("refuses streams that do not meet", () => {
    const tensors = new Map(nameForTorch(zoo("resnet-20:width=0.25")).tensors);
    tensors.set("layer1.0.conv2.weight", zeros(3, 4, 3, 3));
    expect(() => recognize(tensors)).toThrow(
      expect.objectContaining({ code: "files/unsupported" }),
    );
  });
});

/** A ResNet of two stages with bottlenecks. */
const BOTTLENECKS = {
  "conv1.weight": [4, 3, 3, 3],
  ...bn("bn1", 4),
  ...bottleneck("layer1.0", 4),
  ...bottleneck("layer2.0", 16),
  "fc.weight": [10, 16],
  "fc.bias": [10],
};

function bottleneck(at: string, input: number): Record<string, readonly number[]> {
  return {
    [`${at}.conv1.weight`]: [4, input, 1, 1],
    ...bn(`${at}.bn1`, 4),
    [`${at}.conv2.weight`]: [4, 4, 3, 3],
    ...bn(`${at}.bn2`, 4),
    [`${at}.conv3.weight`]: [16, 4, 1, 1],
    ...bn(`${at}.bn3`, 16),
    [`${at}.downsample.0.weight`]: [16, input, 1, 1],
    ...bn(`${at}.downsample.1`, 16),
  };
}

const strideOf = (network: Network, name: string): unknown => {
  const op = network.nodes.find((node) => node.name === name)?.op;
  return op !== undefined && "stride" in op ? op.stride : undefined;
};

describe("weights that fit several networks", () => {
  it("are offered as each of them, the usual one first", () => {
    const found = recognize(dictOf(BOTTLENECKS));
    expect(found.readings).toEqual([
      { key: "resnet", title: "ResNet" },
      {
        key: "resnet-early-stride",
        title: "ResNet, stride in the first 1 × 1 convolution of a bottleneck",
      },
    ]);
    expect([found.reading, strideOf(found.network, "layer2.0.conv2")]).toEqual(["resnet", [2, 2]]);
  });

  it("are the one that a person has named", () => {
    const { network, reading } = recognize(
      dictOf(BOTTLENECKS),
      {},
      { reading: "resnet-early-stride" },
    );
    expect(reading).toBe("resnet-early-stride");
    expect(strideOf(network, "layer2.0.conv1")).toEqual([2, 2]);
    expect(strideOf(network, "layer2.0.conv2")).toEqual([1, 1]);
    const average = recognize(dictOf(SMALL_VGG), {}, { reading: "slimming-vgg-average-pools" });
    expect(kinds(average.network)[4]).toBe("feature.3:averagePool");
  });

  it("put a shortcut's zero channels between or behind", () => {
    const { tensors } = nameForTorch(zoo("resnet-20:width=0.25"));
    const { readings } = recognize(tensors);
    expect(readings.map(({ key }) => key)).toEqual(["resnet", "resnet-zeros-behind"]);
    const { network } = recognize(tensors, {}, { reading: "resnet-zeros-behind" });
    const widen = network.nodes.find(({ name }) => name === "layer2.0.widen")?.op;
    expect(widen).toMatchObject({ indices: [0, 1, 2, 3, -1, -1, -1, -1] });
    // On the way out the list is written down, so that it needs no telling again.
    const again = recognize(nameForTorch(network).tensors);
    expect(again.readings).toHaveLength(1);
    expect(again.network.nodes).toEqual(network.nodes);
  });

  it("are not doubted where the file says more: by cfg, or by having no such layer", () => {
    expect(recognize(dictOf(SMALL_VGG), { cfg: [4, "M", 5] }).readings).toHaveLength(1);
    expect(recognize(nameForTorch(zoo("preresnet-20:width=0.25")).tensors).readings).toHaveLength(
      1,
    );
  });

  it("refuse a reading that they do not fit, with those that they do", () => {
    expect(() => recognize(dictOf(SMALL_VGG), {}, { reading: "resnet" })).toThrow(
      expect.objectContaining({
        code: "files/bad-field",
        expected: "one of the readings that fit: slimming-vgg, slimming-vgg-average-pools",
        found: "resnet",
      }),
    );
  });
});

describe("the size that a state dict does not tell", () => {
  it("is what a person says, for networks that take any", () => {
    const { network, fitsAnySize, notes } = recognize(
      dictOf(BOTTLENECKS),
      {},
      { inputSize: { height: 48, width: 64 } },
    );
    expect(network.nodes[0]?.op).toMatchObject({ shape: [48, 64, 3] });
    expect(fitsAnySize).toBe(true);
    expect(notes.join()).not.toContain("assumed");
  });

  it("must be the one that a classifier of a whole map wants", () => {
    const of = (side: number) =>
      recognize(dictOf(SMALL_VGG), {}, { inputSize: { height: side, width: side } });
    expect(of(32).fitsAnySize).toBe(false);
    expect(() => of(64)).toThrow(
      expect.objectContaining({
        expected: expect.stringContaining("poolings leave of 64 × 64") as unknown,
      }),
    );
  });
});
