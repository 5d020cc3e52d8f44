/**
 * @file How a network is to be pruned, as one plain value: who scores, whose scores are compared, who
 * takes part, how many go, which layers a person has set beside that, and how it is carried out. The slider's ratio is not in it, as that changes with every frame; it lives
 * in the slider and counts where the allocation goes by ratio.
 *
 * A method has a text that holds all of it. Whatever was measured is filed under that text, so that
 * nothing measured under one method is ever shown for another.
 */
import type {
  Allocation,
  ByHand,
  CostKind,
  Goal,
  Manner,
  ProjectDocument,
  PruneOptions,
  ThresholdMode,
  Widths,
} from "./engine.ts";
import { grouped, amount, percent } from "./figures.ts";
import type { Counting } from "./planning.ts";

type RecipeAllocation = ProjectDocument["method"]["allocation"];

export interface Method {
  /** A criterion's name with its options. */
  readonly criterion: string;
  /** Without what is as usual: see `tidyOptions`. */
  readonly options: PruneOptions;
  readonly allocation: Allocation;
  /** The loss a layer as it was typed, in points of accuracy; left out where it came as a share. */
  readonly points?: number;
  /** Channels that stay of the layers that were set by hand, by the row's name; left out where none was. */
  readonly byHand?: Widths;
  readonly manner: Manner;
}

/** The modes of "Remove", in the order in which they are offered. */
export type Mode = Allocation["kind"];

/** The allocation whose ratio the slider holds. */
export const BY_RATIO = { kind: "global-threshold", ratio: 0, mode: "exact" } as const;

/** As the papers' code does it: what goes is cut out, with all that it said. */
export const PLAIN: Manner = { kind: "cut", dead: "zero" };

/** Network Slimming's: what a fresh visit starts with. */
export const DEFAULT_METHOD: Method = {
  criterion: "bn-scale",
  options: {},
  allocation: BY_RATIO,
  manner: PLAIN,
};

/** True where the slider's ratio says how many go. */
export function isByRatio({ allocation }: Method): boolean {
  return allocation.kind === "global-threshold";
}

/** How channels are counted where the slider's ratio says how many go. */
export function modeOf({ allocation }: Method): ThresholdMode {
  return (allocation.kind === "global-threshold" ? allocation.mode : undefined) ?? "exact";
}

/** The same with the layers that the slider does not move. */
export function countingOf(method: Method): Counting {
  return { mode: modeOf(method), byHand: method.byHand };
}

/**
 * Options in one form: what is as usual is left out, locks are sorted, and what only matters beside
 * something else goes with it. Equal methods have equal texts by this.
 */
export function tidyOptions(options: PruneOptions): PruneOptions {
  const { streams, decider, minimumShare, scope, rounding, locked, scoring } = options;
  const how = rounding?.how === "nearest" ? undefined : rounding?.how;
  return {
    ...(streams === undefined || streams === "keep" ? {} : { streams }),
    ...(streams === "prune" && decider === "shortcut" ? { decider } : {}),
    ...(minimumShare === undefined || minimumShare === 0 ? {} : { minimumShare }),
    ...(scope === undefined || scope === "global" ? {} : { scope }),
    ...(rounding === undefined || rounding.to === 1
      ? {}
      : { rounding: { to: rounding.to, ...(how === undefined ? {} : { how }) } }),
    ...(locked === undefined || locked.length === 0 ? {} : { locked: [...new Set(locked)].sort() }),
    ...(scoring === "greedy" ? { scoring } : {}),
  };
}

/** A method in one form: its options tidy, and points only where it goes by a loss. */
export function tidyMethod({ points, ...method }: Method): Method {
  const { allocation } = method;
  const isByLoss = allocation.kind === "sensitivity" && "loss" in allocation;
  return {
    ...method,
    options: tidyOptions(method.options),
    ...(isByLoss && points !== undefined ? { points } : {}),
  };
}

/** Widths by hand in one form: sorted, and left out where there are none. */
export function tidyHands(byHand: Widths | undefined): Pick<Method, "byHand"> {
  const entries = Object.entries(byHand ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? {} : { byHand: Object.fromEntries(entries) };
}

/** How many go, hands included: what is planned. */
export function allocationOf({ allocation, byHand }: Method): Allocation & ByHand {
  return byHand === undefined ? allocation : { ...allocation, byHand };
}

/** An allocation as recipes write it, apart from who takes part and what was set by hand. */
export function splitAllocation(
  whole: RecipeAllocation,
): Pick<Method, "allocation" | "options" | "byHand"> {
  const { byHand, ...rest } = whole;
  const { scope, rounding, locked, streams, decider, scoring, minimumShare, ...allocation } = rest;
  const options = { scope, rounding, minimumShare, locked, streams, decider, scoring };
  return { allocation, options: tidyOptions(options), ...tidyHands(byHand) };
}

/** All of a method but the slider's ratio, and but for masking: a masked network computes what a cut one does. */
export function methodText(method: Method): string {
  const { criterion, options, allocation, byHand, manner } = method;
  const hands = byHand === undefined ? [] : [{ byHand }];
  const how =
    allocation.kind === "global-threshold"
      ? { kind: allocation.kind, mode: allocation.mode ?? "exact" }
      : allocation;
  return JSON.stringify([criterion, tidyOptions(options), how, manner.dead, ...hands]);
}

/** True of the text of a method by which a ratio of 0 may cut something all the same. */
export function hasHands(text: string): boolean {
  return text.endsWith("}]");
}

/** The part of a method for which a network is made ready: who scores, and who takes part. */
export function scoringText({ criterion, options }: Method): string {
  return JSON.stringify([criterion, tidyOptions(options)]);
}

/**
 * The part of a method that its sensitivity curves depend on: each layer is cut alone, so it does not
 * matter with whom it is compared, nor which others are locked.
 */
export function curvesText({ criterion, options }: Method): string {
  const { streams, decider, minimumShare, rounding } = options;
  return JSON.stringify([criterion, tidyOptions({ streams, decider, minimumShare, rounding })]);
}

/** What a run is called that was made so, such as "Cut to 50 % of the MACs". */
export function cutLabel(method: Method, ratio: number): string {
  const verb = method.manner.kind === "cut" ? "Cut" : "Masked";
  return `${verb} ${whereOf(allocationOf(method), ratio)}`;
}

/** How many go and where, in a few words, such as "at 50 %" or "to 50 % of the MACs, 2 layers by hand". */
export function whereOf(
  { byHand = {}, ...allocation }: Allocation & ByHand,
  ratio: number,
): string {
  const hands = Object.keys(byHand).length;
  const where = amountOf(allocation, ratio);
  return hands === 0 || allocation.kind === "list"
    ? where
    : `${where}, ${hands === 1 ? "1 layer" : `${hands} layers`} by hand`;
}

function amountOf(allocation: Allocation, ratio: number): string {
  switch (allocation.kind) {
    case "global-threshold":
      return `at ${percent(ratio)}${allocation.mode === "reference" ? ", as the scripts count" : ""}`;
    case "uniform":
      return `${percent(allocation.ratio)} of each layer`;
    case "list":
      return "by hand";
    case "target":
      return `to ${goalText(allocation)}`;
    case "sensitivity":
      return "loss" in allocation
        ? `to a loss of ${percent(allocation.loss)}`
        : `by curves to ${goalText(allocation.goal)}`;
    default:
      return allocation satisfies never;
  }
}

/** What a target is of, in words. */
export const COST_WORDS: Readonly<Record<CostKind, string>> = {
  macs: "MACs",
  parameters: "parameters",
  bytes: "file size",
};

function goalText(goal: Goal): string {
  const of = COST_WORDS[goal.of];
  if ("share" in goal) return `${percent(goal.share)} of the ${of}`;
  const { most } = goal;
  const number = most < 1e4 ? grouped(most) : amount(most);
  return goal.of === "bytes" ? `${number}${most < 1e4 ? " bytes" : "B"}` : `${number} ${of}`;
}
