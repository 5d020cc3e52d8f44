/**
 * @file A stranger's view of an export: TensorFlow.js as it is published, nothing of Espalier's. Its own wasm
 * backend answers in a tenth of the time that its JavaScript takes.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { ROOT } from "./command-line.ts";

// Without its advice to install something else.
tf.enableProdMode();

/** CIFAR-10's usual mean and standard deviation per channel, pixels in 0…1. */
export const USUAL = { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] };

interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Outputs of a layers model on the first test images, one row after the other. */
export async function predictWithPlainTfjs(
  files: Readonly<Record<string, Uint8Array>>,
  images: number,
  normalization: Normalization = USUAL,
): Promise<Float32Array> {
  const of = (name: string): Uint8Array => {
    const found = Object.entries(files).find(([path]) => path.endsWith(name));
    if (found === undefined) throw new Error(`no ${name} in the download`);
    return found[1];
  };
  const json = JSON.parse(new TextDecoder().decode(of("model.json"))) as tf.io.ModelJSON;
  await tf.setBackend("wasm");
  const shards = json.weightsManifest.flatMap(({ paths }) => paths.map(of));
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
      weightData: shards.map((shard) => Uint8Array.from(shard).buffer),
    }),
  );
  const input = tf.tensor4d(await firstImages(images, normalization), [images, 32, 32, 3]);
  const output = model.predict(input) as tf.Tensor;
  const values = (await output.data()) as Float32Array;
  tf.dispose([input, output]);
  model.dispose();
  return values;
}

/** The first test images as a network wants them. */
export async function firstImages(
  images: number,
  { mean, std }: Normalization,
): Promise<Float32Array> {
  const pixels = await firstPixels(images);
  return Float32Array.from(pixels, (byte, at) => {
    const channel = at % 3;
    return (byte / 255 - (mean[channel] ?? 0)) / (std[channel] ?? 1);
  });
}

/** Bytes, `[n, 32, 32, 3]`: CIFAR-10 keeps its channels apart; a network wants them together. */
export async function firstPixels(images: number): Promise<Uint8Array> {
  const bytes = await readFile(join(ROOT, "data", "cifar-10", "test_batch.bin"));
  const pixels = new Uint8Array(images * 3072);
  for (let image = 0; image < images; image++) {
    for (let at = 0; at < 3072; at++) {
      const from = image * 3073 + 1 + (at % 3) * 1024 + Math.floor(at / 3);
      pixels[image * 3072 + at] = bytes[from] ?? 0;
    }
  }
  return pixels;
}
