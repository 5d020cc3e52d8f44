/** @file Networks of public PyTorch code, in small: recognised, they compute what PyTorch computes. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { known } from "../../core/index.ts";
import { distance } from "../../runtime/testing/close.ts";
import { notRun, whyNoPython } from "../testing/python.ts";
import type { StateDict } from "../torch/state-dict.ts";
import { nameForTorch } from "./name-for-torch.ts";
import { logitsOf, recognize } from "./testing/state-dicts.ts";
import { channelsLast, runTorch } from "./testing/torch.ts";

const PEERS = [
  "torchvision vgg_bn",
  "torchvision vgg",
  "kuangliu vgg",
  "slimming vgg, folded",
  "slimming vgg, average pools",
  "slimming vgg, two dense layers",
  "torchvision resnet",
  "torchvision resnext",
  "kuangliu resnet",
  "akamaster resnet",
  "slimming densenet",
  "slimming densenet, bottlenecks",
];

const noTorch = whyNoPython("torch");

describe.skipIf(noTorch)(`networks of public PyTorch code${notRun(noTorch)}`, () => {
  let sent: StateDict;

  // One Python for all: starting one takes seconds.
  beforeAll(() => {
    sent = runTorch(readFileSync(new URL("testing/peers.py", import.meta.url), "utf8")).tensors;
  }, 60_000);

  it.each(PEERS)("are recognised: %s", async (peer) => {
    const start = `${peer}/`;
    const own = [...sent].filter(([name]) => name.startsWith(start));
    const tensors = new Map(own.map(([name, tensor]) => [name.slice(start.length), tensor]));
    const images = channelsLast(known(tensors.get("images"), peer));
    const logits = known(tensors.get("logits"), peer).values;
    tensors.delete("images");
    tensors.delete("logits");
    const cfg = peer.includes("average") ? [4, "A", 6, 5, "M", 8, "A", 8, "M", 7] : undefined;
    const { network } = recognize(tensors, { cfg });
    expect(distance(await logitsOf(network, images), logits)).toBeLessThan(1e-5);
    const again = nameForTorch(network).tensors;
    expect([...again.keys()].toSorted()).toEqual([...tensors.keys()].toSorted());
    for (const [name, { values }] of tensors) expect(again.get(name)?.values, name).toEqual(values);
  });
});
