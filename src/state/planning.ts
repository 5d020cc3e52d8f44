/**
 * @file What the slider asks of the planner, in the shape that the page draws: layers in forward
 * order with their scores from the largest down, and for each ratio how many of them stay.
 */
import type {
  Allocation,
  Anatomy,
  ByHand,
  ChannelPlace,
  Cost,
  Curves,
  FixedReason,
  Plan,
  PruneOptions,
  SpareReason,
  ThresholdMode,
} from "./engine.ts";
import type { StreamRow } from "./stream-rows.ts";

/** What goes together in a group, and why. */
export interface Together {
  /** The layers whose channels are cut as one, in forward order; mostly one. */
  readonly layers: readonly string[];
  /** The layers that read them, whose inputs shrink too. */
  readonly readers: readonly string[];
  /** What binds them: additions and grouped convolutions; none for a layer by itself. */
  readonly joints: readonly string[];
}

/** A group that takes no part, for `reason`; `fixed` says why it may not where that is so. */
export interface Spared extends Together {
  readonly name: string;
  readonly reason: SpareReason;
  readonly fixed?: FixedReason | undefined;
}

/** A group as one row of the sheet: one that takes part, or would if it were not locked. */
export interface Layer extends Together {
  /** The group's id: the name of its first layer. */
  readonly name: string;
  /** Height of the map at this layer; rows of one resolution stand together. */
  readonly resolution: number;
  readonly of: number;
  /** Scores from the largest down; the first `kept` of them stay. */
  readonly scores: Float64Array;
  /** The same by channel. */
  readonly own: Float64Array;
  /** The channels in the order of `scores`; of equals the lower one is first. */
  readonly order: Int32Array;
  readonly isLocked: boolean;
}

/** Everything about one position of the slider. */
export interface Preview {
  /** As asked for, in [0, 1). */
  readonly ratio: number;
  /** Scores at or below it go, guards aside; null where none holds, as with greedy scoring. */
  readonly threshold: number | null;
  readonly removed: number;
  /** Channels that stay in each layer, by the layer's index. */
  readonly kept: Int32Array;
  /** The same but for what was set by hand; `kept` itself where no layer was. */
  readonly own: Int32Array;
  /** Layers that were set by hand, ascending. */
  readonly byHand: readonly number[];
  /** Layers where a guard kept what the threshold would have taken. */
  readonly guarded: readonly number[];
  readonly cost: Cost;
  readonly plan: Plan;
}

/** How channels are counted along the slider, and which layers it does not move. */
export interface Counting extends ByHand {
  readonly mode?: ThresholdMode | undefined;
}

/** How far one can go without harm, as ratios. */
export interface SafeMarks {
  /** Up to where only what lies below a gap in the scores goes; null when there is no gap. */
  readonly gap: number | null;
  /** The largest ratio at which no guard holds yet. */
  readonly guard: number;
}

/** A network made ready for the slider. */
export interface Pruning {
  readonly criterion: string;
  readonly options: PruneOptions;
  readonly layers: readonly Layer[];
  /**
   * The stream beside each row, null beside none.
   * @param rows — the layer of each row by its index; null for a row that stands for several
   */
  streamsBeside(rows: readonly (number | null)[]): readonly (StreamRow | null)[];
  /** The groups that take no part, in forward order. */
  readonly spared: readonly Spared[];
  /** True where additions run through layers, so that it matters what becomes of streams. */
  readonly hasStreams: boolean;
  /** True where the criterion scores a stream, so that one could be cut as one. */
  readonly scoresStreams: boolean;
  /** True where a concatenation, a stream or a shared map could be cut at its readers. */
  readonly canSelect: boolean;
  /** Channels that take part. */
  readonly total: number;
  /** In how many lines they are compared: 1 where all are ranked against each other. */
  readonly pools: number;
  /**
   * How many channels of a layer stayed where its sensitivity was measured at that ratio.
   * @param layer — index of a row that takes part
   */
  keptAlone(layer: number, ratio: number): number;
  /**
   * How many channels of a layer can stay, ascending, as guard and rounding have it; none of a locked one.
   * @param layer — index of the row
   */
  widthsOf(layer: number): readonly number[];
  /** All scores, ascending. */
  readonly sorted: Float64Array;
  /** How far one can go without harm, by how channels are counted. */
  readonly safe: Readonly<Record<ThresholdMode, SafeMarks>>;
  /**
   * Which channel of which layers that is.
   * @param layer — index of the row
   * @param channel — of the group, as in `own`
   */
  placesOf(layer: number, channel: number): readonly ChannelPlace[];
  /** What makes a channel of a layer, by its number there. */
  anatomyOf(layer: string, channel: number): Anatomy;
  /**
   * The plan that takes one channel of the group alone, from all of its layers.
   * @throws prune/out-of-reach where that would empty a layer
   */
  without(layer: number, channel: number): Preview;
  /** At 0 nothing goes in either mode, unlike in the scripts, but what was set by hand. */
  at(ratio: number, counting?: Counting): Preview;
  /**
   * The plan of a preview as it is carried out. Greedy scoring chooses its channels anew, which a
   * frame has no time for; how many go, and what is left, is the same.
   */
  settle(preview: Preview): Plan;
  /**
   * The same for any allocation.
   * @param curves — for "sensitivity"
   * @throws prune/bad-ratio, prune/bad-allocation, prune/unknown-group, prune/out-of-reach
   */
  by(allocation: Allocation & ByHand, curves?: Curves): Preview;
}

/** The slider's grain: half a per cent. */
export const RATIO_STEP = 0.005;
/** One step below everything. */
const RATIO_MOST = 1 - RATIO_STEP;

/** The nearest position of the slider. Whole steps, so that equal positions are equal numbers. */
export function snapRatio(ratio: number): number {
  const step = Math.round(Math.min(RATIO_MOST, Math.max(0, ratio)) / RATIO_STEP);
  return step / Math.round(1 / RATIO_STEP);
}

/** How many of the ascending scores are at most `value`. */
export function countUpTo(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The least slider position at which `holds` is true, assuming it stays true; null when never. */
export function firstRatio(holds: (ratio: number) => boolean): number | null {
  const steps = Math.round(RATIO_MOST / RATIO_STEP);
  let [low, high] = [0, steps + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(snapRatio(middle * RATIO_STEP))) high = middle;
    else low = middle + 1;
  }
  return low > steps ? null : snapRatio(low * RATIO_STEP);
}

/** The least ratio that brings the MACs down to a share of what they are; null when none does. */
export function ratioForMacs(
  pruning: Pick<Pruning, "at">,
  share: number,
  counting: Counting,
): number | null {
  const known = reached.get(pruning) ?? new Map<string, number | null>();
  reached.set(pruning, known);
  const name = `${share} ${JSON.stringify(counting)}`;
  const found = known.get(name);
  if (found !== undefined) return found;
  const target = pruning.at(0).cost.macs * share;
  const ratio = firstRatio((one) => pruning.at(one, counting).cost.macs <= target);
  known.set(name, ratio);
  return ratio;
}

/** What was found before: a search looks at some 14 cuts, and is asked for with every measurement. */
const reached = new WeakMap<object, Map<string, number | null>>();
