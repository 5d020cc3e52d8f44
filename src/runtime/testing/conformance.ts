/**
 * @file What every backend must answer to a case of `cases.ts`: the reference's numbers, and the slope
 * that the loss really has. It returns distances; the tests say how small they must be.
 */
import * as tf from "@tensorflow/tfjs-core";
import { known } from "../../core/index.ts";
import type { Network, Tensor, TensorName } from "../../model/index.ts";
import { compile, type Backend, type Program, type StepSettings } from "../index.ts";
import type { OpCase } from "./cases.ts";
import { distance } from "./close.ts";
import { answerOf, randomSigns, type Answer } from "./reference.ts";

/** Plain gradient descent at rate 1: the velocity after one step is the gradient, bit for bit. */
export const BARE_STEP: StepSettings = {
  learningRate: 1,
  momentum: 0,
  weightDecay: 0,
  sparsity: 0,
  sparsityForm: "subgradient",
};

/** The gradient by every trained weight, and the loss. */
export async function gradientsOf(
  program: Program,
  { images, labels }: Pick<OpCase, "images" | "labels">,
): Promise<{ loss: number; gradients: ReadonlyMap<TensorName, Tensor> }> {
  const { loss } = await program.step(images, labels, BARE_STEP);
  return { loss, gradients: (await program.readParameters()).velocity };
}

/** Distances by what they are about: `output`, `loss`, every node, gradient and statistic by name. */
export type Distances = Readonly<Record<string, number>>;

/** How far a backend is from the reference on one case. */
export async function distancesTo(
  answer: Answer,
  { network, images, labels }: OpCase,
  backend: Backend,
): Promise<Distances> {
  const program = compile(network, backend, labels.length);
  const found: Record<string, number> = {
    output: distance(await program.forward(images), answer.output),
  };
  Object.assign(found, await looksTo(answer, { images, labels }, program));
  const { loss, gradients } = await gradientsOf(program, { images, labels });
  found["loss"] = Math.abs(loss - answer.loss);
  const weights = await program.read();
  program.dispose();
  for (const [name, expected] of answer.gradients) {
    found[name] = distance(gradients.get(name)?.values ?? [], expected);
  }
  for (const [name, expected] of answer.statistics) {
    found[name] = distance(weights.get(name)?.values ?? [], expected);
  }
  if (gradients.size !== answer.gradients.size) found["number of gradients"] = gradients.size;
  return found;
}

/** The same for what only looks into the network: all nodes at once, and frozen gradients. */
async function looksTo(
  { values, frozen }: Answer,
  { images, labels }: Pick<OpCase, "images" | "labels">,
  program: Program,
): Promise<Distances> {
  const found: Record<string, number> = {};
  const observed = await program.observe(images, [...values.keys()]);
  for (const [name, expected] of values) {
    found[`node ${name}`] = distance(observed.get(name) ?? [], expected);
  }
  const { loss, gradients } = await program.gradients(images, labels);
  found["frozen loss"] = Math.abs(loss - frozen.loss);
  for (const [name, expected] of frozen.gradients) {
    found[`frozen ${name}`] = distance(gradients.get(name)?.values ?? [], expected);
  }
  if (gradients.size !== frozen.gradients.size) found["frozen gradients"] = gradients.size;
  return found;
}

/** Answers of the reference, asked once each; the cpu backend must be current. */
export async function referenceAnswers(
  cases: readonly OpCase[],
  openCpu: () => Promise<Backend>,
): Promise<ReadonlyMap<string, Answer>> {
  await openCpu();
  return new Map(
    cases.map(({ name, network, images, labels }) => [name, answerOf(network, images, labels)]),
  );
}

/** Half the width of the finite-difference stencil's inner step, in units of the weights. */
const STEP = 0.005;

/**
 * For every trained weight: |slope measured − slope from the gradient| along a random direction of ±1,
 * relative to the gradient's length. The slope is measured by the five-point rule
 * (L(−2h) − 8L(−h) + 8L(h) − L(2h)) / 12h, whose own error is of order h⁴.
 */
export async function slopeErrors(
  { network, images, labels }: OpCase,
  backend: Backend,
): Promise<Distances> {
  const program = compile(network, backend, labels.length);
  const { gradients } = await gradientsOf(program, { images, labels });
  const lossAt = async (name: TensorName, direction: Float32Array, far: number) => {
    program.writeParameters({ weights: moved(network, name, direction, far), velocity: new Map() });
    return (await program.step(images, labels, { ...BARE_STEP, learningRate: 0 })).loss;
  };
  const errors: Record<string, number> = {};
  let seed = 0;
  for (const [name, { values }] of gradients) {
    const direction = randomSigns(values.length, seed++);
    const measured =
      (await lossAt(name, direction, -2 * STEP)) -
      8 * (await lossAt(name, direction, -STEP)) +
      8 * (await lossAt(name, direction, STEP)) -
      (await lossAt(name, direction, 2 * STEP));
    const slope = values.reduce((sum, g, i) => sum + g * (direction[i] ?? 0), 0);
    const length = Math.sqrt(values.reduce((sum, g) => sum + g * g, 0));
    errors[name] = Math.abs(measured / (12 * STEP) - slope) / Math.max(length, 0.01);
  }
  program.dispose();
  return errors;
}

function moved(
  network: Network,
  name: TensorName,
  direction: Float32Array,
  far: number,
): ReadonlyMap<TensorName, Tensor> {
  const { shape, values } = known(network.weights.get(name), name);
  const there = values.map((value, i) => value + far * (direction[i] ?? 0));
  return new Map([...network.weights, [name, { shape, values: there }]]);
}

/** The entries that are not within their limit: what a failing test should show. */
export function beyond(distances: Distances, limit: (name: string) => number): Distances {
  const bad = Object.entries(distances).filter(([name, value]) => !(value <= limit(name)));
  return Object.fromEntries(bad);
}

/** Makes webgpu run even the smallest tensors on the GPU instead of handing them to the CPU. */
export function forbidCpuHandoff(): void {
  tf.env().set("WEBGPU_CPU_FORWARD", false);
}
