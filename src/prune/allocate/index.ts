/** @file The table of allocations. A new one is its own file and one line here. */
import { AppError } from "../../core/index.ts";
import type { Plan } from "../plan.ts";
import { planAt, type PreparedPruning } from "../prepare.ts";
import type { Allocation, AllocationKind } from "./allocation.ts";
import { withByHand, type ByHand } from "./by-hand.ts";
import { planGreedily, type ScoreGiven } from "./greedy.ts";
import { planList } from "./list.ts";
import { planSensitivity, type Curves } from "./sensitivity.ts";
import { planTarget } from "./target.ts";
import { planUniform } from "./uniform.ts";

/** What some allocations need to know beside the scores. */
export interface Knowledge {
  /** For "sensitivity". */
  readonly curves?: Curves | undefined;
  /** For greedy scoring. */
  readonly scoreOf?: ScoreGiven | undefined;
}

type Planner<A> = (prepared: PreparedPruning, allocation: A & ByHand, known: Knowledge) => Plan;

type Planners = { readonly [K in AllocationKind]: Planner<Extract<Allocation, { kind: K }>> };

const PLANNERS: Planners = {
  "global-threshold": planAt,
  uniform: planUniform,
  list: planList,
  sensitivity: (prepared, allocation, { curves }) => {
    if (curves !== undefined) return planSensitivity(prepared, allocation, curves);
    throw lacking("sensitivity", "curves that were measured on this network", {
      hint: "measure the sensitivity of its layers first",
    });
  },
  target: planTarget,
};

/** Every allocation there is, in the order in which to offer them. */
export const ALLOCATION_KINDS = Object.keys(PLANNERS) as readonly AllocationKind[];

/**
 * The plan that an allocation asks for, with what was set by hand in its place. Where groups take no
 * part, guards hold or widths are rounded, the options of `prepared` say so.
 * @throws prune/bad-ratio, prune/bad-allocation, prune/unknown-group, prune/out-of-reach,
 *   prune/nothing-to-prune
 */
export function planAllocation(
  prepared: PreparedPruning,
  allocation: Allocation & ByHand,
  knowledge: Knowledge = {},
): Plan {
  // Each planner only ever sees its own kind.
  const planner = PLANNERS[allocation.kind] as Planner<Allocation>;
  const own: Plan = {
    ...planner(prepared, allocation, knowledge),
    allocation: { ...prepared.options, ...allocation },
  };
  const plan = withByHand(prepared, own, allocation.byHand);
  if (prepared.options.scoring !== "greedy") return plan;
  if (knowledge.scoreOf !== undefined) return planGreedily(prepared, plan, knowledge.scoreOf);
  throw lacking("scoring", "weights, for greedy scoring", {});
}

function lacking(where: string, expected: string, more: { readonly hint?: string }): AppError {
  return new AppError("prune/bad-allocation", { where, expected, found: "none", ...more });
}
