/**
 * @file A network's training in memory of its own. From the first step on, the truth about weights,
 * running statistics and velocities is here.
 */
import { known } from "../../core/index.ts";
import type { Masks, Network, TensorName } from "../../model/index.ts";
import type { MemoryPlan, StepSettings, Teacher } from "../program.ts";
import { ahead, type Place } from "./blocks.ts";
import { controlOf, putImages, readMap, runSafely } from "./images.ts";
import { CONTROL } from "./instructions.ts";
import { link, type Linked } from "./link.ts";
import { lowerTraining, type LoweredTraining } from "./lower-training.ts";
import type { Machine, MachineMemory } from "./machine.ts";

export interface TrainingMemoryPlan {
  readonly lowered: LoweredTraining;
  readonly linked: Linked;
  readonly memory: MemoryPlan;
}

/** Plans training by up to `batch` images; with `holds`, there is a place for what is held at zero. */
export function planTrainingMemory(
  network: Network,
  batch: number,
  threads: number,
  holds = false,
): TrainingMemoryPlan {
  const lowered = lowerTraining(network, batch, threads, holds);
  const linked = link(lowered.blocks, [lowered.listing], threads);
  const { total, trained } = lowered.order;
  // Weights and statistics; gradients, velocities, and the shadow of weights and velocities.
  const parameterBytes = (total + 4 * trained) * 4;
  const memory = {
    parameterBytes,
    peakActivationBytes: linked.bytes - parameterBytes,
    instructions: lowered.listing.instructions.length,
  };
  return { lowered, linked, memory };
}

const NONE: Masks = new Map();

export interface StepAnswer {
  /** `[n, classes]` */
  readonly logits: Float32Array;
  /** Whether every weight and running statistic is still a number. */
  readonly isFinite: boolean;
}

export class TrainingMemory {
  readonly #lowered: LoweredTraining;
  readonly #linked: Linked;
  readonly #memory: MachineMemory;

  /** @param frozen — what is held at zero, when the plan has a place for it; borrowed */
  constructor({ lowered, linked }: TrainingMemoryPlan, machine: Machine, frozen: Masks = NONE) {
    this.#lowered = lowered;
    this.#linked = linked;
    this.#memory = machine.open(linked.bytes);
    linked.install(this.#memory.buffer);
    this.#hold(frozen);
  }

  /**
   * One step. When a thread is lost on the way, everything is as before and the step is made again.
   * @param images — borrowed, as `labels` and the teacher's logits
   * @throws runtime/thread-lost when it is lost again; everything is as before then
   */
  async step(
    images: Float32Array,
    labels: Int32Array,
    settings: StepSettings,
    teacher?: Teacher,
  ): Promise<StepAnswer> {
    const lowered = this.#lowered;
    putImages(this.#memory, this.#addressOf(lowered.images), images, labels.length);
    new Int32Array(this.#memory.buffer, this.#addressOf(lowered.labels), labels.length).set(labels);
    this.#set(settings);
    this.#listenTo(teacher);
    const statistics = this.#statistics().slice();
    await runSafely(this.#memory, known(this.#linked.programs[0], "program"), () => {
      this.#takeBack(statistics);
    });
    const { logits } = lowered;
    return {
      logits: readMap(this.#memory, this.#addressOf(logits.place), logits, labels.length),
      isFinite: controlOf(this.#memory).whole[CONTROL.notFinite] === 0,
    };
  }

  /** A weight's or running statistic's numbers; borrowed until the next step. */
  weight(name: TensorName): Float32Array {
    const { start, size } = known(this.#lowered.order.places.get(name), name);
    return this.#floats(ahead(this.#lowered.weights, start), size);
  }

  /** A trained weight's velocity; borrowed until the next step. Nothing for what is not trained. */
  velocity(name: TensorName): Float32Array | undefined {
    const { start, size, isTrained } = known(this.#lowered.order.places.get(name), name);
    return isTrained ? this.#floats(ahead(this.#lowered.velocities, start), size) : undefined;
  }

  dispose(): void {
    this.#memory.dispose();
  }

  #hold(frozen: Masks): void {
    const { alive, order } = this.#lowered;
    if (alive === undefined) return;
    const address = this.#addressOf(alive);
    const marks = new Uint8Array(this.#memory.buffer, address, order.trained).fill(1);
    for (const [name, mask] of frozen) {
      const { start, isTrained } = known(order.places.get(name), name);
      if (isTrained) marks.set(mask, start);
    }
  }

  /** The numbers of this step, and nothing broken off or found. */
  #set({ learningRate, momentum, weightDecay, sparsity, sparsityForm }: StepSettings): void {
    const { whole, floats } = controlOf(this.#memory);
    whole[CONTROL.stage] = 0;
    whole[CONTROL.notFinite] = 0;
    floats[CONTROL.learningRate] = learningRate;
    floats[CONTROL.momentum] = momentum;
    floats[CONTROL.weightDecay] = weightDecay;
    floats[CONTROL.sparsity] = sparsity;
    whole[CONTROL.proximal] = sparsityForm === "proximal" ? 1 : 0;
  }

  #listenTo(teacher: Teacher | undefined): void {
    const { floats } = controlOf(this.#memory);
    floats[CONTROL.teacherWeight] = teacher?.weight ?? 0;
    floats[CONTROL.teacherTemperature] = teacher?.temperature ?? 1;
    if (teacher === undefined) return;
    this.#floats(this.#lowered.teacher, teacher.logits.length).set(teacher.logits);
  }

  /** Undoes what a step that broke off has changed. */
  #takeBack(statistics: Float32Array): void {
    this.#statistics().set(statistics);
    const { whole } = controlOf(this.#memory);
    if (whole[CONTROL.stage] !== 0) {
      const { weights, velocities, shadow, order } = this.#lowered;
      this.#floats(weights, order.trained).set(this.#floats(shadow, order.trained));
      const kept = this.#floats(ahead(shadow, order.trained), order.trained);
      this.#floats(velocities, order.trained).set(kept);
    }
    whole[CONTROL.stage] = 0;
    whole[CONTROL.notFinite] = 0;
  }

  #statistics(): Float32Array {
    const { weights, order } = this.#lowered;
    return this.#floats(ahead(weights, order.trained), order.statistics);
  }

  #addressOf(place: Place): number {
    return this.#linked.addressOf(place);
  }

  #floats(place: Place, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#addressOf(place), count);
  }
}
