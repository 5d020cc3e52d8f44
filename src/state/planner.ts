/**
 * @file From `prune`'s values to the rows that the page draws. Everything that does not depend on
 * the ratio is done once in `preparePage`; a slider position is then one plan and its cost.
 */
import { AppError, known } from "../core/index.ts";
import {
  anatomyOf,
  branchesOf,
  costAt,
  factsOf,
  filterSums,
  findGroups,
  networkFor,
  originsOf,
  placesOf,
  planAllocation,
  planAt,
  planFromLists,
  planGroupAt,
  preparePruning,
  safeRatios,
  widthsIn,
} from "./engine.ts";
import type {
  Allocation,
  ChannelPlace,
  Curves,
  Evidence,
  GroupTable,
  Network,
  Plan,
  PreparedPruning,
  PruneOptions,
  ThresholdMode,
} from "./engine.ts";
import { streamRows } from "./stream-rows.ts";
import type { Layer, Preview, Pruning, SafeMarks, Spared, Together } from "./planning.ts";

/**
 * Readies a network for the slider.
 * @param options — who takes part, and how scores are compared; by default as Network Slimming does
 * @param evidence — for criteria that judge by what was measured
 * @throws prune/nothing-to-prune and its kin
 */
export function preparePage(
  network: Network,
  criterion: string,
  options: PruneOptions = {},
  evidence?: Evidence,
): Pruning {
  const ready = networkFor(network, options.streams);
  const prepared = preparePruning(ready, criterion, options, evidence);
  const { ranking, table } = prepared;
  const layers = layersOf(ready, prepared);
  const indexOf = new Map(layers.map(({ name }, index) => [name, index]));
  const show = (plan: Plan): Preview => preview(prepared, layers, indexOf, plan);
  const isGreedy = options.scoring === "greedy";
  const allocate = (allocation: Allocation, curves?: Curves): Plan => {
    const scoreOf = isGreedy ? filterSums(ready) : undefined;
    return planAllocation(prepared, allocation, { curves, scoreOf });
  };
  const settled = new WeakMap<Plan, Plan>();
  let origins: ReturnType<typeof originsOf> | undefined;
  let branches: ReturnType<typeof branchesOf> | undefined;
  const places: Pruning["placesOf"] = (layer, channel) => {
    origins ??= originsOf(ready);
    return placesOf(table, origins, known(layers[layer], "layer").name, channel);
  };
  return {
    criterion: prepared.criterion,
    options,
    layers,
    streamsBeside: (rows) => {
      branches ??= branchesOf(ready);
      const named = rows.map((index) =>
        index === null ? null : (layers[index]?.layers[0] ?? null),
      );
      return streamRows(branches, named);
    },
    spared: sparedOf(prepared),
    hasStreams: findGroups(network).groups.some(({ stream, fixed }) => stream && !fixed),
    canSelect: networkFor(network, "select") !== network,
    total: ranking.sorted.length,
    pools: ranking.pools.length,
    keptAlone: (layer, ratio) => {
      const { name, of } = known(layers[layer], "layer");
      return planGroupAt(prepared, name, ratio).kept.get(name)?.length ?? of;
    },
    widthsOf: (layer) => widthsIn(prepared, known(layers[layer], "layer").name),
    sorted: ranking.sorted,
    safe: { exact: safeIn(prepared, "exact"), reference: safeIn(prepared, "reference") },
    placesOf: places,
    anatomyOf: (layer, channel) => anatomyOf(ready, layer, channel),
    without: (layer, channel) => {
      refuseLast(ready, places(layer, channel));
      return show(planWithout(prepared, known(layers[layer], "layer"), channel));
    },
    at: (ratio, mode) => show(planAt(prepared, ratio === 0 ? { ratio } : { ratio, mode })),
    settle: ({ plan: shown }) => {
      const { allocation } = shown;
      if (!isGreedy || allocation?.kind !== "global-threshold") return shown;
      const plan = settled.get(shown) ?? allocate(allocation);
      for (const one of [shown, plan]) settled.set(one, plan);
      return plan;
    },
    by: (allocation, curves) => show(allocate(allocation, curves)),
  };
}

/** A layer whose last channel this is stays as it is. */
function refuseLast(network: Network, places: readonly ChannelPlace[]): void {
  const facts = factsOf(network);
  const last = places.find(
    ({ layer, channels }) => channels.length === facts.get(layer)?.shape.at(-1),
  );
  if (last === undefined) return;
  throw new AppError("prune/out-of-reach", {
    where: last.layer,
    expected: "at least one channel that stays",
    found: "its last one to be removed",
    hint: "look at another layer",
  });
}

/** Says as a list would how it was asked for, so that whoever carries it out readies the network likewise. */
function planWithout({ table, options }: PreparedPruning, layer: Layer, channel: number): Plan {
  const { name, of } = layer;
  const others = layer.order.filter((other) => other !== channel);
  const plan = planFromLists(table, [[name, others]]);
  const layers = { [name]: { keep: of - 1 } };
  return { ...plan, allocation: { ...options, kind: "list", layers } };
}

/** At 0 nothing goes here in either mode, so that is always safe. */
function safeIn(prepared: PreparedPruning, mode: ThresholdMode): SafeMarks {
  const { free = 0, guard = 0 } = safeRatios(prepared, mode);
  return { gap: free === 0 ? null : free, guard };
}

/** The rows: who takes part, and who would but for a lock. */
function layersOf(network: Network, prepared: PreparedPruning): readonly Layer[] {
  const { table, scores, allScores, spared } = prepared;
  const facts = factsOf(network);
  return table.groups.flatMap(({ id }): Layer[] => {
    const isLocked = spared.get(id) === "locked";
    const own = scores.get(id) ?? (isLocked ? allScores.get(id) : undefined);
    if (own === undefined) return [];
    const together = togetherIn(table, id);
    const layer = known(together.layers[0], id);
    const shape = known(facts.get(layer), layer).shape;
    return [
      {
        name: id,
        ...together,
        resolution: shape.length === 3 ? (shape[0] ?? 1) : 1,
        of: own.length,
        scores: Float64Array.from(own).sort().reverse(),
        own,
        order: orderOf(own),
        isLocked,
      },
    ];
  });
}

/** Stable, so that of equals the lower channel is first: the one that stays longer. */
function orderOf(own: Float64Array): Int32Array {
  const order = Int32Array.from(own, (_, channel) => channel);
  return order.sort((a, b) => (own[b] as number) - (own[a] as number));
}

function sparedOf({ spared, table }: PreparedPruning): readonly Spared[] {
  return [...spared].map(([id, reason]) => ({
    name: id,
    reason,
    fixed: table.byId.get(id)?.reason,
    ...togetherIn(table, id),
  }));
}

function togetherIn(table: GroupTable, id: string): Together {
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
    threshold: plan.threshold ?? null,
    removed: cost.totalChannels - cost.channels,
    kept,
    guarded: plan.guarded.map((id) => known(indexOf.get(id), id)),
    cost: { parameters: cost.parameters, macs: cost.macs, bytes: cost.bytes },
    plan,
  };
}
