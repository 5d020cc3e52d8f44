/**
 * @file A network as a person reads it: a convolution with what follows it channel by channel is one
 * block, and so is a pre-activation's batch norm with its ReLU. Two networks are compared block by block;
 * surgery keeps names, so a block of that name is the same one.
 */
import { known, sameShape, type Shape } from "../core/index.ts";
import { costByNode, factsOf, type Network } from "./engine.ts";

type Op = Network["nodes"][number]["op"];

/** One node of a block. */
export interface BlockPart {
  readonly name: string;
  readonly op: Op;
  readonly shape: Shape;
  /** Its weights, by slot. */
  readonly weights: readonly { readonly slot: string; readonly shape: Shape }[];
}

export interface Block {
  /**
   * The name of its first node; a selection in front does not count, as surgery puts one there without
   * making it another block.
   */
  readonly id: string;
  readonly parts: readonly BlockPart[];
  /** Of what leaves it. */
  readonly shape: Shape;
  readonly parameters: number;
  readonly macs: number;
  /** The blocks that it reads, in order. */
  readonly sources: readonly string[];
}

/** A block in both networks, or in one of them. */
export interface BlockPair {
  readonly id: string;
  readonly now: Block | null;
  readonly was: Block | null;
  /** Whether it is there since the network that is compared with. */
  readonly isNew: boolean;
}

export interface BlockEdge {
  readonly from: string;
  readonly to: string;
  /** Whether today's network has it. */
  readonly isThere: boolean;
}

export interface BlockGraph {
  readonly blocks: readonly BlockPair[];
  readonly edges: readonly BlockEdge[];
}

/** The blocks in forward order. */
export function blocksOf(network: Network): readonly Block[] {
  const costs = costByNode(network);
  const readers = new Map<string, number>();
  for (const { inputs } of network.nodes) {
    for (const input of inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  }
  const byNode = new Map<string, string>();
  const parts = new Map<string, BlockPart[]>();
  const sources = new Map<string, readonly string[]>();
  for (const { node, shape, weights } of factsOf(network).values()) {
    const { name, op, inputs } = node;
    const [input] = inputs;
    const joins = inputs.length === 1 && readers.get(input ?? "") === 1 && followsOn(op);
    const id = joins ? known(byNode.get(input ?? ""), "block") : name;
    byNode.set(name, id);
    const specs = Object.entries(weights).map(([slot, spec]) => ({ slot, shape: spec.shape }));
    parts.set(id, [...(parts.get(id) ?? []), { name, op, shape, weights: specs }]);
    if (!joins)
      sources.set(
        id,
        inputs.map((from) => known(byNode.get(from), from)),
      );
  }
  const idOf = (first: string): string =>
    parts.get(first)?.find(({ op }) => op.kind !== "channelSelect")?.name ?? first;
  return [...parts].map(([first, own]) => {
    const sum = (amount: "parameters" | "macs"): number =>
      own.reduce((total, { name }) => total + (costs.get(name)?.[amount] ?? 0), 0);
    return {
      id: idOf(first),
      parts: own,
      shape: own.at(-1)?.shape ?? [],
      parameters: sum("parameters"),
      macs: sum("macs"),
      sources: (sources.get(first) ?? []).map(idOf),
    };
  });
}

/** True for what works value by value, or only puts channels elsewhere. */
function followsOn(op: Op): boolean {
  const opens = op.kind === "conv2d" || op.kind === "dense" || op.kind === "input";
  return !opens && !op.kind.endsWith("Pool");
}

/**
 * Puts two networks side by side.
 * @param was — what `now` was made from; null when there is nothing to compare
 */
export function compareBlocks(now: Network, was: Network | null): BlockGraph {
  const after = blocksOf(now);
  const before = new Map(was === null ? [] : blocksOf(was).map((block) => [block.id, block]));
  const there = new Set(after.map(({ id }) => id));
  const gone = [...before.values()].filter(({ id }) => !there.has(id));
  const edges = new Map<string, BlockEdge>();
  const add = (block: Block, isThere: boolean): void => {
    for (const from of block.sources) {
      const key = JSON.stringify([from, block.id]);
      if (!edges.has(key)) edges.set(key, { from, to: block.id, isThere });
    }
  };
  for (const block of after) add(block, true);
  // Only around what is gone: elsewhere a removed edge is one that was led through something new.
  for (const block of before.values()) {
    if (!there.has(block.id) || block.sources.some((from) => !there.has(from))) add(block, false);
  }
  return {
    blocks: [
      ...after.map((block) => {
        const former = before.get(block.id) ?? null;
        return { id: block.id, now: block, was: former, isNew: was !== null && former === null };
      }),
      ...gone.map((block) => ({ id: block.id, now: null, was: block, isNew: false })),
    ],
    edges: [...edges.values()],
  };
}

/** Whether a block has lost or gained anything. */
export function isChanged({ now, was, isNew }: BlockPair): boolean {
  if (now === null || isNew) return true;
  return was !== null && (!sameShape(now.shape, was.shape) || now.parameters !== was.parameters);
}
