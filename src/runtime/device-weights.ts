/**
 * @file A program's parameters on the device: weights with running statistics, and momentum buffers.
 * This owns every tensor it holds; what it lends is borrowed until the next change.
 */
import * as tf from "@tensorflow/tfjs-core";
import { known } from "../core/index.ts";
import {
  factsOf,
  maskTensors,
  tensorName,
  type Masks,
  type Network,
  type NodeName,
  type Tensor,
  type TensorName,
} from "../model/index.ts";
import type { Slots } from "./ops/runtime-op.ts";
import type { Parameters, StepSettings } from "./program.ts";
import { updateParameter } from "./sgd.ts";

export class DeviceWeights {
  readonly #network: Network;
  readonly #weights = new Map<TensorName, tf.Tensor>();
  readonly #velocity = new Map<TensorName, tf.Tensor>();
  readonly #frozen: Masks;
  /** The same on the device, 0 and 1, from the first step on. */
  readonly #alive = new Map<TensorName, tf.Tensor>();

  /** @param frozen — what is held at zero */
  constructor(network: Network, frozen: Masks = new Map()) {
    this.#network = network;
    this.#frozen = frozen;
    for (const [name, tensor] of maskTensors(network.weights, frozen)) {
      this.#weights.set(name, upload(tensor));
    }
  }

  /** A node's weights by slot; borrowed. */
  slots(node: NodeName): Slots {
    const { weights } = known(factsOf(this.#network).get(node), node);
    return Object.fromEntries(
      Object.keys(weights).map((slot) => [
        slot,
        known(this.#weights.get(tensorName(node, slot)), tensorName(node, slot)),
      ]),
    );
  }

  /** Steps along the gradients, and takes them. */
  update(gradients: ReadonlyMap<TensorName, tf.Tensor>, settings: StepSettings): void {
    for (const [name, gradient] of gradients) {
      // One tidy a parameter: a single one around all would hold every intermediate at once.
      const { weight, velocity } = tf.tidy(() =>
        updateParameter(
          known(this.#weights.get(name), name),
          this.#masked(name, gradient),
          this.#velocity.get(name),
          settings,
          name.endsWith("/gamma"),
        ),
      );
      replace(this.#weights, name, weight);
      replace(this.#velocity, name, velocity);
      gradient.dispose();
    }
  }

  /** Takes new values for some weights. */
  set(tensors: ReadonlyMap<TensorName, tf.Tensor>): void {
    for (const [name, tensor] of tensors) replace(this.#weights, name, tensor);
  }

  /**
   * One `[1]` a weight and running statistic, finite only when all of its values are; the caller's.
   * They are not added up here: webgpu's AddN of eight tensors fails without a word, and its whole
   * batch of commands with it.
   */
  sums(): tf.Tensor1D[] {
    return [...this.#weights.values()].map((weight) => tf.reshape(tf.sum(weight), [1]));
  }

  /** Reads the named weights, or all. */
  read(names?: readonly TensorName[]): Promise<ReadonlyMap<TensorName, Tensor>> {
    return download(this.#weights, names ?? [...this.#weights.keys()]);
  }

  async readAll(): Promise<Parameters> {
    const velocity = await download(this.#velocity, [...this.#velocity.keys()]);
    return { weights: await this.read(), velocity };
  }

  /** Puts everything back; a buffer that is not given starts at zero. */
  writeAll({ weights, velocity }: Parameters): void {
    for (const [name, tensor] of maskTensors(weights, this.#frozen)) {
      replace(this.#weights, name, upload(tensor));
    }
    tf.dispose([...this.#velocity.values()]);
    this.#velocity.clear();
    for (const [name, tensor] of maskTensors(velocity, this.#frozen)) {
      this.#velocity.set(name, upload(tensor));
    }
  }

  dispose(): void {
    const all = [this.#weights, this.#velocity, this.#alive];
    tf.dispose(all.flatMap((tensors) => [...tensors.values()]));
    for (const tensors of all) tensors.clear();
  }

  /** A gradient that moves nothing that is held; runs inside a tidy of the caller. */
  #masked(name: TensorName, gradient: tf.Tensor): tf.Tensor {
    const mask = this.#frozen.get(name);
    if (mask === undefined) return gradient;
    let alive = this.#alive.get(name);
    if (alive === undefined) {
      alive = tf.keep(tf.tensor(Float32Array.from(mask), gradient.shape));
      this.#alive.set(name, alive);
    }
    return tf.mul(gradient, alive);
  }
}

function replace(store: Map<TensorName, tf.Tensor>, name: TensorName, tensor: tf.Tensor): void {
  store.get(name)?.dispose();
  store.set(name, tensor);
}

function upload({ shape, values }: Tensor): tf.Tensor {
  return tf.tensor(values.slice(), [...shape]);
}

async function download(
  store: ReadonlyMap<TensorName, tf.Tensor>,
  names: readonly TensorName[],
): Promise<ReadonlyMap<TensorName, Tensor>> {
  const read = await Promise.all(
    names.map(async (name): Promise<[TensorName, Tensor]> => {
      const tensor = known(store.get(name), name);
      const values = Float32Array.from((await tensor.data()) as Float32Array);
      return [name, { shape: [...tensor.shape], values }];
    }),
  );
  return new Map(read);
}
