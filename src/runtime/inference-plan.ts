/**
 * @file The plan of inference: convolution, batch norm and activation that follow each other without
 * other readers become one instruction, and every activation is given back after its last reader.
 */
import { sizeOf } from "../core/index.ts";
import {
  livingNodes,
  readersOf,
  weightSpecs,
  type Network,
  type Node,
  type NodeName,
} from "../model/index.ts";
import { runtimeOf } from "./ops/index.ts";
import { activationBytes } from "./plan.ts";

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

/**
 * Plans inference; conv → BN → ReLU chains without other readers become one instruction.
 * @param watched — nodes whose values are asked for beside the output's: they are never taken along,
 *   and never given back
 */
export function planInference(
  network: Network,
  watched: readonly NodeName[] = [],
): readonly FusedInstruction[] {
  const wanted = new Set([network.output, ...watched]);
  const nodes = livingNodes(network, ...wanted);
  const living = new Set(nodes.map((node) => node.name));
  const readers = readersOf(network);
  const onlyReader = (name: NodeName): Node | undefined => {
    if (wanted.has(name)) return undefined;
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
  for (const name of wanted) last.delete(name);
  return fused.map((instruction, at) => ({
    ...instruction,
    free: [...new Set(instruction.node.inputs)].filter((name) => last.get(name) === at),
  }));
}

/** Bytes that inference takes at most: stored weights, folded ones, and the activations alive at once. */
export function inferenceBytes(
  network: Network,
  plan: readonly FusedInstruction[],
  batch: number,
): number {
  const bytesOf = (name: NodeName): number => activationBytes(network, name, batch);
  let [alive, peak] = [0, 0];
  for (const { node, result, free } of plan) {
    alive += bytesOf(result);
    const largest = Math.max(...[result, ...node.inputs].map(bytesOf));
    peak = Math.max(peak, alive + largest * runtimeOf(node.op).scratch.forward);
    for (const name of free) alive -= bytesOf(name);
  }
  const stored = [...weightSpecs(network).values()].reduce(
    (sum, { shape }) => sum + sizeOf(shape),
    0,
  );
  return peak + stored * 4 * 2;
}
