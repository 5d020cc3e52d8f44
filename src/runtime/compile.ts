/**
 * @file Compiles a network for a backend: walks the plan's instructions, one after the other, forward
 * and backward, with no gradient tape. Weights and momentum buffers stay on the device; a step is the
 * same few dozen kernel launches every time.
 */
import * as tf from "@tensorflow/tfjs-core";
import { AppError, channelsOf, invariant, known, sizeOf } from "../core/index.ts";
import {
  endsOf,
  factsOf,
  tensorName,
  type Network,
  type NodeName,
  type Tensor,
  type TensorName,
} from "../model/index.ts";
import type { Backend } from "./backend.ts";
import { InferenceWeights } from "./inference-weights.ts";
import { lossOf } from "./loss.ts";
import { runtimeOf } from "./ops/index.ts";
import { fusedConvolution } from "./ops/conv2d.ts";
import type { Slots } from "./ops/runtime-op.ts";
import { planInference, planTraining, type Instruction } from "./plan.ts";
import type { Parameters, Program, StepResult, StepSettings } from "./program.ts";
import { updateParameter } from "./sgd.ts";

/** Above this the wasm heap is in danger: its allocator answers 0 and the heap is overwritten. */
const MOST_BYTES = 1.5e9;

/**
 * Makes a network ready to run.
 * @param batch — most images a call may bring
 * @throws runtime/out-of-memory before anything is allocated
 */
export function compile(network: Network, backend: Backend, batch: number): Program {
  const plan = planTraining(network, batch);
  const bytes = plan.memory.parameterBytes + plan.memory.peakActivationBytes;
  if (bytes > MOST_BYTES) {
    throw new AppError("runtime/out-of-memory", {
      where: `${network.name} with batch ${batch}`,
      expected: `at most ${(MOST_BYTES / 1e9).toFixed(1)} GB`,
      found: `${(bytes / 1e9).toFixed(1)} GB`,
    });
  }
  return new TfjsProgram(network, backend, batch);
}

class TfjsProgram implements Program {
  readonly network: Network;
  readonly batch: number;
  readonly #plan;
  readonly #inference;
  readonly #backend: Backend;
  readonly #weights = new Map<TensorName, tf.Tensor>();
  readonly #velocity = new Map<TensorName, tf.Tensor>();
  readonly #folded = new InferenceWeights();

  constructor(network: Network, backend: Backend, batch: number) {
    this.network = network;
    this.batch = batch;
    this.#backend = backend;
    this.#plan = planTraining(network, batch);
    this.#inference = planInference(network);
    this.#assertCurrent();
    for (const [name, tensor] of network.weights) this.#weights.set(name, upload(tensor));
  }

  get memory() {
    return this.#plan.memory;
  }

  async forward(images: Float32Array): Promise<Float32Array> {
    this.#assertCurrent();
    const output = this.#runInference(this.#feed(images));
    const values = await output.data();
    output.dispose();
    return values as Float32Array;
  }

  async step(
    images: Float32Array,
    labels: Int32Array,
    settings: StepSettings,
  ): Promise<StepResult> {
    this.#assertCurrent();
    const { logits, gradients, statistics } = this.#forwardBackward(this.#feed(images), labels);
    this.#folded.clear();
    tf.tidy(() => this.#update(gradients, settings));
    for (const [name, tensor] of statistics) this.#replace(this.#weights, name, tensor);
    for (const gradient of gradients.values()) gradient.dispose();
    const values = await logits.data();
    logits.dispose();
    const { loss, correct } = lossOf(values as Float32Array, labels);
    return { loss, correct };
  }

  async read(names?: readonly TensorName[]): Promise<ReadonlyMap<TensorName, Tensor>> {
    return download(this.#weights, names ?? [...this.#weights.keys()]);
  }

  async readParameters(): Promise<Parameters> {
    return {
      weights: await this.read(),
      velocity: await download(this.#velocity, [...this.#velocity.keys()]),
    };
  }

  writeParameters({ weights, velocity }: Parameters): void {
    this.#assertCurrent();
    this.#folded.clear();
    for (const [name, tensor] of weights) this.#replace(this.#weights, name, upload(tensor));
    for (const tensor of this.#velocity.values()) tensor.dispose();
    this.#velocity.clear();
    for (const [name, tensor] of velocity) this.#velocity.set(name, upload(tensor));
  }

  dispose(): void {
    this.#folded.clear();
    for (const tensor of [...this.#weights.values(), ...this.#velocity.values()]) tensor.dispose();
    this.#weights.clear();
    this.#velocity.clear();
  }

  #assertCurrent(): void {
    invariant(
      tf.getBackend() === this.#backend.kind,
      `backend ${this.#backend.kind} is not current`,
    );
  }

  #feed(images: Float32Array): tf.Tensor {
    const shape = endsOf(this.network).input;
    const n = images.length / sizeOf(shape);
    invariant(
      Number.isInteger(n) && n >= 1 && n <= this.batch,
      `${images.length} values are no batch of 1 to ${this.batch}`,
    );
    // Kernels keep what they are given; the caller's array may be reused.
    return tf.tensor(images.slice(), [n, ...shape]);
  }

  #slots(node: NodeName): Slots {
    const { weights } = known(factsOf(this.network).get(node), node);
    return Object.fromEntries(
      Object.keys(weights).map((slot) => [
        slot,
        known(this.#weights.get(tensorName(node, slot)), tensorName(node, slot)),
      ]),
    );
  }

  #runInference(fed: tf.Tensor): tf.Tensor {
    const values = new Map<NodeName, tf.Tensor>();
    for (const { node, bn, activation, result, free } of this.#inference) {
      const inputs = node.inputs.map((name) => known(values.get(name), name));
      if (node.op.kind === "input") values.set(result, fed);
      else if (node.op.kind === "conv2d") {
        const folded = this.#folded.of(node, this.#slots(node.name), bn, () =>
          bn === undefined ? {} : this.#slots(bn.name),
        );
        const x = inputs[0] as tf.Tensor4D;
        const y = fusedConvolution(node.op, x, folded.kernel, folded.bias, activation);
        values.set(result, y);
      } else {
        const slots = this.#slots(node.name);
        values.set(result, runtimeOf(node.op).forward(node.op, inputs, slots, false).output);
      }
      for (const name of free) {
        values.get(name)?.dispose();
        values.delete(name);
      }
    }
    return known(values.get(this.network.output), this.network.output);
  }

  #forwardBackward(fed: tf.Tensor, labels: Int32Array) {
    const values = new Map<NodeName, tf.Tensor>();
    const saved = new Map<NodeName, readonly tf.Tensor[]>();
    const statistics = new Map<TensorName, tf.Tensor>();
    const shapes = new Map<NodeName, number[]>();
    const release = ({ freeActivations }: Instruction): void => {
      for (const name of freeActivations) {
        values.get(name)?.dispose();
        values.delete(name);
      }
    };
    for (const instruction of this.#plan.forward) {
      const { node } = instruction;
      if (node.op.kind === "input") {
        values.set(node.name, fed);
        shapes.set(node.name, fed.shape);
        continue;
      }
      const inputs = node.inputs.map((name) => known(values.get(name), name));
      const made = runtimeOf(node.op).forward(node.op, inputs, this.#slots(node.name), true);
      values.set(node.name, made.output);
      shapes.set(node.name, made.output.shape);
      if (made.saved !== undefined) saved.set(node.name, made.saved);
      for (const [slot, tensor] of Object.entries(made.statistics ?? {})) {
        statistics.set(tensorName(node.name, slot), tensor);
      }
      release(instruction);
    }
    const logits = known(values.get(this.#plan.logits), "logits");
    const incoming = new Map<NodeName, tf.Tensor>([
      [this.#plan.logits, logitsGradient(logits as tf.Tensor2D, labels)],
    ]);
    const gradients = new Map<TensorName, tf.Tensor>();
    for (const instruction of this.#plan.backward) {
      const { node } = instruction;
      const dy = incoming.get(node.name);
      invariant(dy, `no gradient reached ${node.name}`);
      incoming.delete(node.name);
      const needs = runtimeOf(node.op).needs;
      const result = runtimeOf(node.op).backward(node.op, {
        dy,
        inputs: needs.inputs ? node.inputs.map((name) => known(values.get(name), name)) : [],
        output: needs.output ? known(values.get(node.name), node.name) : undefined,
        saved: saved.get(node.name) ?? [],
        weights: this.#slots(node.name),
        inputShapes: node.inputs.map((name) => known(shapes.get(name), name)),
        wantsInput: node.inputs.some((name) => !this.#isInput(name)),
      });
      dy.dispose();
      saved.get(node.name)?.forEach((tensor) => tensor.dispose());
      for (const [slot, tensor] of Object.entries(result.weights)) {
        gradients.set(tensorName(node.name, slot), tensor);
      }
      result.inputs.forEach((gradient, at) => {
        const source = known(node.inputs[at], `input ${at} of ${node.name}`);
        if (gradient === undefined) return;
        if (this.#isInput(source)) gradient.dispose();
        else accumulate(incoming, source, gradient);
      });
      release(instruction);
    }
    for (const [name, tensor] of values) if (name !== this.#plan.logits) tensor.dispose();
    return { logits, gradients, statistics };
  }

  #isInput(name: NodeName): boolean {
    return name === this.network.nodes[0]?.name;
  }

  #update(gradients: ReadonlyMap<TensorName, tf.Tensor>, settings: StepSettings): void {
    for (const [name, gradient] of gradients) {
      const { weight, velocity } = updateParameter(
        known(this.#weights.get(name), name),
        gradient,
        this.#velocity.get(name),
        settings,
        name.endsWith("/gamma"),
      );
      this.#replace(this.#weights, name, tf.keep(weight));
      this.#replace(this.#velocity, name, tf.keep(velocity));
    }
  }

  #replace(store: Map<TensorName, tf.Tensor>, name: TensorName, tensor: tf.Tensor): void {
    store.get(name)?.dispose();
    store.set(name, tensor);
  }
}

function accumulate(
  incoming: Map<NodeName, tf.Tensor>,
  source: NodeName,
  gradient: tf.Tensor,
): void {
  const before = incoming.get(source);
  if (before === undefined) {
    incoming.set(source, gradient);
    return;
  }
  incoming.set(source, tf.add(before, gradient));
  before.dispose();
  gradient.dispose();
}

/** Gradient of the mean cross-entropy: (softmax(z) − onehot(label)) / n. */
function logitsGradient(logits: tf.Tensor2D, labels: Int32Array): tf.Tensor {
  return tf.tidy(() => {
    const [n, classes] = logits.shape;
    const truth = new Float32Array(n * classes);
    labels.forEach((label, row) => {
      truth[row * classes + label] = 1;
    });
    return tf.div(tf.sub(tf.softmax(logits), tf.tensor2d(truth, [n, classes])), n);
  });
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

/** Outputs of a network: its classes. */
export function outputsOf(network: Network): number {
  return channelsOf(endsOf(network).output);
}
