/**
 * @file What a criterion is: somebody who has opinions on channels. It looks at weights, or at what was
 * measured on images and is handed in as a plain value; it never runs a network. How opinions become
 * one number a channel is the same for all of them, and stands in `score.ts`.
 */
import type { Network } from "../../model/index.ts";
import type { GroupId, GroupTable } from "../groups.ts";
import type { Evidence, EvidenceKind } from "./evidence.ts";
import type { OptionSpecs, OptionValues, ValuesOf } from "./options.ts";

/** Importance by group, one number for each channel; higher stays longer. Groups in forward order. */
export type Scores = ReadonlyMap<GroupId, Float64Array>;

/** What one of a group's tensors or nodes says of the channels it knows. */
export interface Opinion {
  /** The table's class of each value. A class may stand twice, and then counts twice. */
  readonly classes: Int32Array;
  readonly values: ArrayLike<number>;
}

/** What is judged; borrowed. */
export interface Subject {
  readonly network: Network;
  readonly table: GroupTable;
  /** Of the kind that the criterion needs. */
  readonly evidence?: Evidence | undefined;
}

/** How a group's scores are made comparable with other groups'. */
export type Normalisation = "none" | "mean" | "l2";

interface CriterionOf<O> {
  /** For people, such as "BN scale". */
  readonly title: string;
  /** What it takes a channel's importance to be, in words that follow the title. */
  readonly explanation: string;
  /** Authors, year, title; nothing where it is nobody's. */
  readonly paper?: string;
  readonly options: OptionSpecs;
  /** What must have been measured on images; nothing when the network is enough. */
  needs(options: O): EvidenceKind | undefined;
  /** What it could find out itself, but others faster. */
  readonly welcomes?: "distances";
  /**
   * What groups must be divided by before they are ranked against each other: "none" where a score
   * means the same in every layer.
   */
  normalisation(options: O): Normalisation;
  /** All opinions; groups may be left out, fixed ones may be judged in vain. */
  judge(subject: Subject, options: O): Iterable<Opinion>;
}

export type Criterion = CriterionOf<OptionValues>;

/** Lets a criterion see its options under their own types: `readOptions` makes them just so. */
export function criterion<const S extends OptionSpecs>(
  definition: CriterionOf<ValuesOf<S>> & { readonly options: S },
): Criterion {
  return definition as unknown as Criterion;
}

/** The options that every criterion of more than one voter has. */
export const REDUCTION = {
  reduce: {
    kind: "choice",
    choices: ["mean", "max", "sum"],
    usual: "mean",
    says: "what becomes of several layers' opinions on one channel",
  },
  normalise: {
    kind: "choice",
    choices: ["auto", "none", "mean", "l2"],
    usual: "auto",
    says: "what a group's scores are divided by; auto: only where unlike groups are ranked",
  },
} as const;
