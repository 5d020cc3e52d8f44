/**
 * @file What a network remembers of the surgery that made it: where its channels came from, and the
 * plans in the order in which they were carried out. Plain JSON that travels in the metadata; what it
 * means is known in `prune/`.
 */
import type { Network, NodeName } from "./network.ts";

/** Where the channels of one layer came from. */
export interface RecordedOrigin {
  /** The layer in the network before any surgery. */
  readonly node: NodeName;
  /** How many channels it had there. */
  readonly of: number;
  /**
   * Which of them are left: one for each channel that the layer has now, ascending until a selection was
   * folded into the layer; −1 for a channel of zeros that the folding made.
   */
  readonly kept: readonly number[];
}

/** A plan as it was carried out. */
export interface RecordedPlan {
  readonly criterion: string;
  readonly mode: string;
  /** Shares of the planned channels, in 0…1. */
  readonly requested: number;
  readonly achieved: number;
  /** Nothing where none held, as with greedy scoring. */
  readonly threshold?: number | undefined;
  /** The planned groups in forward order: which channels of how many stayed, ascending. */
  readonly groups: readonly {
    readonly name: string;
    readonly of: number;
    readonly kept: readonly number[];
  }[];
  readonly guarded: readonly string[];
}

/** One thing that was done. */
export type RecordedStep =
  | {
      readonly kind: "cut" | "mask";
      /** Fingerprint of the graph that the plan was made for. */
      readonly from: string;
      readonly plan: RecordedPlan;
      /** What became of constants that went: nothing, or their readers took them over. */
      readonly dead: "zero" | "absorb";
    }
  /** Selections were put where readers can be cut without their writers; no value changed. */
  | { readonly kind: "select"; readonly from: string }
  /** Weights were trained, so that no replay gives them again. */
  | { readonly kind: "trained"; readonly steps: number }
  /** Batch norms or selections were folded into layers, for deployment. */
  | { readonly kind: "folded" };

export interface SurgeryRecord {
  /** The layers that have lost channels; all others are as they were. */
  readonly origins: Readonly<Record<NodeName, RecordedOrigin>>;
  readonly history: readonly RecordedStep[];
}

/** The newest plan that was carried out on a network; nothing where none was, or it was forgotten. */
export function lastPlanOf({ metadata }: Pick<Network, "metadata">): RecordedPlan | undefined {
  const last = metadata.surgery?.history.findLast((step) => "plan" in step);
  return last !== undefined && "plan" in last ? last.plan : undefined;
}
