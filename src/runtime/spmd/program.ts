/**
 * @file A program that runs on the wasm kernels. Inference and training are two memories, each opened
 * when it is first asked for; before the first step the weights are what the caller gave, from then on
 * what is in the memory of training. Looking into the network (watched nodes, gradients) takes memories
 * of its own, which hold copies as inference does.
 */
import { invariant, known, sizeOf } from "../../core/index.ts";
import {
  endsOf,
  maskTensors,
  weightSpecs,
  type Masks,
  type Network,
  type NodeName,
  type Tensor,
  type TensorName,
} from "../../model/index.ts";
import { lossOf } from "../loss.ts";
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
} from "../program.ts";
import { GradientMemory, planGradientMemory } from "./gradient-memory.ts";
import { InferenceMemory, planInferenceMemory, type InferencePlan } from "./inference-memory.ts";
import type { Machine } from "./machine.ts";
import { assertRoom } from "./room.ts";
import { planTrainingMemory, TrainingMemory, type TrainingMemoryPlan } from "./training-memory.ts";
import { Turns } from "./turns.ts";

/** A memory that holds copies of the weights, and which weights those are. */
interface Copying<M> {
  readonly memory: M;
  version: number;
}

export class SpmdProgram implements Program {
  readonly network: Network;
  readonly batch: number;
  readonly note = "";
  readonly #machine: Machine;
  readonly #frozen: Masks;
  readonly #inferencePlan: InferencePlan;
  #trainingPlan: TrainingMemoryPlan | undefined;
  #inference: Copying<InferenceMemory> | undefined;
  /** With the nodes that it watches, last asked for. */
  #watching: (Copying<InferenceMemory> & { readonly key: string }) | undefined;
  #looking: Copying<GradientMemory> | undefined;
  #training: TrainingMemory | undefined;
  /** What is true as long as there is no memory of training. Its arrays are never written to. */
  #given: Parameters;
  /** Names that have a velocity: those given, and from the first step on all that are trained. */
  #moving: ReadonlySet<TensorName> = new Set();
  /** Counts the changes of the weights, so that copies know whether they are the newest. */
  #version = 0;
  #isDisposed = false;
  readonly #turns = new Turns();

  /** @throws runtime/out-of-memory before anything is allocated */
  constructor(
    network: Network,
    machine: Machine,
    batch: number,
    { frozen = new Map() }: CompileOptions = {},
  ) {
    this.network = network;
    this.batch = batch;
    this.#machine = machine;
    this.#frozen = frozen;
    this.#given = { weights: maskTensors(network.weights, frozen), velocity: new Map() };
    const plan = (images: number): InferencePlan =>
      planInferenceMemory(network, images, machine.threads);
    this.#inferencePlan = plan(batch);
    const { bytes } = this.#inferencePlan.linked;
    assertRoom(network, batch, bytes, (images) => plan(images).linked.bytes);
  }

  get memory(): MemoryPlan {
    return this.#planTraining().memory;
  }

  async forward(images: Float32Array, meanwhile?: () => void): Promise<Float32Array> {
    const count = this.#count(images);
    const fed = this.#turns.isBusy ? images.slice() : images;
    const aside = beside(meanwhile);
    const outputs = await this.#turns.run(async () => {
      this.#inference ??= copying(new InferenceMemory(this.#inferencePlan, this.#machine));
      await this.#refresh(this.#inference);
      return this.#inference.memory.forward(fed, count, aside.once);
    });
    aside.finish();
    return outputs;
  }

  async observe(
    images: Float32Array,
    nodes: readonly NodeName[],
  ): Promise<ReadonlyMap<NodeName, Float32Array>> {
    const count = this.#count(images);
    const fed = this.#turns.isBusy ? images.slice() : images;
    const watched = [...new Set(nodes)];
    return this.#turns.run(async () => {
      const watching = this.#watch(watched);
      await this.#refresh(watching);
      await watching.memory.forward(fed, count);
      return watching.memory.watched(count);
    });
  }

  async gradients(images: Float32Array, labels: Int32Array): Promise<GradientResult> {
    const count = this.#count(images);
    invariant(labels.length === count, `${labels.length} labels for ${count} images`);
    const fed = this.#turns.isBusy ? images.slice() : images;
    const told = this.#turns.isBusy ? labels.slice() : labels;
    return this.#turns.run(async () => {
      const looking = this.#look();
      await this.#refresh(looking);
      const { logits, gradients } = await looking.memory.run(fed, told);
      return { ...lossOf(logits, told), gradients };
    });
  }

  async step(
    images: Float32Array,
    labels: Int32Array,
    settings: StepSettings,
    teacher?: Teacher,
  ): Promise<StepResult> {
    const count = this.#count(images);
    invariant(labels.length === count, `${labels.length} labels for ${count} images`);
    const fed = this.#turns.isBusy ? images.slice() : images;
    const told = this.#turns.isBusy ? labels.slice() : labels;
    const taught =
      teacher && this.#turns.isBusy ? { ...teacher, logits: teacher.logits.slice() } : teacher;
    if (teacher) assertTeacher(teacher, this.network, count);
    return this.#turns.run(async () => {
      const training = this.#startTraining();
      const { logits, isFinite } = await training.step(fed, told, settings, taught);
      this.#version += 1;
      this.#moving = new Set(this.#trainedNames());
      return { ...lossOf(logits, told, taught), finite: isFinite };
    });
  }

  async read(names?: readonly TensorName[]): Promise<ReadonlyMap<TensorName, Tensor>> {
    const wanted = names ?? [...this.network.weights.keys()];
    return this.#turns.run(async () => this.#copies(wanted, (name) => this.#weight(name)));
  }

  async readParameters(): Promise<Parameters> {
    return this.#turns.run(async () => ({
      weights: this.#copies([...this.network.weights.keys()], (name) => this.#weight(name)),
      velocity: this.#copies([...this.#moving], (name) => this.#velocity(name)),
    }));
  }

  writeParameters(parameters: Parameters): void {
    invariant(!this.#isDisposed, "a program that was given back");
    const specs = weightSpecs(this.network);
    for (const [name, { values }] of [...parameters.weights, ...parameters.velocity]) {
      const { shape } = known(specs.get(name), name);
      invariant(values.length === sizeOf(shape), `${values.length} values for ${name}`);
    }
    if (this.#turns.isBusy) {
      const copy = copied(parameters);
      void this.#turns.run(async () => this.#write(copy));
    } else this.#write(parameters);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const release = async (): Promise<void> => {
      for (const open of [this.#inference, this.#watching, this.#looking]) open?.memory.dispose();
      this.#training?.dispose();
    };
    // Behind the calls that are still going on, which read their answers out of it.
    void this.#turns.run(release);
  }

  /** @param given — borrowed */
  #write(given: Parameters): void {
    const parameters = {
      weights: maskTensors(given.weights, this.#frozen),
      velocity: maskTensors(given.velocity, this.#frozen),
    };
    const { weights, velocity } = parameters;
    this.#version += 1;
    const trained = new Set(this.#trainedNames());
    this.#moving = new Set([...velocity.keys()].filter((name) => trained.has(name)));
    if (this.#training !== undefined) {
      this.#fill(this.#training, weights, velocity);
      return;
    }
    const copy = copied(parameters);
    this.#given = {
      weights: new Map([...this.#given.weights, ...copy.weights]),
      velocity: copy.velocity,
    };
  }

  /** Hands the newest weights to a memory that has older ones. */
  async #refresh(open: Copying<InferenceMemory | GradientMemory>): Promise<void> {
    if (open.version === this.#version) return;
    await open.memory.load((name) => this.#weight(name));
    open.version = this.#version;
  }

  /** The memory that watches those nodes; one is kept, since the same are asked for batch after batch. */
  #watch(nodes: readonly NodeName[]): Copying<InferenceMemory> {
    const key = nodes.join("\n");
    if (this.#watching?.key === key) return this.#watching;
    const { network, batch } = this;
    const plan = (images: number): InferencePlan =>
      planInferenceMemory(network, images, this.#machine.threads, nodes);
    const planned = plan(batch);
    assertRoom(network, batch, planned.linked.bytes, (images) => plan(images).linked.bytes);
    this.#watching?.memory.dispose();
    this.#watching = { ...copying(new InferenceMemory(planned, this.#machine)), key };
    return this.#watching;
  }

  #look(): Copying<GradientMemory> {
    if (this.#looking !== undefined) return this.#looking;
    const { network, batch } = this;
    const plan = (images: number) => planGradientMemory(network, images, this.#machine.threads);
    const planned = plan(batch);
    assertRoom(network, batch, planned.linked.bytes, (images) => plan(images).linked.bytes);
    this.#looking = copying(new GradientMemory(planned, this.#machine));
    return this.#looking;
  }

  /** The memory of training; opened with what was true until now. */
  #startTraining(): TrainingMemory {
    if (this.#training !== undefined) return this.#training;
    const { network, batch } = this;
    const { linked } = this.#planTraining();
    assertRoom(network, batch, linked.bytes, (images) => {
      return this.#plan(images).linked.bytes;
    });
    this.#training = new TrainingMemory(this.#planTraining(), this.#machine, this.#frozen);
    this.#fill(this.#training, this.#given.weights, this.#given.velocity);
    this.#given = { weights: new Map(), velocity: new Map() };
    return this.#training;
  }

  /** Weights that are not given stay; velocities that are not given start at zero. */
  #fill(
    training: TrainingMemory,
    weights: ReadonlyMap<TensorName, Tensor>,
    velocity: ReadonlyMap<TensorName, Tensor>,
  ): void {
    for (const [name, { values }] of weights) training.weight(name).set(values);
    for (const name of this.#trainedNames()) {
      const buffer = known(training.velocity(name), name);
      const given = velocity.get(name);
      if (given === undefined) buffer.fill(0);
      else buffer.set(given.values);
    }
  }

  #planTraining(): TrainingMemoryPlan {
    this.#trainingPlan ??= this.#plan(this.batch);
    return this.#trainingPlan;
  }

  #plan(batch: number): TrainingMemoryPlan {
    const holds = this.#frozen.size > 0;
    return planTrainingMemory(this.network, batch, this.#machine.threads, holds);
  }

  #trainedNames(): readonly TensorName[] {
    const { places } = this.#inferencePlan.lowered.order;
    return [...places].filter(([, { isTrained }]) => isTrained).map(([name]) => name);
  }

  #weight(name: TensorName): Float32Array {
    return this.#training?.weight(name) ?? known(this.#given.weights.get(name), name).values;
  }

  #velocity(name: TensorName): Float32Array {
    const values = this.#training?.velocity(name) ?? this.#given.velocity.get(name)?.values;
    return known(values, `velocity of ${name}`);
  }

  #copies(
    names: readonly TensorName[],
    valuesOf: (name: TensorName) => Float32Array,
  ): ReadonlyMap<TensorName, Tensor> {
    const specs = weightSpecs(this.network);
    return new Map(
      names.map((name) => {
        const { shape } = known(specs.get(name), name);
        return [name, { shape: [...shape], values: Float32Array.from(valuesOf(name)) }];
      }),
    );
  }

  #count(images: Float32Array): number {
    invariant(!this.#isDisposed, "a program that was given back");
    const n = images.length / sizeOf(endsOf(this.network).input);
    invariant(
      Number.isInteger(n) && n >= 1 && n <= this.batch,
      `${images.length} values are no batch of 1 to ${this.batch}`,
    );
    return n;
  }
}

/** Work that is done once beside a run that goes well, at the latest behind it; its failure is not the run's. */
function beside(work: (() => void) | undefined) {
  let isDone = false;
  let failure: { readonly reason: unknown } | undefined;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    try {
      work?.();
    } catch (reason) {
      failure = { reason };
    }
  };
  return {
    once,
    finish: (): void => {
      once();
      if (failure !== undefined) throw failure.reason;
    },
  };
}

/** Without any weights yet. */
function copying<M>(memory: M): Copying<M> {
  return { memory, version: -1 };
}

function copied({ weights, velocity }: Parameters): Parameters {
  const copy = (tensors: ReadonlyMap<TensorName, Tensor>): ReadonlyMap<TensorName, Tensor> =>
    new Map(
      [...tensors].map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]),
    );
  return { weights: copy(weights), velocity: copy(velocity) };
}
