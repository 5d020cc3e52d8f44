/**
 * @file The network on the page with everything that follows from it. A session is made whole and
 * dropped whole, so that nothing of one network ever survives into the next.
 */
import type { Shape } from "../core/index.ts";
import {
  costByNode,
  costOf,
  endsOf,
  factsOf,
  networkFor,
  normalizationOf,
  tensorName,
} from "./engine.ts";
import type { Cost, Network, NetworkKey, PruneOptions } from "./engine.ts";
import type { SessionNormalization } from "./normalization.ts";

/** One line of the structure list: a node with weights, or one that changes the shape. */
export interface StructureRow {
  readonly name: string;
  readonly op: Network["nodes"][number]["op"]["kind"];
  /** Such as `3 × 3`, empty where there is no window. */
  readonly window: string;
  readonly shape: Shape;
  readonly parameters: number;
  readonly macs: number;
}

export interface Session {
  readonly network: Network;
  readonly key: NetworkKey;
  /** For people: the graph's name. */
  readonly name: string;
  /** Where it came from, such as "shipped with Espalier". */
  readonly origin: string;
  /** What the command line opens it by; null for one that was made on the page. */
  readonly place: string | null;
  readonly cost: Cost;
  readonly input: Shape;
  readonly classes: number;
  readonly normalization: SessionNormalization;
  readonly structure: readonly StructureRow[];
  /** |γ| of every batch norm, in graph order. */
  readonly scales: Float32Array;
  /** After a cut: how many channels each layer had before, by the layer's name. */
  readonly formerWidths: ReadonlyMap<string, number>;
}

const NONE: ReadonlyMap<string, number> = new Map();

/** Derives everything from a held network. */
export function makeSession(
  network: Network,
  key: NetworkKey,
  origin: string,
  formerWidths = NONE,
): Session {
  const ends = endsOf(network);
  const isSaid = network.metadata.normalization !== undefined;
  return {
    network,
    key,
    name: network.name,
    origin,
    place: null,
    cost: costOf(network),
    input: ends.input,
    classes: ends.output[ends.output.length - 1] ?? 0,
    normalization: {
      value: normalizationOf(network),
      source: isSaid ? "said" : "assumed",
      isSaid,
    },
    structure: structureOf(network),
    scales: scalesIn(network),
    formerWidths,
  };
}

/**
 * Each layer's width by name: how many channels it began with, which a later session shows as outlines and end
 * marks. They say how many, not which: leaves stand in the order of today's scores.
 * @param streams — how a cut treats them: its selections are layers of their own, which nothing was taken from yet
 */
export function widthsOf(
  { network, formerWidths }: Session,
  streams?: PruneOptions["streams"],
): ReadonlyMap<string, number> {
  const facts = [...factsOf(networkFor(network, streams)).values()];
  const widths = facts.map(({ node, shape }) => [node.name, shape.at(-1) ?? 1] as const);
  return new Map([...widths, ...formerWidths]);
}

/** |γ| of every batch norm of a network, in graph order. */
export function scalesIn({ nodes, weights }: Network): Float32Array {
  const values = nodes
    .filter(({ op }) => op.kind === "batchNorm")
    .flatMap(({ name }) => [...(weights.get(tensorName(name, "gamma"))?.values ?? [])]);
  return Float32Array.from(values, Math.abs);
}

function structureOf(network: Network): readonly StructureRow[] {
  const costs = costByNode(network);
  const rows: StructureRow[] = [];
  for (const { node, shape } of factsOf(network).values()) {
    const { parameters, macs } = costs.get(node.name) ?? { parameters: 0, macs: 0 };
    const { op } = node;
    const keepsShape = parameters === 0 && !op.kind.endsWith("Pool") && op.kind !== "input";
    if (keepsShape || op.kind === "batchNorm") continue;
    const window = "size" in op && Array.isArray(op.size) ? op.size.join(" × ") : "";
    rows.push({ name: node.name, op: op.kind, window, shape, parameters, macs });
  }
  return rows;
}
