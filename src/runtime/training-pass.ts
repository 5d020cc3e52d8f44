/**
 * @file One batch forward to the logits and backward to the gradients, by the plan: no gradient tape,
 * every activation given back after its last reader.
 */
import * as tf from "@tensorflow/tfjs-core";
import { invariant, known } from "../core/index.ts";
import { tensorName, type NodeName, type TensorName } from "../model/index.ts";
import { Activations } from "./activations.ts";
import type { DeviceWeights } from "./device-weights.ts";
import { runtimeOf } from "./ops/index.ts";
import type { Instruction, TrainingPlan } from "./plan.ts";
import type { Teacher } from "./program.ts";

/** All of these belong to the caller. */
export interface TrainingPass {
  /** `[n, classes]` */
  readonly logits: tf.Tensor2D;
  /** Of the mean cross-entropy, by trainable weight. */
  readonly gradients: ReadonlyMap<TensorName, tf.Tensor>;
  /** New running statistics. */
  readonly statistics: ReadonlyMap<TensorName, tf.Tensor>;
}

/** What a batch is told. */
export interface TrainingTask {
  /** `[n]`; borrowed. */
  readonly labels: Int32Array;
  /** Borrowed. */
  readonly teacher?: Teacher | undefined;
  /** Frozen: batch norms by their running statistics, which stay as they are. */
  readonly mode: "training" | "frozen";
}

/** What one pass carries from forward to backward. */
interface Pass {
  readonly mode: "training" | "frozen";
  readonly weights: DeviceWeights;
  readonly values: Activations;
  readonly saved: Map<NodeName, readonly tf.Tensor[]>;
  readonly shapes: Map<NodeName, number[]>;
  readonly image: NodeName;
}

/**
 * Runs a planned batch.
 * @param fed — the images, `[n, h, w, c]`; taken
 */
export function runTraining(
  plan: TrainingPlan,
  weights: DeviceWeights,
  fed: tf.Tensor,
  { labels, teacher, mode }: TrainingTask,
): TrainingPass {
  const image = known(plan.forward[0], "input instruction").node.name;
  const pass: Pass = {
    mode,
    weights,
    values: new Activations(),
    saved: new Map(),
    shapes: new Map([[image, fed.shape]]),
    image,
  };
  pass.values.put(image, fed);
  const statistics = new Map<TensorName, tf.Tensor>();
  for (const instruction of plan.forward) {
    if (instruction.node.name !== image) forward(pass, instruction, statistics);
  }
  const logits = pass.values.get(plan.logits) as tf.Tensor2D;
  const incoming = new Map([[plan.logits, logitsGradient(logits, labels, teacher)]]);
  const gradients = new Map<TensorName, tf.Tensor>();
  for (const instruction of plan.backward) backward(pass, instruction, incoming, gradients);
  pass.values.take(plan.logits);
  pass.values.dropAll();
  return { logits, gradients, statistics };
}

function forward(
  { mode, weights, values, saved, shapes }: Pass,
  { node, freeActivations }: Instruction,
  statistics: Map<TensorName, tf.Tensor>,
): void {
  const inputs = node.inputs.map((name) => values.get(name));
  const made = runtimeOf(node.op).forward(node.op, inputs, weights.slots(node.name), mode);
  values.put(node.name, made.output);
  shapes.set(node.name, made.output.shape);
  if (made.saved !== undefined) saved.set(node.name, made.saved);
  for (const [slot, tensor] of Object.entries(made.statistics ?? {})) {
    statistics.set(tensorName(node.name, slot), tensor);
  }
  values.drop(freeActivations);
}

function backward(
  { mode, weights, values, saved, shapes, image }: Pass,
  { node, freeActivations }: Instruction,
  incoming: Map<NodeName, tf.Tensor>,
  gradients: Map<TensorName, tf.Tensor>,
): void {
  const dy = incoming.get(node.name);
  invariant(dy, `no gradient reached ${node.name}`);
  incoming.delete(node.name);
  const op = runtimeOf(node.op);
  const kept = saved.get(node.name) ?? [];
  const result = op.backward(node.op, {
    dy,
    inputs: op.needs.inputs ? node.inputs.map((name) => values.get(name)) : [],
    output: op.needs.output ? values.get(node.name) : undefined,
    saved: kept,
    weights: weights.slots(node.name),
    inputShapes: node.inputs.map((name) => known(shapes.get(name), name)),
    wantsInput: node.inputs.some((name) => name !== image),
    mode,
  });
  tf.dispose([dy, ...kept]);
  for (const [slot, tensor] of Object.entries(result.weights)) {
    gradients.set(tensorName(node.name, slot), tensor);
  }
  node.inputs.forEach((source, at) => {
    const gradient = result.inputs[at];
    if (gradient === undefined) return;
    if (source === image) gradient.dispose();
    else accumulate(incoming, source, gradient);
  });
  values.drop(freeActivations);
}

/** Adds a gradient, which is taken, to those that reached the node before. */
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
  tf.dispose([before, gradient]);
}

/**
 * Gradient of the mean cross-entropy, (softmax(z) − onehot(label)) / n; with a teacher t it is
 * (1 − a) times that, plus a·T·(softmax(z/T) − softmax(t/T)) / n.
 */
function logitsGradient(logits: tf.Tensor2D, labels: Int32Array, teacher?: Teacher): tf.Tensor {
  return tf.tidy(() => {
    const [n, classes] = logits.shape;
    const truth = new Float32Array(n * classes);
    labels.forEach((label, row) => {
      truth[row * classes + label] = 1;
    });
    const hard = tf.div(tf.sub(tf.softmax(logits), tf.tensor2d(truth, [n, classes])), n);
    if (teacher === undefined || teacher.weight === 0) return hard;
    const { temperature: heat, weight } = teacher;
    const its = tf.softmax(tf.div(tf.tensor2d(teacher.logits, [n, classes]), heat));
    const soft = tf.sub(tf.softmax(tf.div(logits, heat)), its);
    return tf.add(tf.mul(hard, 1 - weight), tf.mul(soft, (weight * heat) / n));
  });
}
