import { describe, expect, it } from "vitest";
import { architectureNames, costOf } from "../../model/index.ts";
import { logitsOf as slowLogitsOf } from "../../model/testing/interpret.ts";
import { awkward, image, zoo } from "../testing/samples.ts";
import { nameForTorch } from "./name-for-torch.ts";
import { dictOf, logitsOf, recognize, SMALL_VGG, tricky } from "./testing/state-dicts.ts";

describe("nameForTorch", () => {
  it.each(architectureNames())("is undone by recognition: %s", async (name) => {
    const network = zoo(`${name}:width=0.25`);
    const named = nameForTorch(network);
    const back = recognize(named.tensors).network;
    const again = nameForTorch(back);
    expect(again.tensors).toEqual(named.tensors);
    expect(again.notes).toEqual([]);
    expect(costOf(back)).toEqual(costOf(network));
    const images = image(network);
    expect(await logitsOf(back, images)).toEqual(await logitsOf(network, images));
  });

  it("gives recognised networks their names back", () => {
    const tensors = dictOf(SMALL_VGG);
    const back = nameForTorch(recognize(tensors).network).tensors;
    expect([...back.keys()]).toEqual([...tensors.keys()]);
    for (const [name, { shape, values }] of tensors) {
      if (name.endsWith("tracked")) continue;
      expect(back.get(name), name).toEqual({ shape, values, dtype: "float32" });
    }
  });

  it("writes a mask for a choice of channels, and a list for what no mask can say", () => {
    const { tensors, notes } = nameForTorch(awkward());
    expect(tensors.get("pick.indices")).toEqual({
      shape: [5],
      values: Float32Array.of(3, -1, 0, 11, 3),
      dtype: "int64",
    });
    expect(tensors.get("keep.indexes")?.values).toEqual(new Float32Array(12).fill(1));
    expect(tensors.get("relu_6.num_batches_tracked")).toEqual({
      shape: [],
      values: new Float32Array(1),
      dtype: "int64",
    });
    expect(notes).toEqual([
      'selections that are no masks stand as lists in ".indices", −1 for zeros: pick, features',
    ]);
  });

  it("keeps a pruned shortcut's zero channels", () => {
    const network = zoo("resnet-20:width=0.25");
    const nodes = network.nodes.map((node) =>
      node.name === "layer2.0.widen"
        ? { ...node, op: { kind: "channelSelect", indices: [-1, 3, -1, -1, 0, 1, 2, -1] } as const }
        : node,
    );
    const pruned = { ...network, nodes };
    const back = recognize(nameForTorch(pruned).tensors).network;
    expect(slowLogitsOf(back, image(pruned))).toEqual(slowLogitsOf(pruned, image(pruned)));
  });

  it("keeps modules apart from tensors", () => {
    const network = tricky();
    const { tensors, notes } = nameForTorch(network);
    expect([...tensors.keys()]).toEqual([
      "a.weight",
      "a.weight__.weight",
      "type.weight",
      "type.bias",
    ]);
    expect(notes).toEqual(["a.weight is called a.weight__, apart from the tensors beside it"]);
  });
});
