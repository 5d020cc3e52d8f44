/**
 * @file The plan of a program: which node runs when, forward and backward, and after which
 * instruction each buffer is given back. Pure arithmetic on the graph; nothing is allocated here.
 *
 * Every node owns two buffers, its activation and its activation's gradient. A buffer lives from the
 * instruction that makes it to the last one that reads it.
 */
import { known, sizeOf } from "../core/index.ts";
import { factsOf, livingNodes, type Network, type Node, type NodeName } from "../model/index.ts";
import type { MemoryPlan } from "./program.ts";
import { logitsOf } from "./logits.ts";
import { runtimeOf } from "./ops/index.ts";

export interface Instruction {
  readonly kind: "forward" | "backward";
  readonly node: Node;
  /** Activations that nothing reads after this instruction. */
  readonly freeActivations: readonly NodeName[];
}

/** A whole training step: forward to the logits, the loss outside, then backward. */
export interface TrainingPlan {
  readonly forward: readonly Instruction[];
  readonly backward: readonly Instruction[];
  /** The node whose values are the logits: the output, or what a final softmax reads. */
  readonly logits: NodeName;
  readonly memory: MemoryPlan;
}

/** Bytes of a node's activation. */
export function activationBytes(network: Network, name: NodeName, batch: number): number {
  return sizeOf(known(factsOf(network).get(name), name).shape) * batch * 4;
}

/** Plans forward, backward and the life of every buffer for batches of `batch` images. */
export function planTraining(network: Network, batch: number): TrainingPlan {
  const logits = logitsOf(network);
  const nodes = livingNodes(network, logits);
  const order: { kind: "forward" | "backward"; node: Node }[] = [
    ...nodes.map((node) => ({ kind: "forward" as const, node })),
    ...nodes
      .filter((node) => node.op.kind !== "input")
      .toReversed()
      .map((node) => ({ kind: "backward" as const, node })),
  ];
  // The last reader of each activation, forward or backward.
  const last = new Map<NodeName, number>();
  order.forEach(({ kind, node }, at) => {
    const needs = runtimeOf(node.op).needs;
    if (kind === "forward") node.inputs.forEach((source) => last.set(source, at));
    if (kind === "backward" && needs.inputs) node.inputs.forEach((source) => last.set(source, at));
    if (kind === "backward" && needs.output) last.set(node.name, at);
  });
  // The loss reads the logits between the two halves, and the caller frees them.
  last.delete(logits);
  const instructions = order.map(({ kind, node }, at): Instruction => {
    const candidates = new Set([...node.inputs, node.name]);
    const freeActivations = [...candidates].filter((name) => last.get(name) === at);
    return { kind, node, freeActivations };
  });
  return {
    forward: instructions.filter(({ kind }) => kind === "forward"),
    backward: instructions.filter(({ kind }) => kind === "backward"),
    logits,
    memory: reckon(network, instructions, batch),
  };
}

/** Tensors that one parameter's update makes on its way (`sgd.ts`), one parameter at a time. */
const UPDATE_SCRATCH = 6;

/** Adds up what is alive at each instruction; gradients live from their first writer to their reader. */
function reckon(network: Network, instructions: readonly Instruction[], batch: number): MemoryPlan {
  const facts = factsOf(network);
  const bytesOf = (name: NodeName): number => activationBytes(network, name, batch);
  let [alive, peak] = [0, 0];
  const gradients = new Set<NodeName>();
  for (const { kind, node, freeActivations } of instructions) {
    if (kind === "forward") alive += bytesOf(node.name) * runtimeOf(node.op).copies;
    else {
      for (const source of node.inputs) {
        if (gradients.has(source)) continue;
        gradients.add(source);
        alive += bytesOf(source);
      }
    }
    const largest = Math.max(...[node.name, ...node.inputs].map(bytesOf));
    peak = Math.max(peak, alive + largest * runtimeOf(node.op).scratch[kind]);
    for (const name of freeActivations) alive -= bytesOf(name);
    if (kind === "backward") {
      alive -=
        bytesOf(node.name) * (runtimeOf(node.op).copies - 1 + (gradients.has(node.name) ? 1 : 0));
    }
  }
  let [parameterBytes, largestTrained] = [0, 0];
  for (const { weights } of facts.values()) {
    for (const spec of Object.values(weights)) {
      // The weight; when it is trained also its gradient and its momentum buffer.
      const bytes = sizeOf(spec.shape) * 4;
      parameterBytes += bytes * (spec.trainable ? 3 : 1);
      if (spec.trainable) largestTrained = Math.max(largestTrained, bytes);
    }
  }
  parameterBytes += largestTrained * UPDATE_SCRATCH;
  return { parameterBytes, peakActivationBytes: peak, instructions: instructions.length };
}
