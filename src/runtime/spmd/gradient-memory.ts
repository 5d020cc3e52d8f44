/**
 * @file A network's gradients by running statistics in memory of its own. It holds copies of the
 * weights, never the truth, and nothing that it runs changes them.
 */
import { known } from "../../core/index.ts";
import type { Network, Tensor, TensorName } from "../../model/index.ts";
import { ahead, type Place } from "./blocks.ts";
import { controlOf, putImages, readMap, runSafely } from "./images.ts";
import { CONTROL } from "./instructions.ts";
import { link, type Linked } from "./link.ts";
import { lowerGradients, type LoweredGradients } from "./lower-training.ts";
import type { Machine, MachineMemory } from "./machine.ts";

export interface GradientPlan {
  readonly lowered: LoweredGradients;
  readonly linked: Linked;
}

/** Plans the gradients of up to `batch` images. */
export function planGradientMemory(network: Network, batch: number, threads: number): GradientPlan {
  const lowered = lowerGradients(network, batch, threads, true);
  return { lowered, linked: link(lowered.blocks, [lowered.listing], threads) };
}

export interface GradientAnswer {
  /** `[n, classes]` */
  readonly logits: Float32Array;
  /** By trained weight; copies. */
  readonly gradients: ReadonlyMap<TensorName, Tensor>;
}

export class GradientMemory {
  readonly #plan: GradientPlan;
  readonly #memory: MachineMemory;

  constructor(plan: GradientPlan, machine: Machine) {
    this.#plan = plan;
    this.#memory = machine.open(plan.linked.bytes);
    plan.linked.install(this.#memory.buffer);
  }

  /** Takes new weights. */
  async load(valuesOf: (name: TensorName) => Float32Array): Promise<void> {
    const { weights, order } = this.#plan.lowered;
    for (const [name, { start, size }] of order.places) {
      this.#floats(ahead(weights, start), size).set(valuesOf(name));
    }
  }

  /**
   * The gradients at the weights that were loaded last.
   * @param images — borrowed, as `labels`
   */
  async run(images: Float32Array, labels: Int32Array): Promise<GradientAnswer> {
    const { lowered, linked } = this.#plan;
    putImages(this.#memory, linked.addressOf(lowered.images), images, labels.length);
    new Int32Array(this.#memory.buffer, linked.addressOf(lowered.labels), labels.length).set(
      labels,
    );
    controlOf(this.#memory).floats[CONTROL.teacherWeight] = 0;
    // Nothing that a run reads is changed by it.
    await runSafely(this.#memory, known(linked.programs[0], "program"), () => {});
    const { logits } = lowered;
    return {
      logits: readMap(this.#memory, linked.addressOf(logits.place), logits, labels.length),
      gradients: this.#gradients(),
    };
  }

  dispose(): void {
    this.#memory.dispose();
  }

  #gradients(): ReadonlyMap<TensorName, Tensor> {
    const { gradients, order } = this.#plan.lowered;
    const trained = [...order.places].filter(([, { isTrained }]) => isTrained);
    return new Map(
      trained.map(([name, { shape, start, size }]) => {
        const values = this.#floats(ahead(gradients, start), size).slice();
        return [name, { shape: [...shape], values }];
      }),
    );
  }

  #floats(place: Place, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#plan.linked.addressOf(place), count);
  }
}
