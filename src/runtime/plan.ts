/**
 * @file The plan of a program: which node runs when, forward and backward, and after which
 * instruction each buffer is given back. Pure arithmetic on the graph; nothing is allocated here.
 *
 * Every node owns two buffers, its activation and its activation's gradient. A buffer lives from the
 * instruction that makes it to the last one that reads it.
 */
import { known, sizeOf } from "../core/index.ts";
import { factsOf, readersOf, type Network, type Node, type NodeName } from "../model/index.ts";
import type { MemoryPlan } from "./program.ts";
import { runtimeOf } from "./ops/index.ts";

/** A buffer: a node's activation or the gradient of the loss by it. */
export interface Buffer {
  readonly node: NodeName;
  readonly role: "activation" | "gradient";
}

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

/** The logits' node: a final softmax belongs to the loss while training. */
export function logitsOf(network: Network): NodeName {
  const last = known(factsOf(network).get(network.output), network.output).node;
  return last.op.kind === "softmax" ? known(last.inputs[0], "softmax input") : last.name;
}

/** The nodes that the output depends on, in order. */
export function livingNodes(network: Network, output: NodeName): readonly Node[] {
  const wanted = new Set([output]);
  for (const node of network.nodes.toReversed()) {
    if (wanted.has(node.name)) node.inputs.forEach((source) => wanted.add(source));
  }
  return network.nodes.filter((node) => wanted.has(node.name));
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

/** One instruction of inference; a convolution may take its batch norm and activation along. */
export interface FusedInstruction {
  /** The node that does the work. */
  readonly node: Node;
  /** The batch norm folded into the node's weights. */
  readonly bn: Node | undefined;
  readonly activation: "linear" | "relu" | "relu6";
  /** The node whose value results: the last of those taken together. */
  readonly result: NodeName;
  readonly free: readonly NodeName[];
}

/** Plans inference; conv → BN → ReLU chains without other readers become one instruction. */
export function planInference(network: Network): readonly FusedInstruction[] {
  const nodes = livingNodes(network, network.output);
  const living = new Set(nodes.map((node) => node.name));
  const readers = readersOf(network);
  const onlyReader = (name: NodeName): Node | undefined => {
    if (name === network.output) return undefined;
    const all = (readers.get(name) ?? []).filter((reader) => living.has(reader.name));
    return all.length === 1 ? all[0] : undefined;
  };
  const taken = new Set<NodeName>();
  const fused: Omit<FusedInstruction, "free">[] = [];
  for (const node of nodes) {
    if (taken.has(node.name)) continue;
    let result = node.name;
    let bn: Node | undefined;
    let activation: FusedInstruction["activation"] = "linear";
    if (node.op.kind === "conv2d") {
      const next = onlyReader(result);
      if (next?.op.kind === "batchNorm") [bn, result] = [next, next.name];
      const after = onlyReader(result);
      if (after?.op.kind === "relu" || after?.op.kind === "relu6") {
        activation = after.op.kind;
        taken.add(after.name);
        if (bn !== undefined) taken.add(bn.name);
        result = after.name;
      } else if (bn !== undefined) taken.add(bn.name);
    }
    fused.push({ node, bn, activation, result });
  }
  const last = new Map<NodeName, number>();
  fused.forEach(({ node }, at) => node.inputs.forEach((source) => last.set(source, at)));
  last.delete(network.output);
  return fused.map((instruction, at) => ({
    ...instruction,
    free: [...new Set(instruction.node.inputs)].filter((name) => last.get(name) === at),
  }));
}

/** Adds up what is alive at each instruction; gradients live from their first writer to their reader. */
function reckon(network: Network, instructions: readonly Instruction[], batch: number): MemoryPlan {
  const facts = factsOf(network);
  const bytesOf = (name: NodeName): number =>
    sizeOf(known(facts.get(name), name).shape) * batch * 4;
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
    peak = Math.max(peak, alive);
    for (const name of freeActivations) alive -= bytesOf(name);
    if (kind === "backward") {
      alive -=
        bytesOf(node.name) * (runtimeOf(node.op).copies - 1 + (gradients.has(node.name) ? 1 : 0));
    }
  }
  let parameterBytes = 0;
  for (const { weights } of facts.values()) {
    for (const spec of Object.values(weights)) {
      // The weight; when it is trained also its gradient and its momentum buffer.
      parameterBytes += sizeOf(spec.shape) * 4 * (spec.trainable ? 3 : 1);
    }
  }
  return { parameterBytes, peakActivationBytes: peak, instructions: instructions.length };
}
