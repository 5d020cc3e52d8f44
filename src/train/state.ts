/**
 * @file A training run's state as one value: what a checkpoint holds. Shuffles, augmentation and the
 * learning rate follow from (settings, step), so nothing else is needed to resume to the same bits.
 */
import { AppError, sameShape, showShape } from "../core/index.ts";
import { weightSpecs, type Network, type Tensor, type TensorName } from "../model/index.ts";

export interface TrainState {
  /** With the weights and running statistics as they are now. */
  readonly network: Network;
  /** Momentum buffers by the trainable weight's name; empty before the first step. */
  readonly velocity: ReadonlyMap<TensorName, Tensor>;
  /** Steps done. */
  readonly step: number;
}

/** The state before the first step. */
export function startState(network: Network): TrainState {
  return { network, velocity: new Map(), step: 0 };
}

/**
 * Refuses a state whose buffers do not fit its network.
 * @throws train/state-mismatch naming the buffer
 */
export function checkState({ network, velocity }: TrainState): void {
  const specs = weightSpecs(network);
  for (const [name, tensor] of velocity) {
    const spec = specs.get(name);
    if (spec !== undefined && spec.trainable && sameShape(spec.shape, tensor.shape)) continue;
    throw new AppError("train/state-mismatch", {
      where: `momentum › ${name}`,
      expected: spec === undefined ? "a weight of the network" : showShape(spec.shape),
      found: showShape(tensor.shape),
    });
  }
}
