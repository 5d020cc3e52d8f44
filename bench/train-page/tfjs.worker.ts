/**
 * @file Stock TensorFlow.js on its wasm backend: the network as a layers model, `predict` and
 * `trainOnBatch`. One thread: its threaded build starts threads from `blob:` scripts, which the
 * product's content security policy forbids.
 */
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plainUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import { invariant, known } from "../../src/core/index.ts";
import { exportNetwork } from "../../src/files/index.ts";
import type { Network } from "../../src/model/index.ts";
import { batchOf, networkOf, withoutIdentities } from "../train/network.ts";
import { serve, timed } from "./serve.ts";
import { registerFilterGradient } from "./filter-gradient.ts";

const absolute = (url: string): string => new URL(url, self.location.href).href;

/** Opens the network as any TensorFlow.js program would. */
async function openLayersModel(network: Network): Promise<tf.LayersModel> {
  const [model, ...shards] = (await exportNetwork(network, "tfjs")).files;
  const json = JSON.parse(new TextDecoder().decode(known(model, "model").bytes)) as tf.io.ModelJSON;
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

async function openBackend(): Promise<string> {
  setWasmPaths({
    "tfjs-backend-wasm.wasm": absolute(plainUrl),
    "tfjs-backend-wasm-simd.wasm": absolute(simdUrl),
    // Never fetched: threads are off.
    "tfjs-backend-wasm-threaded-simd.wasm": "",
  });
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  await tf.setBackend("wasm");
  registerFilterGradient();
  const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
  return `TensorFlow.js ${tf.version.tfjs}, ${tf.getBackend()}, ${simd ? "SIMD" : "no SIMD"}, 1 thread`;
}

let model: tf.LayersModel | undefined;
let x: tf.Tensor | undefined;
let y: tf.Tensor | undefined;

async function predict(from: tf.LayersModel, images: tf.Tensor): Promise<Float32Array> {
  const outputs = from.predict(images) as tf.Tensor;
  const values = await outputs.data<"float32">();
  outputs.dispose();
  return values;
}

serve({
  async init(load) {
    const description = await openBackend();
    const network = withoutIdentities(networkOf(load));
    const { images, labels } = batchOf(network, load.batch);
    model?.dispose();
    tf.dispose([x ?? [], y ?? []]);
    model = await openLayersModel(network);
    x = tf.tensor4d(images, [load.batch, 32, 32, 3]);
    const logits = await predict(model, x);
    const classes = logits.length / load.batch;
    y = tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), classes), "float32");
    model.compile({
      optimizer: tf.train.momentum(0.01, 0.9),
      loss: (truth: tf.Tensor, found: tf.Tensor) => tf.losses.softmaxCrossEntropy(truth, found),
    });
    return { description, logits: [...logits.subarray(0, classes)] };
  },
  run(kind, steps) {
    const [own, images, truth] = [model, x, y];
    invariant(own !== undefined && images !== undefined && truth !== undefined, "init comes first");
    return kind === "train"
      ? timed(steps, () => own.trainOnBatch(images, truth))
      : timed(steps, () => predict(own, images));
  },
});
