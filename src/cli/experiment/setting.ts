/** @file What all stages of an experiment share. */
import type { TrainData } from "../../train/index.ts";
import type { Output } from "../output.ts";
import type { Identity } from "../same-run.ts";
import type { EpochLine } from "../training-run.ts";
import type { PlanningSetting } from "./plan.ts";

export interface Setting extends PlanningSetting {
  readonly output: Output;
  /** What makes the run what it is, as it is written down. */
  readonly identity: Identity;
  readonly data: TrainData;
  readonly onEpoch: (stage: string, line: EpochLine) => void;
}
