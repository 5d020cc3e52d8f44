/**
 * @file Compiles a network for a backend: for our own kernels where the backend has a machine that runs
 * them, else for TensorFlow.js' kernels. There, weights and momentum buffers stay on the device, plans
 * are made once; a step is the same few dozen kernel launches every time.
 */
import * as tf from "@tensorflow/tfjs-core";
import { AppError, invariant, known, sizeOf } from "../core/index.ts";
import {
  endsOf,
  type Network,
  type NodeName,
  type Tensor,
  type TensorName,
} from "../model/index.ts";
import type { Backend } from "./backend.ts";
import { DeviceWeights } from "./device-weights.ts";
import { runInference } from "./inference-pass.ts";
import { inferenceBytes, planInference, type FusedInstruction } from "./inference-plan.ts";
import { InferenceWeights } from "./inference-weights.ts";
import { lossOf } from "./loss.ts";
import { planTraining } from "./plan.ts";
import {
  assertTeacher,
  type CompileOptions,
  type GradientResult,
  type MemoryPlan,
  type Parameters,
  type Program,
  type StepResult,
  type StepSettings,
  type Teacher,
} from "./program.ts";
import { SpmdProgram } from "./spmd/program.ts";
import { whyNotLowered } from "./spmd/supported.ts";
import { runTraining } from "./training-pass.ts";

/** Above this the wasm heap is in danger: its allocator answers 0 and the heap is overwritten. */
const MOST_BYTES = 1.5e9;

/**
 * Makes a network ready to run. The first step asks for the memory of training as well.
 * @param batch — most images a call may bring
 * @throws runtime/out-of-memory before anything is allocated
 */
export function compile(
  network: Network,
  backend: Backend,
  batch: number,
  options: CompileOptions = {},
): Program {
  const { machine } = backend;
  if (machine === null) return new TfjsProgram(network, backend, batch, options);
  const reason = whyNotLowered(network);
  if (reason === undefined) return new SpmdProgram(network, machine, batch, options);
  return new TfjsProgram(network, backend, batch, {
    ...options,
    note: `not on our own kernels: ${reason}`,
  });
}

interface TfjsOptions extends CompileOptions {
  readonly note?: string;
}

class TfjsProgram implements Program {
  readonly network: Network;
  readonly batch: number;
  readonly note: string;
  readonly #backend: Backend;
  readonly #training;
  readonly #inference;
  readonly #weights: DeviceWeights;
  readonly #folded = new InferenceWeights();

  constructor(
    network: Network,
    backend: Backend,
    batch: number,
    { frozen, note = "" }: TfjsOptions,
  ) {
    this.network = network;
    this.batch = batch;
    this.note = note;
    this.#backend = backend;
    this.#training = planTraining(network, batch);
    this.#inference = planInference(network);
    this.#assertCurrent();
    this.#assertRoom(inferenceBytes(network, this.#inference, batch));
    this.#weights = new DeviceWeights(network, frozen);
  }

  get memory(): MemoryPlan {
    return this.#training.memory;
  }

  async forward(images: Float32Array, meanwhile?: () => void): Promise<Float32Array> {
    this.#assertCurrent();
    const running = this.#infer(this.#inference, images, [this.network.output]);
    try {
      meanwhile?.();
    } finally {
      await running;
    }
    return known((await running)[0], "output");
  }

  async observe(
    images: Float32Array,
    nodes: readonly NodeName[],
  ): Promise<ReadonlyMap<NodeName, Float32Array>> {
    this.#assertCurrent();
    const wanted = [...new Set(nodes)];
    const plan = planInference(this.network, wanted);
    this.#assertRoom(inferenceBytes(this.network, plan, this.batch));
    const values = await this.#infer(plan, images, wanted);
    return new Map(wanted.map((name, at) => [name, known(values[at], name)]));
  }

  async gradients(images: Float32Array, labels: Int32Array): Promise<GradientResult> {
    this.#assertCurrent();
    this.#assertRoom(this.memory.parameterBytes + this.memory.peakActivationBytes);
    const task = { labels, mode: "frozen" } as const;
    const pass = runTraining(this.#training, this.#weights, this.#feed(images), task);
    const gradients = new Map<TensorName, Tensor>();
    const logits = await this.#read(pass.logits);
    for (const [name, gradient] of pass.gradients) {
      const values = Float32Array.from(await this.#read(gradient));
      gradients.set(name, { shape: [...gradient.shape], values });
    }
    tf.dispose([pass.logits, ...pass.gradients.values()]);
    return { ...lossOf(logits, labels), gradients };
  }

  async step(
    images: Float32Array,
    labels: Int32Array,
    settings: StepSettings,
    teacher?: Teacher,
  ): Promise<StepResult> {
    this.#assertCurrent();
    if (teacher) assertTeacher(teacher, this.network, labels.length);
    this.#assertRoom(this.memory.parameterBytes + this.memory.peakActivationBytes);
    const task = { labels, teacher, mode: "training" } as const;
    const pass = runTraining(this.#training, this.#weights, this.#feed(images), task);
    const { logits, gradients, statistics } = pass;
    this.#folded.clear();
    this.#weights.update(gradients, settings);
    this.#weights.set(statistics);
    // One readback a step: the logits, and behind them the sums that tell whether all is well.
    const report = tf.tidy(() => tf.concat1d([tf.reshape(logits, [-1]), ...this.#weights.sums()]));
    const values = await this.#read(report);
    tf.dispose([logits, report]);
    const { loss, correct } = lossOf(values.subarray(0, logits.size), labels, teacher);
    return { loss, correct, finite: values.subarray(logits.size).every(Number.isFinite) };
  }

  read(names?: readonly TensorName[]): Promise<ReadonlyMap<TensorName, Tensor>> {
    return this.#weights.read(names);
  }

  readParameters(): Promise<Parameters> {
    return this.#weights.readAll();
  }

  writeParameters(parameters: Parameters): void {
    this.#assertCurrent();
    this.#folded.clear();
    this.#weights.writeAll(parameters);
  }

  dispose(): void {
    this.#folded.clear();
    this.#weights.dispose();
  }

  /** @throws runtime/device-lost */
  #assertCurrent(): void {
    if (this.#backend.isLost()) throw lostDevice(this.#backend);
    invariant(
      tf.getBackend() === this.#backend.kind,
      `backend ${this.#backend.kind} is not current`,
    );
  }

  /** Runs a plan and reads the nodes that are wanted of it. */
  async #infer(
    plan: readonly FusedInstruction[],
    images: Float32Array,
    wanted: readonly NodeName[],
  ): Promise<readonly Float32Array[]> {
    const setting = { plan, weights: this.#weights, folded: this.#folded };
    const results = runInference(setting, this.#feed(images), wanted);
    const values: Float32Array[] = [];
    for (const result of results) values.push(await this.#read(result));
    tf.dispose([...results]);
    return values;
  }

  /** Reads back; a step or an answer counts only after this. */
  async #read(tensor: tf.Tensor): Promise<Float32Array> {
    try {
      return (await tensor.data()) as Float32Array;
    } catch (cause) {
      throw (await this.#backend.wasLost()) ? lostDevice(this.#backend) : cause;
    }
  }

  #assertRoom(bytes: number): void {
    if (bytes <= MOST_BYTES) return;
    throw new AppError("runtime/out-of-memory", {
      where: `${this.network.name} with batch ${this.batch}`,
      expected: `at most ${(MOST_BYTES / 1e9).toFixed(1)} GB`,
      found: `${(bytes / 1e9).toFixed(1)} GB`,
    });
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
}

function lostDevice({ kind }: Backend): AppError {
  return new AppError("runtime/device-lost", { where: kind });
}
