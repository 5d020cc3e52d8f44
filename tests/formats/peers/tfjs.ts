/** @file TensorFlow.js as it is published, on its plain JavaScript backend: nothing of Espalier's in it. */
import * as tf from "@tensorflow/tfjs";
import { exportNetwork } from "../../../src/files/index.ts";
import { join } from "../../../src/files/testing/samples.ts";
import { endsOf } from "../../../src/model/index.ts";
import { IMAGES, type Peer, type Work } from "./peer.ts";

export const plainTfjs: Peer = {
  name: "plain TensorFlow.js",
  missing: undefined,
  async logits(works) {
    // Without its advice to install something else.
    tf.enableProdMode();
    await tf.setBackend("cpu");
    const answers: Float32Array[] = [];
    for (const work of works) answers.push(await predict(work));
    return answers;
  },
};

async function predict({ network, images }: Work): Promise<Float32Array> {
  const [json, ...shards] = (await exportNetwork(network, "tfjs")).files;
  const { modelTopology, weightsManifest } = JSON.parse(
    new TextDecoder().decode(json?.bytes),
  ) as tf.io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = join(...shards.map(({ bytes }) => bytes)).buffer as ArrayBuffer;
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs, weightData }),
  );
  const output = tf.tidy(
    () => model.predict(tf.tensor(images, [IMAGES, ...endsOf(network).input])) as tf.Tensor,
  );
  const values = (await output.data()) as Float32Array;
  output.dispose();
  model.dispose();
  return values;
}
