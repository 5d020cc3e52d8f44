/** @file A network made ready for a run, with what the run's settings hold at zero. */
import type { Network } from "../model/index.ts";
import { zeroMasks } from "../prune/index.ts";
import { compile, type Backend, type Program } from "../runtime/index.ts";
import type { TrainSettings } from "./settings.ts";

/**
 * Compiles for training.
 * @param network — as the run begins, also when it goes on: what is zero there stays zero
 * @throws runtime/out-of-memory
 */
export function compileRun(
  network: Network,
  backend: Backend,
  { batchSize, freezeZeros = false }: Pick<TrainSettings, "batchSize" | "freezeZeros">,
): Program {
  return compile(network, backend, batchSize, {
    frozen: freezeZeros ? zeroMasks(network) : undefined,
  });
}
