import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { endsOf, GraphBuilder, initialize, type Network } from "../../model/index.ts";
import { foldNetwork } from "../../quantize/index.ts";
import { sameNetwork } from "../graph.ts";
import { interpret } from "../testing/interpret.ts";
import { awkward, image, shake, tiny, zoo } from "../testing/samples.ts";
import { readOnnx } from "./read.ts";
import { decodeModel, encodeModel } from "./schema.ts";
import { writeOnnx } from "./write.ts";

const ZOO = [
  "vgg11:width=0.125",
  "vgg11:width=0.25",
  "vgg16:width=0.125",
  "vgg19:width=0.0625",
  "resnet-20",
  "resnet-20:width=0.25",
  "resnet-56:width=0.25",
  "preresnet-20:width=0.25",
  "preresnet-20:width=0.5",
  "preresnet-38:width=0.25",
  "densenet-40:growth=2",
  "densenet-bc-100:growth=2",
];

/** Each activation, and flattens in both orders: only dense layers behind one, a ReLU behind the other. */
function varied(): Network {
  const b = new GraphBuilder();
  let x = b.conv("c1", b.input([5, 4, 3]), { filters: 4, bias: true });
  x = b.bn("bn", x);
  x = b.add("elu", { kind: "elu", alpha: 0.7 }, x);
  x = b.add("leaky", { kind: "leakyRelu", alpha: 0.1 }, x);
  x = b.add("swish", { kind: "swish" }, x);
  const map = b.add("tanh", { kind: "tanh" }, x);
  const flat = b.add("flat", { kind: "flatten" }, map);
  const left = b.add("left", { kind: "dense", units: 3, bias: true }, flat);
  const right = b.add("right", { kind: "dense", units: 3, bias: false }, flat);
  const other = b.relu("r", b.add("other flat", { kind: "flatten" }, map));
  const third = b.add("third", { kind: "dense", units: 3, bias: true }, other);
  return shake(
    initialize(b.finish("varied", b.add("y", { kind: "add" }, left, right, third)), { seed: 2 }),
  );
}

const NETWORKS: Readonly<Record<string, () => Network>> = {
  tiny,
  awkward,
  varied,
  ...Object.fromEntries(ZOO.map((name) => [name, () => zoo(name)])),
};

const bytesOf = (network: Network): Uint8Array => writeOnnx(network, "net.onnx").bytes;
const folded = (network: Network): Network => foldNetwork(network, { columns: true }).network;

/** The same file without our metadata: what another reader sees. */
function stripped(bytes: Uint8Array): Uint8Array {
  return encodeModel({ ...decodeModel(bytes, "net.onnx"), metadata: new Map() });
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs((found[i] as number) - (expected[i] as number)) / scale).toBeLessThan(1e-4);
  }
}

describe.each(Object.entries(NETWORKS))("%s", (_, make) => {
  it("reads back bit for bit", () => {
    const network = make();
    const { network: back, notes } = readOnnx(bytesOf(network), "net.onnx");
    expect(sameNetwork(back, network)).toBe(true);
    expect(notes).toEqual([]);
    // Compared by hand: the matcher takes seconds for a megabyte.
    expect(Buffer.compare(bytesOf(back), bytesOf(network))).toBe(0);
  });

  it("reads back bit for bit when folded", () => {
    const network = folded(make());
    const { network: back } = readOnnx(bytesOf(network), "net.onnx");
    expect(sameNetwork(back, network)).toBe(true);
  });
});

/** Those that the slow reference answers for in a moment. */
const SHALLOW = Object.entries(NETWORKS).filter(([name]) => !/56|100|38|resnet-20$/.test(name));

it.each(SHALLOW)("computes the same without our metadata, and folded: %s", (_, make) => {
  const network = make();
  const input = image(network);
  const expected = interpret(network, input);
  const foreign = readOnnx(stripped(bytesOf(network)), "net.onnx").network;
  expectClose(interpret(foreign, input), expected);
  expect(foreign.weights.size).toBe(network.weights.size);
  const less = readOnnx(stripped(bytesOf(folded(network))), "net.onnx").network;
  expectClose(interpret(less, input), expected);
});

describe("what is written", () => {
  it("keeps PyTorch's names for the weights, so that a foreign reader keeps ours", () => {
    const network = zoo("resnet-20:width=0.25");
    const foreign = readOnnx(stripped(bytesOf(network)), "net.onnx").network;
    const names = ({ nodes }: Network): string[] => nodes.map(({ name }) => name);
    const lost = names(network).filter((name) => !names(foreign).includes(name));
    // The one op that takes two of theirs is called after the first.
    expect(lost).toEqual(["pool"]);
    expect([...foreign.weights.keys()]).toEqual([...network.weights.keys()]);
  });

  it("is read as a foreign file, with a note, once another tool has changed it", () => {
    const network = zoo("vgg11:width=0.125");
    const model = decodeModel(bytesOf(network), "net.onnx");
    const [first, ...nodes] = model.graph.nodes;
    if (first === undefined) throw new Error("no node");
    const graph = { ...model.graph, nodes: [{ ...first, name: "renamed" }, ...nodes] };
    const { network: back, notes } = readOnnx(encodeModel({ ...model, graph }), "net.onnx");
    expect(notes[0]).toBe(
      "the file was changed after Espalier wrote it, so it was read as any other ONNX file",
    );
    expect(back.metadata).toEqual(network.metadata);
    expectClose(interpret(back, image(network)), interpret(network, image(network)));
  });
});

/** What is used of onnxruntime-web. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number; wasmPaths: string }; logLevel: string };
  readonly Tensor: new (
    type: "float32",
    values: Float32Array,
    dims: readonly number[],
  ) => { readonly data: Float32Array };
  readonly InferenceSession: {
    create(
      bytes: Uint8Array,
      options: object,
    ): Promise<{
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      run(feeds: object): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
      release(): Promise<void>;
    }>;
  };
}

const RUNTIME = new URL("../../../.cache/bench/onnxruntime-web@1.30.0/", import.meta.url);

// The benchmark fetches it into an ignored folder; elsewhere these are skipped.
describe.skipIf(!existsSync(RUNTIME))("onnxruntime-web", () => {
  let ort: OnnxRuntime;

  beforeAll(async () => {
    ort = (await import(
      /* @vite-ignore */ new URL("ort.wasm.min.mjs", RUNTIME).href
    )) as OnnxRuntime;
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = RUNTIME.href;
    ort.env.logLevel = "error";
  });

  async function predict(bytes: Uint8Array, network: Network, inputs: readonly Float32Array[]) {
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
    const [h = 1, w = 1, c] = endsOf(network).input;
    const size = inputs[0]?.length ?? 0;
    const batch = new Float32Array(inputs.length * size);
    inputs.forEach((input, n) => {
      input.forEach((value, i) => {
        const place = c === undefined ? i : (i % c) * h * w + Math.floor(i / c);
        batch[n * size + place] = value;
      });
    });
    const dims = c === undefined ? [inputs.length, h] : [inputs.length, c, h, w];
    const feeds = { [session.inputNames[0] ?? ""]: new ort.Tensor("float32", batch, dims) };
    const outputs = await session.run(feeds);
    const values = outputs[session.outputNames[0] ?? ""]?.data.slice() ?? new Float32Array();
    await session.release();
    return values;
  }

  it.each(Object.keys(NETWORKS))(
    "predicts the reference's logits of %s, folded or not",
    async (name) => {
      const network = NETWORKS[name]?.() ?? tiny();
      const inputs = [image(network, 1), image(network, 2)];
      const expected = inputs.flatMap((input) => [...interpret(network, input)]);
      expectClose(await predict(bytesOf(network), network, inputs), expected);
      expectClose(await predict(bytesOf(folded(network)), network, inputs), expected);
    },
  );
});
