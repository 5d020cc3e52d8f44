/**
 * @file What a program takes and gives back. The plan must be near what TensorFlow.js really holds:
 * far below it, a person's tab dies of a network that was let through; far above it, one that would
 * have run is refused. cpu allocates just what the ops say; wasm's composed kernels take up to half as
 * much again for transposed and spread maps while they run.
 */
import { describe, expect, it } from "vitest";
import { explain } from "../core/index.ts";
import { buildArchitecture } from "../model/index.ts";
import { refusal } from "../core/testing/refusal.ts";
import { compile, type Backend } from "./index.ts";
import { planInference } from "./inference-plan.ts";
import { planTraining } from "./plan.ts";
import { openInNode } from "./testing/backends.ts";
import { peakBytesOf, tensorsAlive, withLeakCheck } from "./testing/leaks.ts";
import { batchFor, NETWORKS, REAL_STEP, tiny } from "./testing/networks.ts";

/** TensorFlow.js' own kernels alone: what is counted here is its tensors. */
const openStock = async (kind: "cpu" | "wasm"): Promise<Backend> => ({
  ...(await openInNode(kind)),
  machine: null,
});

describe.each(["cpu", "wasm"] as const)("on %s", (kind) => {
  it("twenty steps hold as many tensors as one, and dispose returns them all", async () => {
    const backend = await openStock(kind);
    await withLeakCheck(async () => {
      const network = tiny();
      const program = compile(network, backend, 4);
      const { images, labels } = batchFor(network, 4);
      const alive: number[] = [];
      for (let step = 0; step < 20; step++) {
        await program.step(images, labels, REAL_STEP);
        alive.push(tensorsAlive());
      }
      expect(new Set(alive).size).toBe(1);
      await program.forward(images);
      const folded = tensorsAlive();
      for (let call = 0; call < 5; call++) await program.forward(images);
      expect(tensorsAlive()).toBe(folded);
      await program.readParameters();
      expect(tensorsAlive()).toBe(folded);
      program.writeParameters({ weights: network.weights, velocity: new Map() });
      await program.step(images, labels, REAL_STEP);
      expect(tensorsAlive()).toBe(alive[0]);
      program.dispose();
      program.dispose();
    });
  });

  it.each(NETWORKS)("%s takes what its plan says", async (_, make) => {
    const backend = await openStock(kind);
    await withLeakCheck(async () => {
      const network = make();
      const program = compile(network, backend, 2);
      const { images, labels } = batchFor(network, 2);
      await program.step(images, labels, REAL_STEP);
      // From here on momentum buffers are there; what a step adds are activations and gradients.
      const trained = [...(await program.readParameters()).velocity.values()];
      const held =
        trained.reduce((sum, { values }) => sum + values.byteLength, 0) +
        [...network.weights.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
      const actual = held + (await peakBytesOf(() => program.step(images, labels, REAL_STEP)));
      const { parameterBytes, peakActivationBytes } = program.memory;
      const share = actual / (parameterBytes + peakActivationBytes);
      expect(share).toBeGreaterThan(0.5);
      expect(share).toBeLessThan(kind === "cpu" ? 1.05 : 1.5);
      program.dispose();
    });
  });
});

describe("a plan", () => {
  it("grows with the batch by activations alone", () => {
    const network = tiny();
    const [one, four] = [planTraining(network, 1).memory, planTraining(network, 4).memory];
    expect(four.peakActivationBytes).toBe(4 * one.peakActivationBytes);
    expect(four.parameterBytes).toBe(one.parameterBytes);
  });

  it.each(NETWORKS)("of %s frees every activation once, after its last reader", (_, make) => {
    const { forward, backward, logits } = planTraining(make(), 2);
    const freed = [...forward, ...backward].flatMap(({ freeActivations }) => freeActivations);
    expect(new Set(freed).size).toBe(freed.length);
    expect(freed).not.toContain(logits);
    const made = new Set(forward.map(({ node }) => node.name));
    for (const { node, freeActivations } of forward) {
      for (const name of node.inputs) expect(made.has(name), name).toBe(true);
      for (const name of freeActivations) made.delete(name);
    }
  });

  it.each(NETWORKS)("of %s for inference reads nothing that it has given back", (_, make) => {
    const network = make();
    const alive = new Set<string>();
    for (const { node, result, free } of planInference(network)) {
      for (const name of node.inputs) expect(alive.has(name), name).toBe(true);
      alive.add(result);
      for (const name of free) alive.delete(name);
    }
    expect([...alive]).toEqual([network.output]);
  });

  it("takes every conv → BN → ReLU of a VGG together", () => {
    const fused = planInference(buildArchitecture("vgg11:width=0.0625", 1));
    const convolutions = fused.filter(({ node }) => node.op.kind === "conv2d");
    expect(convolutions.map(({ bn, activation }) => [bn !== undefined, activation])).toEqual(
      Array.from({ length: 8 }, () => [true, "relu"]),
    );
    expect(fused.some(({ node }) => ["batchNorm", "relu"].includes(node.op.kind))).toBe(false);
  });
});

describe("a program that would be too large", () => {
  it("is refused before anything is allocated, with the next step", async () => {
    const backend = await openInNode("cpu");
    await withLeakCheck(async () => {
      const error = await refusal(() =>
        compile(buildArchitecture("vgg11:width=0.0625", 1), backend, 100_000),
      );
      expect(error.code).toBe("runtime/out-of-memory");
      expect(explain(error)).toMatch(
        /^vgg11:width=0\.0625 with batch 100000: .*expected at most 1\.5 GB, found [\d.]+ GB.*use a smaller batch\.$/,
      );
    });
  });
});
