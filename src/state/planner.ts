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
  withByHand,
} from "./engine.ts";
import type {
  Allocation,
  ByHand,
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
  const rowOf = (id: string): number => known(indexOf.get(id), id);
  const rowNamed = (name: string): number =>
    indexOf.get(name) ?? layers.findIndex((layer) => layer.layers.includes(name));
  const show = (plan: Plan, own: Plan = plan): Preview => {
    const { byHand = {} } = plan.allocation ?? {};
    const kept = keptOf(layers, plan);
    return {
      ...preview(prepared, plan),
      kept,
      own: own === plan ? kept : keptOf(layers, own),
      byHand: Object.keys(byHand)
        .map(rowNamed)
        .sort((a, b) => a - b),
      guarded: plan.guarded.map(rowOf),
    };
  };
  const isGreedy = options.scoring === "greedy";
  const allocate = (allocation: Allocation & ByHand, curves?: Curves): Plan => {
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
    scoresStreams: table.groups.some(
      ({ id, stream, fixed }) => stream && !fixed && prepared.allScores.has(id),
    ),
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
    at: (ratio, { mode, byHand } = {}) => {
      const own = planAt(prepared, ratio === 0 ? { ratio } : { ratio, mode });
      return show(withByHand(prepared, own, byHand), own);
    },
    settle: ({ plan: shown }) => {
      const { allocation } = shown;
      if (!isGreedy || allocation?.kind !== "global-threshold") return shown;
      const plan = settled.get(shown) ?? allocate(allocation);
      for (const one of [shown, plan]) settled.set(one, plan);
      return plan;
    },
    by: ({ byHand, ...allocation }, curves) => {
      const own = allocate(allocation, curves);
      return byHand === undefined
        ? show(own)
        : show(allocate({ ...allocation, byHand }, curves), own);
    },
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

function keptOf(layers: readonly Layer[], plan: Plan): Int32Array {
  return Int32Array.from(layers, ({ name, of }) => plan.kept.get(name)?.length ?? of);
}

/** What follows from the plan alone. */
function preview(
  prepared: PreparedPruning,
  plan: Plan,
): Pick<Preview, "ratio" | "threshold" | "removed" | "cost" | "plan"> {
  const cost = costAt(prepared, plan);
  return {
    ratio: plan.requested,
    threshold: plan.threshold ?? null,
    removed: cost.totalChannels - cost.channels,
    cost: { parameters: cost.parameters, macs: cost.macs, bytes: cost.bytes },
    plan,
  };
}
