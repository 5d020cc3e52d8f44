/** @file Files that leave their images' size open: asked for, filled in, and never against the file. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { refusal } from "../core/testing/refusal.ts";
import { endsOf } from "../model/index.ts";
import { sameNetwork } from "./graph.ts";
import { openFiles, type InputSize } from "./index.ts";
import {
  kerasZip,
  legacyH5,
  save,
  shakeModel,
  tfjsFiles,
  type Saved,
} from "./keras/testing/models.ts";
import { floats, ints, model, node, value, weights } from "./onnx/testing/models.ts";
import { file } from "./testing/samples.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** An ONNX model that works its flattened size out, for images of these dims. */
function onnx(...dims: (number | string)[]): File {
  const nodes = [
    node("Conv", ["x", "w"], "a", { pads: [1, 1, 1, 1] }),
    node("Shape", ["a"], "shape"),
    node("Gather", ["shape", "first"], "batch"),
    node("Unsqueeze", ["batch", "axes"], "batches"),
    node("Concat", ["batches", "rest"], "to", { axis: 0 }),
    node("Reshape", ["a", "to"], "flat"),
    node("Gemm", ["flat", "fc"], "y"),
  ];
  const scalar = { ...ints("first", 0), dims: [] };
  const tensors = [
    weights("w", 2, 3, 3, 3),
    scalar,
    ints("axes", 0),
    ints("rest", -1),
    floats(
      "fc",
      [72, 4],
      Float32Array.from({ length: 288 }, (_, i) => Math.sin(i)),
    ),
  ];
  return file("net.onnx", model({ nodes, tensors, input: value("x", ...dims) }));
}

async function keras(side: number | null): Promise<Saved> {
  const made = await save(
    shakeModel(
      tf.sequential({
        name: "net",
        layers: [
          tf.layers.conv2d({
            inputShape: [null, null, 3],
            filters: 4,
            kernelSize: 3,
            strides: 2,
            padding: "same",
            name: "conv",
          }),
          tf.layers.globalAveragePooling2d({ name: "gap" }),
          tf.layers.dense({ units: 3, name: "fc" }),
        ],
      }),
    ),
  );
  const [first] = made.topology.config.layers;
  first.config.batch_input_shape = [null, side, side, 3];
  return made;
}

async function kerasFile(side: number | null): Promise<File> {
  const { topology, weights: all } = await keras(side);
  const stores = { conv: "conv2d", fc: "dense" };
  const datasets = new Map(
    all.map(({ name, tensor }) => {
      const [layer = "", slot] = name.split("/");
      const store = stores[layer as keyof typeof stores];
      return [`layers/${store}/vars/${slot === "kernel" ? 0 : 1}`, tensor] as const;
    }),
  );
  return file("net.keras", await kerasZip(topology, datasets));
}

async function tfjs(side: number | null): Promise<File[]> {
  const { json, shard } = tfjsFiles(await keras(side));
  return [file("model.json", JSON.stringify(json)), file("weights.bin", shard)];
}

type Make = (side: number | null) => Promise<readonly File[]>;
const KINDS: Readonly<Record<string, Make>> = {
  ONNX: async (side) => [side === null ? onnx("N", 3, "h", "w") : onnx("N", 3, side, side)],
  "Keras .h5": async (side) => [file("net.h5", await legacyH5(await keras(side)))],
  "Keras .keras": async (side) => [await kerasFile(side)],
  "TensorFlow.js": tfjs,
};

async function networkOf(files: readonly File[], inputSize?: InputSize) {
  const [opened] = await openFiles(files, inputSize === undefined ? {} : { inputSize });
  if (opened?.kind !== "network") throw new Error("no network");
  return opened.network;
}

const SIX = { height: 6, width: 6 };

describe.each(Object.entries(KINDS))("%s with an open size", (_, make) => {
  it("asks for it, and is then as if it had said so", async () => {
    const open = await make(null);
    expect(await refusal(() => openFiles(open))).toMatchObject({
      code: "files/open-size",
      found: expect.stringMatching(/^\[\w+,\w+,\w+(,\w+)?\]$/) as unknown,
    });
    expect(sameNetwork(await networkOf(open, SIX), await networkOf(await make(6)))).toBe(true);
  });

  it("refuses a size that is not the file's own", async () => {
    const files = await make(6);
    expect(
      await refusal(() => openFiles(files, { inputSize: { height: 6, width: 8 } })),
    ).toMatchObject({
      code: "files/bad-field",
      expected: "a width of 6, which the file says",
      found: "6 × 8",
      hint: "say 6 × 6",
    });
    expect(
      await refusal(() => openFiles(files, { inputSize: { height: 8, width: 8 } })),
    ).toMatchObject({
      code: "files/bad-field",
      expected: "images of 6 × 6, the size that the file says",
      found: "8 × 8",
      hint: "leave the size out",
    });
    expect(endsOf(await networkOf(files, SIX)).input).toEqual([6, 6, 3]);
  });
});

it("fills in only what is open, and names the side that is not", async () => {
  const half = onnx("N", 3, 6, "w");
  expect(endsOf(await networkOf([half], SIX)).input).toEqual([6, 6, 3]);
  expect(
    await refusal(() => openFiles([half], { inputSize: { height: 9, width: 6 } })),
  ).toMatchObject({
    where: "net.onnx",
    expected: "a height of 6, which the file says",
    found: "9 × 6",
    hint: "say 6 × 6",
  });
});

it("takes the size that it advises for a file that leaves one side open", async () => {
  const nodes = [
    node("Conv", ["x", "w"], "a", { pads: [1, 1, 1, 1] }),
    node("GlobalAveragePool", ["a"], "y"),
  ];
  const tensors = [weights("w", 2, 3, 3, 3)];
  const half = file("net.onnx", model({ nodes, tensors, input: value("x", "N", 3, 32, "w") }));
  expect(
    await refusal(() => openFiles([half], { inputSize: { height: 64, width: 64 } })),
  ).toMatchObject({ expected: "a height of 32, which the file says", hint: "say 32 × 64" });
  const said = await networkOf([half], { height: 32, width: 64 });
  expect(endsOf(said).input).toEqual([32, 64, 3]);
});

it("refuses a size at which the layers do not meet, by the layer", async () => {
  const open = onnx("N", 3, "h", "w");
  const { code, where } = await refusal(() =>
    openFiles([open], { inputSize: { height: 7, width: 6 } }),
  );
  expect([code, where]).toEqual(["files/unsupported", expect.stringMatching(/^net\.onnx › /)]);
});

it("does not ask for the size of a model that cannot be opened anyway", async () => {
  const saved = await keras(null);
  saved.topology.config.layers.push({ class_name: "Lambda", config: { name: "odd" } });
  const h5 = file("net.h5", await legacyH5(saved));
  expect(await refusal(() => openFiles([h5]))).toMatchObject({
    code: "files/unsupported",
    found: "Lambda (odd)",
  });
  const unknown = file(
    "net.onnx",
    model({ nodes: [node("Magic", ["x"], "y")], input: value("x", "N", 3, "h", "w") }),
  );
  expect(await refusal(() => openFiles([unknown]))).toMatchObject({ code: "files/unsupported" });
});

it("does not ask for open channels, which no size could tell", async () => {
  expect(await refusal(() => openFiles([onnx("N", "c", "h", "w")]))).toMatchObject({
    code: "files/unsupported",
    expected: "a fixed number of channels",
  });
});
