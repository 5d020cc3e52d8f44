/**
 * @file An action: one thing that a person can do, under the name by which the palette offers it, with the reason
 * why it cannot be done now. What actions reach comes from outside, so that their list is a plain value.
 */
import type { Step, Workbench } from "../../state/index.ts";
import { whyUnmeasurable, whyUntrainable } from "../parts/misfit-words.ts";

export type Scheme = "auto" | "light" | "dark";

/** What actions reach. */
export interface Reach {
  readonly bench: Workbench;
  /** Opens the palette, the list of keys, or neither. */
  readonly overlay: (which: Overlay) => void;
  readonly setScheme: (scheme: Scheme) => void;
  readonly share: () => Promise<void>;
}

export type Overlay = "palette" | "keys" | null;

export interface Action {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly also?: string;
  /** Why it cannot be done now; null where it can. */
  readonly why: string | null;
  readonly run: () => void;
  /** The step on which its keys are heard; without one, all. */
  readonly at?: Step;
  /** What letting go does, for one that lasts as long as its key is down. */
  readonly release?: () => void;
}

const NO_NETWORK = "there is no network yet";
const NO_CUT = "nothing is cut";
const IS_TRAINING = "a training is running";

/** What stands against things, in the words of a reason. */
export function reasons({ bench }: Reach) {
  const page = bench.page.getState();
  const { pruning } = bench.method.getState();
  const { status } = bench.training.getState();
  const network = page.session === null ? NO_NETWORK : null;
  const isTraining = status !== "idle" && status !== "ended";
  const prunable = network ?? (pruning === null ? "nothing of this network can be pruned" : null);
  const removed = bench.slider.getState().preview?.removed ?? 0;
  return {
    network,
    prunable,
    cut: prunable ?? (removed === 0 ? NO_CUT : null),
    images: network ?? whyUnmeasurable(page),
    training: isTraining ? IS_TRAINING : null,
    trainable: network ?? (isTraining ? IS_TRAINING : whyUntrainable(page)),
  };
}
