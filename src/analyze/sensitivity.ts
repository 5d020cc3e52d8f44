/**
 * @file Per-layer sensitivity (Li et al. 2017, §3.2): each group alone is cut at each ratio and the
 * network measured, without retraining. Every point starts from the untouched network, so a point does
 * not depend on those before it; every point sees the same images.
 */
import type { Network } from "../model/index.ts";
import { applyPlan, planGroupAt, type GroupId, type PreparedPruning } from "../prune/index.ts";
import { compile, type Backend } from "../runtime/index.ts";
import type { Evaluation } from "./accuracy.ts";
import { evaluate, type Images, type Watch } from "./evaluate.ts";

export interface SensitivityPlan {
  readonly network: Network;
  readonly prepared: PreparedPruning;
  /** Ascending, in [0, 1). */
  readonly ratios: readonly number[];
  readonly images: Images;
  readonly batch: number;
}

/** One point of one group's curve. */
export interface SensitivityPoint {
  readonly group: GroupId;
  readonly ratio: number;
  readonly evaluation: Evaluation;
}

/** Told as it comes: first the untouched network, then each point. */
export interface SensitivityListeners {
  readonly onBase?: (base: Evaluation) => void;
  readonly onPoint: (point: SensitivityPoint) => void;
}

/**
 * Measures all curves, group after group.
 * @returns the untouched network's evaluation, which is every curve's value at 0
 * @throws AbortError between two batches; the points so far have been handed out
 */
export async function sensitivity(
  plan: SensitivityPlan,
  backend: Backend,
  { onBase, onPoint }: SensitivityListeners,
  watch: Watch = {},
): Promise<Evaluation> {
  const { network, prepared, ratios, images } = plan;
  const groups = [...prepared.scores.keys()];
  const quiet: Watch = { signal: watch.signal, breathe: watch.breathe };
  const measure = async (candidate: Network): Promise<Evaluation> => {
    const program = compile(candidate, backend, plan.batch);
    return evaluate(program, images, quiet).finally(() => program.dispose());
  };
  const base = await measure(network);
  onBase?.(base);
  const total = groups.length * ratios.length;
  let done = 0;
  for (const group of groups) {
    // Ratios that take the same number of channels take the same channels.
    let last = { kept: prepared.scores.get(group)?.length ?? 0, evaluation: base };
    for (const ratio of ratios) {
      const cut = planGroupAt(prepared, group, ratio);
      const kept = cut.kept.get(group)?.length ?? 0;
      if (kept !== last.kept) {
        last = { kept, evaluation: await measure(applyPlan(network, prepared.table, cut)) };
      }
      onPoint({ group, ratio, evaluation: last.evaluation });
      done += 1;
      watch.onProgress?.({ done, total, unit: "points" });
    }
  }
  return base;
}
