/**
 * @file Per-layer sensitivity (Li et al. 2017, §3.2): each group alone is cut at each ratio and the
 * network measured, without retraining. Every point starts from the untouched network, so a point does
 * not depend on those before it; every point sees the same images. What lies before the first
 * reader of a group is the same at all of its points, but for the channels that go, so it runs
 * once (`prefix.ts`): a point costs only the rest of the network.
 */
import { known } from "../core/index.ts";
import type { Network } from "../model/index.ts";
import {
  applyPlan,
  keptOf,
  planGroupAt,
  type GroupId,
  type Plan,
  type PreparedPruning,
} from "../prune/index.ts";
import { compile, type Backend, type Program } from "../runtime/index.ts";
import type { Evaluation } from "./accuracy.ts";
import { evaluateFeed, type Watch } from "./evaluate.ts";
import { imageFeed, type Feed, type Images } from "./feed.ts";
import { Prefix, suffixOf } from "./prefix.ts";
import { silentIn } from "./silence.ts";

export interface SensitivityPlan {
  readonly network: Network;
  readonly prepared: PreparedPruning;
  /** Ascending, in [0, 1). */
  readonly ratios: readonly number[];
  readonly images: Images;
  readonly batch: number;
  /** Points that an earlier run on the same images has measured, by group; they are left out. */
  readonly measured?: ReadonlyMap<GroupId, readonly number[]>;
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
  const { network, prepared, batch } = plan;
  const quiet: Watch = { signal: watch.signal, breathe: watch.breathe };
  const images = imageFeed(plan.images);
  const whole = compile(network, backend, batch);
  const base = await evaluateFeed(whole, images, quiet).finally(() => whole.dispose());
  onBase?.(base);
  const prefix = new Prefix(network, backend, images, batch);
  const wanted = wantedPoints(plan);
  const total = wanted.reduce((sum, { ratios }) => sum + ratios.length, 0);
  let done = 0;
  for (const { group, ratios } of wanted) {
    const { readers } = known(prepared.table.byId.get(group), group);
    const from = await prefix.moveBefore(readers, quiet);
    const isSilent = silentIn(prepared.table, group, from, prefix);
    const { feed, channels } = prefix.values;
    const open = (cut: Plan): Program => {
      const kept = keptOf(prepared.table, cut, from);
      const small = applyPlan(network, prepared.table, cut);
      return compile(suffixOf(small, from, { channels, kept }), backend, batch);
    };
    const points = pointsOf(prepared, group, ratios, isSilent);
    const measure = measuring(points, feed, open, quiet);
    let evaluation = base;
    try {
      for (const point of points) {
        if (point.cut !== null) evaluation = await measure.next();
        onPoint({ group, ratio: point.ratio, evaluation });
        done += 1;
        watch.onProgress?.({ done, total, unit: "points" });
      }
    } finally {
      measure.dispose();
    }
  }
  return base;
}

/** A ratio with the cut to be measured there; null where nothing changes against the one before. */
interface Point {
  readonly ratio: number;
  readonly cut: Plan | null;
}

/**
 * Cuts are nested: where nothing more goes than at the ratio before, or only what nobody hears, the network
 * answers as it did there.
 */
function pointsOf(
  prepared: PreparedPruning,
  group: GroupId,
  ratios: readonly number[],
  isSilent: (channel: number) => boolean,
): readonly Point[] {
  let left = known(planGroupAt(prepared, group, 0).kept.get(group), group);
  return ratios.map((ratio) => {
    const cut = planGroupAt(prepared, group, ratio);
    const kept = known(cut.kept.get(group), group);
    const gone = left.filter((channel) => !kept.includes(channel));
    left = kept;
    return { ratio, cut: gone.every(isSilent) ? null : cut };
  });
}

/** Evaluates the cuts of the points one after the other, each opened while the one before it is computed. */
function measuring(
  points: readonly Point[],
  feed: Feed,
  open: (cut: Plan) => Program,
  quiet: Watch,
) {
  const cuts = points.flatMap(({ cut }) => (cut === null ? [] : [cut]));
  let ahead: Program | undefined;
  let failure: { readonly reason: unknown } | undefined;
  const take = (): Program | undefined => {
    const cut = cuts.shift();
    return cut && open(cut);
  };
  return {
    next: async (): Promise<Evaluation> => {
      if (failure !== undefined) throw failure.reason;
      const program = known(ahead ?? take(), "cut");
      ahead = undefined;
      const openNext = (): void => {
        // What is wrong with the next cut is no reason to lose this one.
        try {
          ahead = take();
        } catch (reason) {
          failure = { reason };
        }
      };
      return evaluateFeed(program, feed, quiet, { meanwhile: openNext }).finally(() =>
        program.dispose(),
      );
    },
    dispose: (): void => ahead?.dispose(),
  };
}

/** The groups that have points to be measured, in forward order. */
function wantedPoints({ prepared, ratios, measured }: SensitivityPlan) {
  return [...prepared.scores.keys()]
    .map((group) => {
      const done = new Set(measured?.get(group));
      return { group, ratios: ratios.filter((ratio) => !done.has(ratio)) };
    })
    .filter((wanted) => wanted.ratios.length > 0);
}
