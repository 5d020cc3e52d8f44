/**
 * @file From `prune`'s values to the rows that the page draws. Everything that does not depend on
 * the ratio is done once in `preparePage`; a slider position is then one plan and its cost.
 */
import { known } from "../core/index.ts";
import { costAt, factsOf, planAllocation, planAt, preparePruning, scorerOf } from "./engine.ts";
import type { Network, Plan, PreparedPruning, PruneOptions } from "./engine.ts";
import type { Layer, Preview, Pruning, Spared, Together } from "./planning.ts";

/**
 * Readies a network for the slider.
 * @param options — who takes part, and how scores are compared; by default as Network Slimming does
 * @throws prune/nothing-to-prune and its kin
 */
export function preparePage(
  network: Network,
  criterion: string,
  options: PruneOptions = {},
): Pruning {
  const prepared = preparePruning(network, criterion, options);
  const { ranking, gap, guardRatio } = prepared;
  const layers = layersOf(network, prepared);
  const indexOf = new Map(layers.map(({ name }, index) => [name, index]));
  const show = (plan: Plan): Preview => preview(prepared, layers, indexOf, plan);
  return {
    criterion,
    options,
    layers,
    spared: sparedOf(prepared),
    total: ranking.sorted.length,
    sorted: ranking.sorted,
    gap: gap?.ratio ?? null,
    guard: guardRatio,
    at: (ratio) => show(planAt(prepared, { ratio })),
    by: (allocation, curves) => {
      const scoreOf = options.scoring === "greedy" ? scorerOf(network, criterion) : undefined;
      return show(planAllocation(prepared, allocation, { curves, scoreOf }));
    },
  };
}

function layersOf(network: Network, { scores, table }: PreparedPruning): readonly Layer[] {
  const facts = factsOf(network);
  return [...scores].map(([id, own]): Layer => {
    const together = togetherIn(table, id);
    const layer = known(together.layers[0], id);
    const shape = known(facts.get(layer), layer).shape;
    return {
      name: id,
      ...together,
      resolution: shape.length === 3 ? (shape[0] ?? 1) : 1,
      of: own.length,
      scores: Float64Array.from(own).sort().reverse(),
    };
  });
}

function sparedOf({ spared, table }: PreparedPruning): readonly Spared[] {
  return [...spared].map(([id, reason]) => ({ name: id, reason, ...togetherIn(table, id) }));
}

function togetherIn(table: PreparedPruning["table"], id: string): Together {
  const { layers, readers, joints } = known(table.byId.get(id), id);
  return { layers, readers, joints };
}

function preview(
  prepared: PreparedPruning,
  layers: readonly Layer[],
  indexOf: ReadonlyMap<string, number>,
  plan: Plan,
): Preview {
  const cost = costAt(prepared, plan);
  const kept = Int32Array.from(layers, ({ name, of }) => plan.kept.get(name)?.length ?? of);
  return {
    ratio: plan.requested,
    threshold: plan.threshold,
    removed: cost.totalChannels - cost.channels,
    kept,
    guarded: plan.guarded.map((id) => known(indexOf.get(id), id)),
    cost: { parameters: cost.parameters, macs: cost.macs, bytes: cost.bytes },
    plan,
  };
}
