/**
 * @file A training run's state through a plan: weights, running statistics and momentum at once, so that
 * a run goes on with the smaller network, or with the masked one, where it stood.
 */
import { maskTensors } from "../model/index.ts";
import {
  cutNetwork,
  findGroups,
  maskNetwork,
  planMasks,
  sliceTensors,
  type Plan,
} from "../prune/index.ts";
import type { TrainState } from "./state.ts";

/**
 * Cuts a state: the same step, with the momentum of what is left.
 * @throws prune/plan-mismatch
 */
export function cutState({ network, velocity, step }: TrainState, plan: Plan): TrainState {
  const table = findGroups(network);
  return {
    network: cutNetwork(network, plan).network,
    velocity: sliceTensors(velocity, table, plan),
    step,
  };
}

/**
 * Masks a state: zeros in weights and momentum for what the plan takes. To train on and keep them,
 * compile with the plan's masks, or with `freezeZeros`.
 * @throws prune/plan-mismatch
 */
export function maskState({ network, velocity, step }: TrainState, plan: Plan): TrainState {
  const masks = planMasks(findGroups(network), plan);
  return {
    network: maskNetwork(network, plan).network,
    velocity: maskTensors(velocity, masks),
    step,
  };
}
