/**
 * @file onnxruntime-web on its wasm backend, where a benchmark has fetched it into an ignored folder:
 * 33 MB that nobody else needs.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectFolder } from "../../../src/cli/project.ts";
import { channelsFirst } from "../../../src/files/families/testing/torch.ts";
import { writeOnnx } from "../../../src/files/onnx/write.ts";
import { endsOf } from "../../../src/model/index.ts";
import { foldNetwork } from "../../../src/quantize/index.ts";
import { IMAGES, type Peer, type Work } from "./peer.ts";

/** Where `bench/train/onnxruntime.ts` puts it. */
const FOLDER = join(projectFolder(), ".cache/bench/onnxruntime-web@1.30.0");
const ADDRESS = `${pathToFileURL(FOLDER).href}/`;

/** What is used of the package. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number; wasmPaths: string }; logLevel: string };
  readonly Tensor: new (
    type: "float32",
    values: Float32Array,
    dims: readonly number[],
  ) => { readonly data: Float32Array };
  readonly InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> };
}

interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: object): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
  release(): Promise<void>;
}

const missing = existsSync(FOLDER)
  ? undefined
  : "`npm run bench -- peers` has not fetched onnxruntime-web";

/** With batch norms as they are, or folded into the layers in front of them. */
function peer(name: string, fold: boolean): Peer {
  return {
    name,
    missing,
    async logits(works) {
      const ort = await load();
      const answers: Float32Array[] = [];
      for (const work of works) answers.push(await predict(ort, work, fold));
      return answers;
    },
  };
}

export const onnxRuntime = peer("onnxruntime-web", false);
export const onnxRuntimeFolded = peer("onnxruntime-web, batch norms folded", true);

async function load(): Promise<OnnxRuntime> {
  const ort = (await import(/* @vite-ignore */ `${ADDRESS}ort.wasm.min.mjs`)) as OnnxRuntime;
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = ADDRESS;
  ort.env.logLevel = "error";
  return ort;
}

async function predict(
  { InferenceSession, Tensor }: OnnxRuntime,
  { network, images }: Work,
  fold: boolean,
): Promise<Float32Array> {
  const { bytes } = writeOnnx(fold ? foldNetwork(network).network : network, "net.onnx");
  const session = await InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const { input } = endsOf(network);
  const { shape, values } =
    input.length === 3
      ? channelsFirst(images, input)
      : { shape: [IMAGES, ...input], values: images };
  const feeds = { [session.inputNames[0] ?? ""]: new Tensor("float32", values, shape) };
  const outputs = await session.run(feeds);
  const logits = outputs[session.outputNames[0] ?? ""]?.data.slice() ?? new Float32Array();
  await session.release();
  return logits;
}
