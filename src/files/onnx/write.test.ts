import { describe, expect, it } from "vitest";
import { GraphBuilder, initialize, type Network } from "../../model/index.ts";
import { foldNetwork } from "../../quantize/index.ts";
import { sameNetwork } from "../graph.ts";
import { logitsOf } from "../../model/testing/interpret.ts";
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
  const expected = logitsOf(network, input);
  const foreign = readOnnx(stripped(bytesOf(network)), "net.onnx").network;
  expectClose(logitsOf(foreign, input), expected);
  expect(foreign.weights.size).toBe(network.weights.size);
  const less = readOnnx(stripped(bytesOf(folded(network))), "net.onnx").network;
  expectClose(logitsOf(less, input), expected);
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
    expectClose(logitsOf(back, image(network)), logitsOf(network, image(network)));
  });
});
