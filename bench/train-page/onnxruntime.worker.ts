/**
 * @file onnxruntime-web on its wasm backend, forward only: it trains no more. Its files are served
 * beside the page and are no part of the bundle.
 */
import { invariant, known, sizeOf } from "../../src/core/index.ts";
import { writeOnnx } from "../../src/files/onnx/write.ts";
import { endsOf } from "../../src/model/index.ts";
import { batchOf, networkOf, withoutIdentities } from "../train/network.ts";
import { USUAL_THREADS } from "../train/peer.ts";
import { serve, timed } from "./serve.ts";

/** What is used of the package. */
interface OnnxRuntime {
  readonly env: {
    readonly versions: { readonly web?: string };
    readonly wasm: { numThreads: number; wasmPaths: string };
  };
  readonly Tensor: new (type: "float32", values: Float32Array, dims: readonly number[]) => Tensor;
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: { executionProviders: string[] }): Promise<Session>;
  };
}
interface Tensor {
  readonly data: Float32Array;
}
interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

const FOLDER = new URL("/onnxruntime/", self.location.href).href;

let session: Session | undefined;
let feeds: Readonly<Record<string, Tensor>> = {};

/** `[n, h, w, c]` → `[n, c, h, w]`. */
function toNchw(images: Float32Array, pixels: number, channels: number): Float32Array {
  const turned = new Float32Array(images.length);
  for (let i = 0; i < images.length; i++) {
    const image = Math.floor(i / (pixels * channels));
    const pixel = Math.floor(i / channels) % pixels;
    turned[(image * channels + (i % channels)) * pixels + pixel] = images[i] ?? 0;
  }
  return turned;
}

async function run(own: Session): Promise<Float32Array> {
  const outputs = await own.run(feeds);
  return known(outputs[own.outputNames[0] ?? ""], "output").data;
}

serve({
  async init(load) {
    const ort = (await import(/* @vite-ignore */ `${FOLDER}ort.wasm.min.mjs`)) as OnnxRuntime;
    const threads = load.threads ?? USUAL_THREADS;
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = FOLDER;
    await session?.release();
    const network = withoutIdentities(networkOf(load));
    const { bytes } = writeOnnx(network, "net.onnx");
    const own = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
    session = own;
    const { input, output } = endsOf(network);
    const [height = 1, width = 1, channels = 1] = input;
    const { images } = batchOf(network, load.batch);
    const values = toNchw(images, height * width, channels);
    const dims = [load.batch, channels, height, width];
    feeds = { [own.inputNames[0] ?? ""]: new ort.Tensor("float32", values, dims) };
    const logits = (await run(own)).subarray(0, sizeOf(output));
    const version = ort.env.versions.web ?? "";
    return {
      description: `onnxruntime-web ${version}, wasm, ${ort.env.wasm.numThreads} threads`,
      logits: [...logits],
    };
  },
  run(kind, steps) {
    const own = session;
    invariant(own !== undefined && kind === "forward", `onnxruntime-web does not ${kind}`);
    return timed(steps, () => run(own));
  },
});
