/**
 * @file A machine whose passing memory holds NaN before every run: what is read without having been
 * written, or beyond where it ends, shows in the results.
 */
import type { Network, NodeName } from "../../../model/index.ts";
import { planGradientMemory } from "../gradient-memory.ts";
import { planInferenceMemory } from "../inference-memory.ts";
import type { Machine, MachineMemory } from "../machine.ts";
import { planTrainingMemory } from "../training-memory.ts";

/**
 * For programs of that network and batch alone.
 * @param watched — the nodes that are observed
 */
export function poisoned(
  machine: Machine,
  network: Network,
  batch: number,
  watched: readonly NodeName[] = [],
): Machine {
  const { threads } = machine;
  const plans = [
    planInferenceMemory(network, batch, threads).linked,
    planInferenceMemory(network, batch, threads, watched).linked,
    planGradientMemory(network, batch, threads).linked,
    planTrainingMemory(network, batch, threads).linked,
  ];
  return {
    ...without(machine),
    open(bytes): MachineMemory {
      const plan = plans.find((linked) => linked.bytes === bytes);
      if (plan === undefined) throw new Error(`internal: no plan of ${bytes} bytes`);
      const memory = machine.open(bytes);
      return {
        get buffer() {
          return memory.buffer;
        },
        run(program) {
          const start = plan.bytes - plan.passingBytes;
          new Float32Array(memory.buffer, start, Math.floor(plan.passingBytes / 4)).fill(NaN);
          return memory.run(program);
        },
        dispose: () => memory.dispose(),
      };
    },
  };
}

/** Everything of a machine but its memories. */
function without({ variant, threads, description, note }: Machine): Omit<Machine, "open"> {
  return { variant, threads, description, note, dispose: () => {} };
}
