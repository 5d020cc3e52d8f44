/** @file A network's inference in memory of its own. It holds copies of the weights, never the truth. */
import type { Network, NodeName, TensorName } from "../../model/index.ts";
import { link, type Linked } from "./link.ts";
import { lowerInference, type LoweredInference } from "./lower-inference.ts";
import type { Machine, MachineMemory } from "./machine.ts";
import { putImages, readMap, runSafely } from "./images.ts";

export interface InferencePlan {
  readonly lowered: LoweredInference;
  readonly linked: Linked;
}

/** Plans inference of up to `batch` images, in which some nodes can be watched. */
export function planInferenceMemory(
  network: Network,
  batch: number,
  threads: number,
  watched: readonly NodeName[] = [],
): InferencePlan {
  const lowered = lowerInference(network, batch, threads, watched);
  const { blocks, preparation, listing } = lowered;
  return { lowered, linked: link(blocks, [preparation, listing], threads) };
}

export class InferenceMemory {
  readonly #plan: InferencePlan;
  readonly #memory: MachineMemory;

  constructor(plan: InferencePlan, machine: Machine) {
    this.#plan = plan;
    // What passes between instructions is written before it is read.
    const { bytes, passingBytes } = plan.linked;
    this.#memory = machine.open(bytes, bytes - passingBytes);
    plan.linked.install(this.#memory.buffer);
  }

  /** Takes new weights and prepares them. */
  async load(valuesOf: (name: TensorName) => Float32Array): Promise<void> {
    const { lowered, linked } = this.#plan;
    const start = linked.addressOf(lowered.weights);
    for (const [name, place] of lowered.order.places) {
      const to = new Float32Array(this.#memory.buffer, start + place.start * 4, place.size);
      to.set(valuesOf(name));
    }
    await this.#run(0);
  }

  /**
   * Answers by the weights that were loaded last.
   * @param images — borrowed until `meanwhile`
   * @param meanwhile — see `MachineMemory.run`
   */
  async forward(
    images: Float32Array,
    count: number,
    meanwhile?: () => void,
  ): Promise<Float32Array> {
    const { lowered, linked } = this.#plan;
    putImages(this.#memory, linked.addressOf(lowered.images), images, count);
    await this.#run(1, meanwhile);
    const { output } = lowered;
    return readMap(this.#memory, linked.addressOf(output.place), output, count);
  }

  /** What the watched nodes said to the images of the last answer. */
  watched(count: number): ReadonlyMap<NodeName, Float32Array> {
    const { lowered, linked } = this.#plan;
    return new Map(
      [...lowered.watched].map(([name, view]) => [
        name,
        readMap(this.#memory, linked.addressOf(view.place), view, count),
      ]),
    );
  }

  dispose(): void {
    this.#memory.dispose();
  }

  async #run(program: 0 | 1, meanwhile?: () => void): Promise<void> {
    // Nothing that a run reads is changed by it.
    const restore = (): void => undefined;
    const start = this.#plan.linked.programs[program] ?? 0;
    await runSafely(this.#memory, start, restore, meanwhile);
  }
}
