/** @file State dicts and networks for tests of families. */
import { sizeOf } from "../../../core/index.ts";
import { endsOf, GraphBuilder, initialize, type Network } from "../../../model/index.ts";
import { compile } from "../../../runtime/index.ts";
import { openInNode } from "../../../runtime/testing/backends.ts";
import { shake } from "../../testing/samples.ts";
import type { Checkpoint, StateDict, TorchTensor } from "../../torch/state-dict.ts";
import type { Said } from "../family.ts";
import { recognizeStateDict, type Recognized } from "../recognize.ts";

/** Recognises what stands in a file with nothing else beside it. */
export function recognize(
  tensors: StateDict,
  more: Partial<Checkpoint> = {},
  said: Said = {},
): Recognized {
  const checkpoint = { tensors, cfg: undefined, extras: {}, notes: [], ...more };
  return recognizeStateDict(checkpoint, "net.pth", said);
}

/** What a network answers, computed on wasm. */
export async function logitsOf(network: Network, images: Float32Array): Promise<Float32Array> {
  const backend = await openInNode("wasm");
  const program = compile(network, backend, images.length / sizeOf(endsOf(network).input));
  const logits = await program.forward(images);
  program.dispose();
  return logits;
}

export function zeros(...shape: number[]): TorchTensor {
  return { shape, values: new Float32Array(sizeOf(shape)), dtype: "float32" };
}

/** A state dict by shapes, of which no two values are alike. */
export function dictOf(
  shapes: Readonly<Record<string, readonly number[]>>,
): Map<string, TorchTensor> {
  return new Map(
    Object.entries(shapes).map(([name, shape], k) => {
      const wave = (_: unknown, i: number): number => Math.sin(1 + k + i * 0.7);
      const values = Float32Array.from({ length: sizeOf(shape) }, wave);
      const positive = name.endsWith("var") ? values.map(Math.abs) : values;
      return [name, { shape, values: positive, dtype: "float32" }];
    }),
  );
}

export const bn = (module: string, n: number): Record<string, readonly number[]> => ({
  [`${module}.weight`]: [n],
  [`${module}.bias`]: [n],
  [`${module}.running_mean`]: [n],
  [`${module}.running_var`]: [n],
  [`${module}.num_batches_tracked`]: [],
});

/** Two convolutions, one pooling between, and the average of network-slimming's VGG. */
export const SMALL_VGG = {
  "feature.0.weight": [4, 3, 3, 3],
  ...bn("feature.1", 4),
  "feature.4.weight": [5, 4, 3, 3],
  ...bn("feature.5", 5),
  "classifier.weight": [10, 5 * 64],
  "classifier.bias": [10],
};

/** Names that trip over PyTorch's modules. */
export function tricky(): Network {
  const b = new GraphBuilder();
  let x = b.conv("a", b.input([5, 5, 2]), { filters: 3 });
  x = b.relu("a.weight_", b.conv("a.weight", x, { filters: 3 }));
  x = b.add('end"\n', { kind: "globalAveragePool" }, x);
  x = b.add("type", { kind: "dense", units: 4, bias: true }, x);
  return shake(initialize(b.finish('"""\nexit()', x), { seed: 2 }));
}

/** Every activation, a flatten that a selection reads, and one that a dense layer reads. */
export function activations(): Network {
  const b = new GraphBuilder();
  let x = b.conv("conv", b.input([6, 4, 3]), { filters: 4, bias: true });
  x = b.add("elu", { kind: "elu", alpha: 0.7 }, x);
  x = b.add("leaky", { kind: "leakyRelu", alpha: 0.2 }, x);
  x = b.add("swish", { kind: "swish" }, x);
  x = b.add("tanh", { kind: "tanh" }, x);
  const flat = b.add("flat", { kind: "flatten" }, x);
  const one = b.add("one", { kind: "dense", units: 4, bias: true }, flat);
  const tiled = b.add("tiled", { kind: "flatten" }, x);
  const some = b.add("some", { kind: "channelSelect", indices: [9, 2, 5, 1] }, tiled);
  return shake(
    initialize(b.finish("activations", b.add("sum", { kind: "add" }, one, some)), { seed: 4 }),
  );
}
