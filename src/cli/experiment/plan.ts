/** @file The plan of a pruning stage: the recipe's criterion and allocation on the network as it is by then. */
import { sensitivity, SENSITIVITY_RATIOS, type Images } from "../../analyze/index.ts";
import { known } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import {
  filterSums,
  planAllocation,
  readCriterion,
  type Curves,
  type Plan,
  type PreparedPruning,
  networkFor,
} from "../../prune/index.ts";
import type { Recipe } from "../../recipe/index.ts";
import type { Backend } from "../../runtime/index.ts";
import type { Args } from "../args.ts";
import { evaluationBatch } from "../backend.ts";
import { breathe } from "../interrupt.ts";
import type { Io } from "../io.ts";
import { progressLine } from "../progress.ts";
import { prepare } from "../scoring.ts";

/** On how many of the held-back images curves are measured at most. */
const CURVE_IMAGES = 1000;

/** What planning may look at. */
export interface PlanningSetting {
  readonly recipe: Recipe;
  readonly backend: Backend;
  readonly validation: Images;
  readonly args: Args;
  readonly io: Io;
  readonly signal: AbortSignal;
}

/**
 * Plans; measures sensitivity curves first where the allocation goes by them.
 * @param minimumShare — of each layer's channels, beside what the recipe says
 * @returns the plan with the network that it is for, which may have got selections
 * @throws prune/*, recipe/*, AbortError
 */
export async function planStage(
  setting: PlanningSetting,
  from: Network,
  minimumShare: number,
): Promise<{ readonly network: Network; readonly plan: Plan }> {
  const { signal } = setting;
  const { allocation, criterion } = setting.recipe;
  const network = networkFor(from, allocation.streams);
  const least = Math.max(minimumShare, allocation.minimumShare ?? 0);
  const { prepared } = await prepare(setting.args, setting.io, {
    network,
    chosen: readCriterion(criterion.name),
    options: { ...allocation, minimumShare: least },
    signal,
  });
  const curves =
    allocation.kind === "sensitivity" ? await curvesOf(setting, network, prepared) : undefined;
  const scoreOf = allocation.scoring === "greedy" ? filterSums(network) : undefined;
  return { network, plan: planAllocation(prepared, allocation, { curves, scoreOf }) };
}

async function curvesOf(
  { backend, validation, args, io, signal }: PlanningSetting,
  network: Network,
  prepared: PreparedPruning,
): Promise<Curves> {
  const images = { ...validation, indices: validation.indices.subarray(0, CURVE_IMAGES) };
  const batch = await evaluationBatch(args, network, backend);
  const accuracy = new Map([...prepared.scores.keys()].map((id) => [id, [] as number[]]));
  const progress = progressLine(io, "measuring");
  const base = await sensitivity(
    { network, prepared, ratios: SENSITIVITY_RATIOS, images, batch },
    backend,
    { onPoint: ({ group, evaluation }) => accuracy.get(group)?.push(evaluation.accuracy) },
    { signal, onProgress: progress.onProgress, breathe },
  ).finally(() => progress.clear());
  const groups = [...accuracy].map(([id, curve]) => ({
    name: known(prepared.table.byId.get(id), id).name,
    accuracy: curve,
  }));
  return { base: base.accuracy, ratios: SENSITIVITY_RATIOS, groups };
}
