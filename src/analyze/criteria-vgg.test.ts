/**
 * @file Every criterion on a network of network-slimming's, against the numbers that PyTorch computed for
 * each filter of each convolution, to the tolerances that stand beside them.
 */
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { CIFAR10_NORMALIZATION, type Dataset } from "../data/index.ts";
import { readCifarShards } from "../files/cifar/read.ts";
import { recognizeStateDict } from "../files/families/recognize.ts";
import { readTorch } from "../files/torch/read.ts";
import type { Network } from "../model/index.ts";
import { readCriterion, scoreChannels, type Evidence, type EvidenceKind } from "../prune/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { measureEvidence } from "./evidence.ts";

const GOLDENS = new URL("../../tests/goldens/network-slimming/", import.meta.url);
const IMAGES = new URL("../../data/cifar-10/test_batch.bin", import.meta.url);
const BATCH = 64;
const RECORD = 3073;

type Column = Exclude<keyof Layer, "geometric_median_order">;
interface Layer {
  readonly l1: readonly number[];
  readonly l2: readonly number[];
  readonly fpgm: readonly number[];
  readonly geometric_median_order: readonly number[];
  readonly bn_gamma: readonly number[];
  readonly taylor_fo_sq: readonly number[];
  readonly taylor_fo_abs: readonly number[];
  readonly taylor_fo_bn: readonly number[];
  readonly taylor_act: readonly number[];
  readonly taylor_act_l2norm: readonly number[];
  readonly apoz: readonly number[];
  readonly mean_activation: readonly number[];
}
interface Expected {
  readonly layers: Readonly<Record<string, Layer>>;
  readonly tolerance: {
    readonly weight_only_rel: number;
    readonly gradient_based_rel: number;
    readonly apoz_abs: number;
  };
}

describe("criteria of network-slimming's VGG", () => {
  let network: Network;
  let expected: Expected;
  beforeAll(async () => {
    const bytes = readFileSync(new URL("vgg.pth.tar", GOLDENS));
    const state = await readTorch(new Uint8Array(bytes), "vgg.pth.tar");
    ({ network } = recognizeStateDict(state, "vgg.pth.tar"));
    const text = readFileSync(new URL("vgg-criteria.json", GOLDENS), "utf8");
    expected = JSON.parse(text) as Expected;
  });

  /** Ours beside theirs, layer by layer. */
  function sideBySide(text: string, column: Column, evidence?: Evidence) {
    const scores = scoreChannels(network, readCriterion(text), "as-defined", evidence);
    expect([...scores.keys()]).toEqual(Object.keys(expected.layers));
    return [...scores].map(([id, own]) => {
      const theirs = known(expected.layers[id], id)[column];
      expect(own).toHaveLength(theirs.length);
      return { id, ours: own, theirs };
    });
  }

  it.each([
    ["bn-scale", "bn_gamma"],
    ["l1", "l1"],
    ["l2", "l2"],
    ["lp:p=1", "l1"],
    ["lp:p=2", "l2"],
    ["fpgm", "fpgm"],
  ] as const)("%s is %s", (text, column) => {
    for (const { id, ours, theirs } of sideBySide(text, column)) {
      theirs.forEach((score, i) => {
        const limit = expected.tolerance.weight_only_rel * score;
        expect(Math.abs((ours[i] ?? NaN) - score), `${id} ${i}`).toBeLessThanOrEqual(limit);
      });
    }
  });

  it("fpgm puts filters in the order in which they are pruned", () => {
    for (const { id, ours } of sideBySide("fpgm", "fpgm")) {
      const order = [...ours.keys()].toSorted((a, b) => (ours[a] ?? NaN) - (ours[b] ?? NaN));
      expect(order, id).toEqual(expected.layers[id]?.geometric_median_order);
    }
  });

  describe.skipIf(!existsSync(IMAGES))("on images", () => {
    const found = new Map<EvidenceKind, Evidence>();
    beforeAll(async () => {
      const backend = await openInNode("wasm");
      const bytes = Uint8Array.from(readFileSync(IMAGES).subarray(0, BATCH * RECORD));
      const read = readCifarShards([{ name: "test_batch.bin", bytes }]);
      const dataset: Dataset = known(read.test, "test images");
      const indices = Uint32Array.from({ length: BATCH }, (_, i) => i);
      const images = { dataset, indices, normalization: CIFAR10_NORMALIZATION };
      for (const need of ["activations", "gradients", "responses"] as const) {
        const plan = { network, kind: need, images, batch: BATCH };
        found.set(need, await measureEvidence(plan, backend));
      }
    });

    it.each([
      ["taylor:variant=absolute", "taylor_fo_abs", "gradients"],
      ["taylor:variant=multivariable-squared", "taylor_fo_sq", "gradients"],
      ["taylor:variant=gate", "taylor_fo_bn", "gradients"],
      ["taylor:variant=activation", "taylor_act", "responses"],
      ["taylor:variant=activation,normalise=l2", "taylor_act_l2norm", "responses"],
      ["mean-activation", "mean_activation", "activations"],
    ] as const)("%s is %s", (text, column, need) => {
      for (const { id, ours, theirs } of sideBySide(text, column, found.get(need))) {
        theirs.forEach((score, i) => {
          const limit = expected.tolerance.gradient_based_rel * score;
          expect(Math.abs((ours[i] ?? NaN) - score), `${id} ${i}`).toBeLessThanOrEqual(limit);
        });
      }
    });

    it("apoz is 1 − apoz", () => {
      for (const { id, ours, theirs } of sideBySide("apoz", "apoz", found.get("activations"))) {
        theirs.forEach((zeros, i) => {
          const far = Math.abs(1 - (ours[i] ?? NaN) - zeros);
          expect(far, `${id} ${i}`).toBeLessThanOrEqual(expected.tolerance.apoz_abs);
        });
      }
    });
  });
});
