/** @file What a criterion is: a number for each channel of the groups that it can judge. */
import type { Network } from "../../model/index.ts";
import type { GroupId, GroupTable } from "../groups.ts";

/** Importance by group, one number for each channel; higher stays longer. Groups in forward order. */
export type Scores = ReadonlyMap<GroupId, Float64Array>;

export interface Criterion {
  /** For people, such as "BN scale". */
  readonly title: string;
  /**
   * Scores every channel of every group that the criterion can judge, and leaves out the others.
   * @param network — borrowed
   */
  score(network: Network, table: GroupTable): Scores;
}
