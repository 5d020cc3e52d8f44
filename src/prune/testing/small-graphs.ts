/** @file Test support: small graphs by hand, and refusals as text. */
import { AppError, explain } from "../../core/index.ts";
import { GraphBuilder, initialize, type Graph, type Network } from "../../model/index.ts";
import { findGroups } from "../groups.ts";
import type { Plan } from "../plan.ts";
import { prepareScores, type PreparedPruning, type PruneOptions } from "../prepare.ts";

/** The code and the sentence of a refusal. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return `${error.code} | ${explain(error)}`;
    throw error;
  }
  return "nothing was refused";
}

/** A 4 × 4 × 3 image, what `body` makes of it, global average pool, two classes. */
export function graphOf(body: (b: GraphBuilder, from: string) => string): Graph {
  const b = new GraphBuilder();
  let x = body(b, b.input([4, 4, 3]));
  x = b.add("pool", { kind: "globalAveragePool" }, x);
  x = b.add("fc", { kind: "dense", units: 2, bias: true }, x);
  return b.finish("small", x);
}

/** Fresh weights, with these BN scales. */
export function withGamma(
  graph: Graph,
  gammas: Readonly<Record<string, readonly number[]>>,
): Network {
  const network = initialize(graph, { seed: 1 });
  const weights = new Map(network.weights);
  for (const [bn, values] of Object.entries(gammas)) {
    weights.set(`${bn}/gamma`, { shape: [values.length], values: Float32Array.from(values) });
  }
  return { ...network, weights };
}

/** A graph made ready with these scores by group, from a criterion called "given". */
export function prepareBy(
  graph: Graph,
  scores: Readonly<Record<string, readonly number[]>>,
  options: PruneOptions = {},
): PreparedPruning {
  const byGroup = Object.entries(scores).map(
    ([id, values]) => [id, Float64Array.from(values)] as const,
  );
  return prepareScores(findGroups(graph), "given", new Map(byGroup), options);
}

/** How many channels of each group a plan leaves. */
export function widthsOf({ kept }: Plan): Record<string, number> {
  return Object.fromEntries([...kept].map(([id, list]) => [id, list.length]));
}
