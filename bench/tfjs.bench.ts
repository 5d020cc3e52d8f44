/**
 * @file A training step of plain TensorFlow.js on its wasm backend, on one thread in Node: VGG-16 at a
 * quarter of its width as a layers model, with the gradients composed of TensorFlow.js' own kernels, and
 * with our kernels registered under its names. The two take turns, each round in the other order.
 */
import * as tf from "@tensorflow/tfjs";
import { wasmFolder } from "../src/cli/backend.ts";
import { nodeKernelFiles } from "../src/cli/kernels.ts";
import { makeRandom } from "../src/core/index.ts";
import { openBackend } from "../src/runtime/index.ts";
import {
  registerTrainingKernels,
  unregisterTrainingKernels,
} from "../src/runtime/kernels/wasm/tfjs/index.ts";
import { quantile, sayWhere } from "./machine.ts";

const BATCH = 32;
const CLASSES = 10;
const ROUNDS = 9;
const STEPS = { composed: 1, ours: 4 } as const;
type Kind = keyof typeof STEPS;
/** Filters of the convolutions between two poolings of 2 × 2. */
const QUARTER_VGG = [
  [16, 16],
  [32, 32],
  [64, 64, 64],
  [128, 128, 128],
  [128, 128, 128],
];

function vgg(): tf.LayersModel {
  const { layers } = tf;
  const model = tf.sequential();
  model.add(layers.inputLayer({ inputShape: [32, 32, 3] }));
  for (const [block, widths] of QUARTER_VGG.entries()) {
    if (block > 0) model.add(layers.maxPooling2d({ poolSize: 2 }));
    for (const filters of widths) {
      model.add(layers.conv2d({ filters, kernelSize: 3, padding: "same", useBias: false }));
      model.add(layers.batchNormalization());
      model.add(layers.reLU());
    }
  }
  model.add(layers.globalAveragePooling2d({}));
  model.add(layers.dense({ units: CLASSES }));
  model.compile({
    optimizer: tf.train.momentum(0.01, 0.9),
    loss: (truth: tf.Tensor, found: tf.Tensor) => tf.losses.softmaxCrossEntropy(truth, found),
  });
  return model;
}

const random = makeRandom(1);
const noise = Float32Array.from({ length: BATCH * 32 * 32 * 3 }, () => random.normal());
const labels = Int32Array.from({ length: BATCH }, () => random.integer(CLASSES));

/** Milliseconds of a step. */
async function steps(kind: Kind, model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) {
  if (kind === "ours") await registerTrainingKernels(nodeKernelFiles);
  else unregisterTrainingKernels();
  // The first one after a change does not count.
  await model.trainOnBatch(x, y);
  const start = performance.now();
  for (let step = 0; step < STEPS[kind]; step++) await model.trainOnBatch(x, y);
  return (performance.now() - start) / STEPS[kind];
}

/** Where a step's time goes, as TensorFlow.js' profiler sees it. */
async function profile(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor): Promise<void> {
  const { kernels } = await tf.profile(async () => {
    await model.trainOnBatch(x, y);
    return [];
  });
  const times = new Map<string, number>();
  for (const { name, kernelTimeMs } of kernels) {
    times.set(name, (times.get(name) ?? 0) + Number(await kernelTimeMs));
  }
  const most = [...times].toSorted((a, b) => b[1] - a[1]).slice(0, 10);
  console.log(most.map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(", "));
}

sayWhere("tfjs");
await openBackend("wasm", { wasmPaths: wasmFolder() });
const model = vgg();
const x = tf.tensor4d(noise, [BATCH, 32, 32, 3]);
const y = tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES), "float32");
const found: Record<Kind, number[]> = { composed: [], ours: [] };
const ratios: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const kinds: Kind[] = round % 2 === 0 ? ["composed", "ours"] : ["ours", "composed"];
  for (const kind of kinds) found[kind].push(await steps(kind, model, x, y));
  ratios.push((found.composed[round] ?? NaN) / (found.ours[round] ?? NaN));
}
const range = (values: readonly number[], digits: number): string => {
  const [median, least, most] = [0.5, 0, 1].map((share) => quantile(values, share).toFixed(digits));
  return `${median} (${least}–${most})`;
};
const perSecond = (kind: Kind): string => ((BATCH * 1000) / quantile(found[kind], 0.5)).toFixed(0);
console.log(
  `a training step of VGG-16 at quarter width, batch ${BATCH}, one thread: median (least–most) of ` +
    `${ROUNDS} rounds`,
);
for (const kind of ["composed", "ours"] as const) {
  console.log(`${kind.padEnd(9)} ${range(found[kind], 0)} ms, ${perSecond(kind)} img/s`);
}
console.log(`ratio     ${range(ratios, 2)}`);
if (process.argv.includes("--profile")) {
  await registerTrainingKernels(nodeKernelFiles);
  console.log("\nmilliseconds of a step with ours, by kernel:");
  await profile(model, x, y);
}
