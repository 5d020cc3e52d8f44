/**
 * @file What `compile` yields: a network made ready to run on one backend at one batch size. A
 * program owns its buffers: `dispose` gives every one of them back.
 */
import { invariant, sizeOf } from "../core/index.ts";
import {
  endsOf,
  type Masks,
  type Network,
  type NodeName,
  type Tensor,
  type TensorName,
} from "../model/index.ts";

export type BackendKind = "wasm" | "webgpu" | "cpu";

/** What one SGD update is told; see `train/settings.ts`. */
export interface StepSettings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** L1 on BN scales; 0 leaves it out. */
  readonly sparsity: number;
  readonly sparsityForm: "subgradient" | "proximal";
}

/**
 * Knowledge distillation (Hinton et al. 2015, §2): the loss becomes
 * (1 − weight)·CE + weight·T²·KL(softmax(teacher/T) ‖ softmax(student/T)), sum over classes, mean over the
 * batch.
 */
export interface Teacher {
  /** The teacher's, for the very images of the step, `[n, classes]`. */
  readonly logits: Float32Array;
  /** T > 0; the larger, the more the small probabilities tell. */
  readonly temperature: number;
  /** Share of the soft term, in [0, 1]; 0 is plain training, bit for bit. */
  readonly weight: number;
}

/** What one step found, on the batch as it was before the update. */
export interface StepResult {
  /** Mean cross-entropy, nats, or the mixed loss with a teacher. May be NaN: judging that is the caller's. */
  readonly loss: number;
  readonly correct: number;
  /**
   * Whether every weight is still a finite number after the update. The loss alone does not tell:
   * wasm's pooling and ReLU swallow a NaN, and the network then answers, finitely, nothing.
   */
  readonly finite: boolean;
}

/** What the loss says of every weight, for one batch in inference mode. */
export interface GradientResult {
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  readonly correct: number;
  /** Of that loss, by trainable weight that the logits depend on. */
  readonly gradients: ReadonlyMap<TensorName, Tensor>;
}

/** The numbers that training changes: weights with running statistics, and momentum buffers. */
export interface Parameters {
  readonly weights: ReadonlyMap<TensorName, Tensor>;
  /** By the name of the trainable weight; absent before the first step. */
  readonly velocity: ReadonlyMap<TensorName, Tensor>;
}

/** How much memory a program takes, reckoned from the plan before anything is allocated. */
export interface MemoryPlan {
  /** Weights, gradients, momentum buffers, and what the largest weight's update takes. */
  readonly parameterBytes: number;
  /** The largest sum of activations, their gradients and an op's scratch alive at once. */
  readonly peakActivationBytes: number;
  readonly instructions: number;
}

/** What else a program is told when it is compiled. */
export interface CompileOptions {
  /**
   * Weights that are held at zero: what is written to them is not taken, and no step moves them or their
   * momentum. Without masks every weight is trained, bit for bit as if there were no such thing.
   */
  readonly frozen?: Masks | undefined;
}

export interface Program {
  readonly network: Network;
  /** Images in a full batch. Fewer are allowed in any call. */
  readonly batch: number;
  readonly memory: MemoryPlan;
  /** Why it does not run in the fastest way there is, in words for a person; empty when it does. */
  readonly note: string;
  /**
   * Runs in inference mode (BN by running statistics).
   * @param images — `[n, h, w, c]` normalized, n ≤ batch; borrowed until `meanwhile` or the answer
   * @param meanwhile — done once on this thread while others compute, where there are any: such as making
   *   the next batch; what it throws is thrown when the run has ended
   * @returns `[n, outputs]`
   */
  forward(images: Float32Array, meanwhile?: () => void): Promise<Float32Array>;
  /**
   * Runs in inference mode and reads what the named nodes say on the way; for looking into a network.
   * @param images — as for `forward`; borrowed
   * @returns `[n, …]` for each node, in its own shape behind the images
   */
  observe(
    images: Float32Array,
    nodes: readonly NodeName[],
  ): Promise<ReadonlyMap<NodeName, Float32Array>>;
  /**
   * The gradient of the mean cross-entropy by every weight, in inference mode: batch norms go by their
   * running statistics as by constants. Nothing changes.
   * @param images — `[n, h, w, c]` normalized, 1 ≤ n ≤ batch; borrowed
   * @param labels — `[n]`; borrowed
   */
  gradients(images: Float32Array, labels: Int32Array): Promise<GradientResult>;
  /**
   * One SGD step. The promise settles only after the loss has been read back, so a step that
   * resolved has really run.
   * @param images — `[n, h, w, c]` normalized, 1 ≤ n ≤ batch; borrowed
   * @param labels — `[n]`; borrowed
   * @param teacher — borrowed
   */
  step(
    images: Float32Array,
    labels: Int32Array,
    settings: StepSettings,
    teacher?: Teacher,
  ): Promise<StepResult>;
  /** Reads the named weights, or all. Copies. */
  read(names?: readonly TensorName[]): Promise<ReadonlyMap<TensorName, Tensor>>;
  /** Everything that a checkpoint needs. Copies. */
  readParameters(): Promise<Parameters>;
  /** Puts weights and momentum buffers back; what is absent from `velocity` starts at zero. */
  writeParameters(parameters: Parameters): void;
  dispose(): void;
}

/** Which backend runs, and why, in words for a person. */
export interface BackendReport {
  readonly kind: BackendKind;
  /** Such as "wasm, SIMD, 1 thread". */
  readonly description: string;
  /** Why not another one; empty when it is what was asked for. */
  readonly reason: string;
  /** What holds it back, the most costly first; empty when nothing that is known does. */
  readonly limits: readonly BackendLimit[];
  /** On how many threads it computes. */
  readonly threads: number;
  /** On how many it was to compute: one for each core, up to a limit. */
  readonly wantedThreads: number;
}

/** What a machine, a browser or a server does not give. */
export type BackendLimit =
  /** The browser has no WebGPU. */
  | "no-webgpu"
  /** WebGPU finds no device. */
  | "no-gpu"
  /** The only device is imitated on the processor. */
  | "software-gpu"
  /** There is a device, and it did not start. */
  | "gpu-failed"
  /** Memory cannot be shared, and so no threads be had. */
  | "not-isolated"
  | "one-core"
  /** Threads could be had, and did not start. */
  | "threads-failed"
  /** Our own kernels did not load. */
  | "no-kernels";

/** Whatever a person can set was checked before; this is our own mistake. */
export function assertTeacher(teacher: Teacher, network: Network, images: number): void {
  const { logits, temperature, weight } = teacher;
  const expected = images * sizeOf(endsOf(network).output);
  invariant(logits.length === expected, `${logits.length} of ${expected} teacher's logits`);
  invariant(temperature > 0 && Number.isFinite(temperature), `temperature ${temperature}`);
  invariant(weight >= 0 && weight <= 1, `a teacher's weight of ${weight}`);
}
