/** @file The allocations there are: how many channels go, and where. Plain data, as recipes hold it. */
import type { PruneOptions } from "../prepare.ts";
import type { ByHand } from "./by-hand.ts";
import type { GlobalThreshold } from "./global-threshold.ts";
import type { List } from "./list.ts";
import type { FromSensitivity } from "./sensitivity.ts";
import type { Target } from "./target.ts";
import type { Uniform } from "./uniform.ts";

/** One file beside this one each. */
export type Allocation = GlobalThreshold | Uniform | List | FromSensitivity | Target;

/** One that was carried out, with the options under which it was, and what was set by hand beside it. */
export type Allocated = Allocation & ByHand & PruneOptions;

export type AllocationKind = Allocation["kind"];
