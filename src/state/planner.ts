/**
 * @file From `prune`'s values to the rows that the page draws. Everything that does not depend on
 * the ratio is done once in `preparePage`; a slider position is then one plan and its cost.
 */
import { known } from "../core/index.ts";
import { costAt, factsOf, planAt, preparePruning } from "./engine.ts";
import type { Network, PreparedPruning } from "./engine.ts";
import type { Layer, Preview, Pruning } from "./planning.ts";

/**
 * Readies a network for the slider.
 * @throws prune/nothing-to-prune and its kin
 */
export function preparePage(network: Network, criterion: string): Pruning {
  const prepared = preparePruning(network, criterion);
  const { ranking, gap, guardRatio } = prepared;
  const layers = layersOf(network, prepared);
  const indexOf = new Map(layers.map(({ name }, index) => [name, index]));
  return {
    criterion,
    layers,
    total: ranking.sorted.length,
    sorted: ranking.sorted,
    gap: gap?.ratio ?? null,
    guard: guardRatio,
    at: (ratio) => preview(prepared, layers, indexOf, ratio),
  };
}

function layersOf(network: Network, { scores, table }: PreparedPruning): readonly Layer[] {
  const facts = factsOf(network);
  return [...scores].map(([id, own]): Layer => {
    const layer = known(table.byId.get(id)?.layers[0], id);
    const shape = known(facts.get(layer), layer).shape;
    return {
      name: id,
      resolution: shape.length === 3 ? (shape[0] ?? 1) : 1,
      of: own.length,
      scores: Float64Array.from(own).sort().reverse(),
    };
  });
}

function preview(
  prepared: PreparedPruning,
  layers: readonly Layer[],
  indexOf: ReadonlyMap<string, number>,
  ratio: number,
): Preview {
  const plan = planAt(prepared, { ratio });
  const cost = costAt(prepared, plan);
  const kept = Int32Array.from(layers, ({ name, of }) => plan.kept.get(name)?.length ?? of);
  return {
    ratio,
    threshold: plan.threshold,
    removed: cost.totalChannels - cost.channels,
    kept,
    guarded: plan.guarded.map((id) => known(indexOf.get(id), id)),
    cost: { parameters: cost.parameters, macs: cost.macs, bytes: cost.bytes },
    plan,
  };
}
