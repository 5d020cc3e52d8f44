/**
 * @file One training step of `vgg16:width=0.25`, batch 32, on wasm in Node, and one forward pass, with
 * stock TensorFlow.js as the peer: the same network as a layers model through `model.predict`. Stock
 * tfjs-backend-wasm cannot train a convolution at all, so the step has no peer.
 */
import * as tf from "@tensorflow/tfjs";
import { wasmFolder } from "../src/cli/backend.ts";
import { makeRandom } from "../src/core/index.ts";
import { exportNetwork } from "../src/files/index.ts";
import { buildArchitecture, costOf, type Network } from "../src/model/index.ts";
import { compile, openBackend } from "../src/runtime/index.ts";
import { quantile, sayWhere, show, takeTurns } from "./machine.ts";

const NAME = "vgg16:width=0.25";
const BATCH = 32;
const COUNTS = { warmups: 3, repeats: 9 };

const SETTINGS = {
  learningRate: 0.01,
  momentum: 0.9,
  weightDecay: 1e-4,
  sparsity: 1e-4,
  sparsityForm: "subgradient",
} as const;

/** The network as plain TensorFlow.js sees it. */
function openWithTfjs(network: Network): Promise<tf.LayersModel> {
  const [model, ...shards] = exportNetwork(network, "tfjs").files;
  const json = JSON.parse(new TextDecoder().decode(model?.bytes)) as tf.io.ModelJSON;
  const weightData = new Uint8Array(shards.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of shards) {
    weightData.set(bytes, at);
    at += bytes.length;
  }
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
      weightData: weightData.buffer,
    }),
  );
}

sayWhere("train");
const backend = await openBackend("wasm", { wasmPaths: wasmFolder() });
const network = buildArchitecture(NAME, 1);
const program = compile(network, backend, BATCH);
const random = makeRandom(1);
const images = Float32Array.from({ length: BATCH * 32 * 32 * 3 }, () => random.normal());
const labels = Int32Array.from({ length: BATCH }, () => random.integer(10));

const stock = await openWithTfjs(network);
const runs = {
  forward: () => program.forward(images),
  stock: async () => {
    const x = tf.tensor4d(images.slice(), [BATCH, 32, 32, 3]);
    const y = stock.predict(x) as tf.Tensor;
    await y.data();
    tf.dispose([x, y]);
  },
  step: () => program.step(images, labels, SETTINGS),
};
const times = await takeTurns(COUNTS, runs);
const { forward = [], stock: stockForward = [], step = [] } = times;
stock.dispose();
program.dispose();

const rate = (of: readonly number[]): string =>
  `${Math.round(BATCH / (quantile(of, 0.5) / 1000))} images/s`;
const macs = (costOf(network).macs / 1e6).toFixed(1);
console.log(`${NAME}, ${macs} M MACs an image, batch ${BATCH}, ${backend.report.description}`);
console.log(`training step: ${rate(step)} (${show(step)})`);
console.log(`forward:       ${rate(forward)} (${show(forward)})`);
console.log(`stock tfjs:    ${rate(stockForward)} (${show(stockForward)})`);
const ratio = (of: readonly number[], to: readonly number[]): number =>
  quantile(
    of.map((ms, i) => ms / (to[i] ?? NaN)),
    0.5,
  );
console.log("medians of the ratios within a round:");
console.log(
  `forward is ${ratio(stockForward, forward).toFixed(2)} times as fast as stock tfjs-wasm`,
);
console.log(`a training step takes ${ratio(step, stockForward).toFixed(1)} stock forward passes`);
