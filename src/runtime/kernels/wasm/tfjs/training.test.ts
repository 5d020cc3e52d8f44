/**
 * @file The kernels under TensorFlow.js' own layers, autodiff and optimizers: the same weights as on
 * cpu, on a memory that grows, nothing left behind; and what happens where they cannot be had.
 */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { makeRandom } from "../../../../core/index.ts";
import { nodeKernelFiles } from "../../../../cli/kernels.ts";
import { openBackend } from "../../../index.ts";
import { NODE_WASM_PATHS, openInNode } from "../../../testing/backends.ts";
import { distance } from "../../../testing/close.ts";
import { withLeakCheck } from "../../../testing/leaks.ts";
import { Engine } from "./engine.ts";
import { memoryOf, type WasmBackend } from "./heap.ts";
import { registerTrainingKernels, unregisterTrainingKernels } from "./index.ts";

const noise = (seed: number, ...shape: number[]): tf.Tensor => {
  const random = makeRandom(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
};

/** One of every layer that a small CNN has, 3 and 11 channels among them. */
function smallCnn(): tf.LayersModel {
  const { layers } = tf;
  return tf.sequential({
    layers: [
      layers.conv2d({
        filters: 11,
        kernelSize: 3,
        padding: "same",
        useBias: false,
        inputShape: [12, 12, 3],
      }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.conv2d({ filters: 12, kernelSize: 3, padding: "same", activation: "relu" }),
      // A bias in front of a BN has no gradient but rounding, which Adam would make steps of.
      layers.depthwiseConv2d({ kernelSize: 3, padding: "same", useBias: false }),
      layers.batchNormalization(),
      layers.reLU({ maxValue: 6 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.separableConv2d({ filters: 9, kernelSize: 3, strides: 2, depthMultiplier: 2 }),
      layers.dropout({ rate: 0.2, seed: 1 }),
      layers.averagePooling2d({ poolSize: 2, strides: 1 }),
      layers.flatten(),
      layers.dense({ units: 5, activation: "softmax" }),
    ],
  });
}

const OPTIMIZERS = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.05, 0.9),
  adam: () => tf.train.adam(0.01),
};

/** The weights after a few steps of `model.fit`, from weights that are the same on every backend. */
async function fitted(
  kind: "cpu" | "wasm",
  optimizer: keyof typeof OPTIMIZERS,
  betweenBatches: () => void = () => undefined,
): Promise<Float32Array> {
  await openInNode(kind);
  const model = smallCnn();
  const starts = model.getWeights().map((weight, at) => {
    const random = makeRandom(at);
    // BN's own start at 1 or 0; a variance below 0 would be none.
    const values = weight.dataSync<"float32">().map((v) => (v === 1 ? 1 : 0.3 * random.normal()));
    return tf.tensor(values, weight.shape);
  });
  model.setWeights(starts);
  model.compile({ optimizer: OPTIMIZERS[optimizer](), loss: "categoricalCrossentropy" });
  const [x, labels] = [
    noise(1, 10, 12, 12, 3),
    tf.tensor1d([0, 1, 2, 3, 4, 4, 3, 2, 1, 0], "int32"),
  ];
  const y = tf.oneHot(labels, 5);
  await model.fit(x, y, {
    batchSize: 5,
    epochs: 2,
    shuffle: false,
    verbose: 0,
    callbacks: { onBatchEnd: betweenBatches },
  });
  const values = model.getWeights().flatMap((weight) => [...weight.dataSync<"float32">()]);
  tf.dispose([x, y, labels, ...starts]);
  model.optimizer.dispose();
  model.dispose();
  return Float32Array.from(values);
}

function memory(): WebAssembly.Memory {
  const found = memoryOf(tf.findBackend("wasm"));
  if (typeof found === "string") throw new Error(found);
  return found;
}

const lowest = (): Int32Array => new Int32Array(memory().buffer, 0, 256);

describe("without the builds", () => {
  it("leaves everything as it was, and says why", async () => {
    await openBackend("wasm", { wasmPaths: NODE_WASM_PATHS });
    const before = tf.getKernel("Conv2DBackpropFilter", "wasm");
    const load = (): Promise<ArrayBuffer> => Promise.reject(new Error("status 404"));
    expect(await registerTrainingKernels({ load })).toEqual({
      kernels: [],
      note: "the kernels did not load (single: status 404)",
    });
    const other = { load: () => Promise.resolve(new ArrayBuffer(8)) };
    const { note } = await registerTrainingKernels(other);
    expect(note).toBe("the kernels did not load (no single here)");
    expect(tf.getKernel("Conv2DBackpropFilter", "wasm")).toBe(before);
  });
});

describe("under plain TensorFlow.js", () => {
  beforeAll(() => openInNode("wasm"));

  it.each(["sgd", "momentum", "adam"] as const)("fits a CNN by %s as on cpu", async (optimizer) => {
    const onCpu = await fitted("cpu", optimizer);
    const onWasm = await fitted("wasm", optimizer);
    expect(onWasm.every(Number.isFinite)).toBe(true);
    expect(distance(onWasm, onCpu)).toBeLessThan(1e-3);
  });

  it("leaves nothing behind", async () => {
    // TensorFlow.js' momentum itself forgets one scalar.
    await withLeakCheck(() => fitted("wasm", "sgd"));
  });

  it("goes on when the memory grows between two kernels", async () => {
    const still = await fitted("wasm", "momentum");
    const kept: tf.Tensor[] = [];
    const { buffer } = memory();
    const grown = await fitted("wasm", "momentum", () => {
      kept.push(tf.keep(tf.zeros([1 << 24])));
    });
    expect(memory().buffer).not.toBe(buffer);
    expect(grown).toEqual(still);
    tf.dispose(kept);
  });

  it("finds and leaves zeros where its control block stands", async () => {
    await fitted("wasm", "sgd", () => {
      expect(lowest().every((word) => word === 0)).toBe(true);
    });
    // TensorFlow.js alone never writes there.
    unregisterTrainingKernels();
    lowest().fill(0x5eed);
    const model = smallCnn();
    const x = noise(1, 2, 12, 12, 3);
    tf.dispose(
      tf.variableGrads(() => tf.mean(model.apply(x, { training: true }) as tf.Tensor)).grads,
    );
    expect(lowest().every((word) => word === 0x5eed)).toBe(true);
    lowest().fill(0);
    model.dispose();
    x.dispose();
    await openInNode("wasm");
  });

  it("is not put over a memory whose control block is in use", () => {
    const module = new WebAssembly.Module(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    lowest()[20] = 1;
    const answer = Engine.open(tf.findBackend("wasm"), module);
    lowest()[20] = 0;
    expect(answer).toBe("the lowest addresses of its memory are in use");
  });

  it("is not put over a backend that is otherwise inside", () => {
    const { wasm } = tf.findBackend("wasm") as unknown as WasmBackend;
    expect(memoryOf({})).toMatch(/not the wasm backend/);
    const HEAPU8 = new Uint8Array(8);
    expect(memoryOf({ wasm: { ...wasm, HEAPU8 } })).toMatch(/does not show its memory/);
  });
});

describe("without memory", () => {
  it("says so, and takes nothing", async () => {
    await openInNode("wasm");
    const { wasm } = tf.findBackend("wasm") as unknown as WasmBackend;
    const { _malloc: malloc } = wasm;
    const [x, dy] = [noise(1, 1, 8, 8, 64), noise(2, 1, 8, 8, 256)];
    const gradient = (): tf.Tensor => {
      const attributes: object = { filterShape: [3, 3, 64, 256], strides: 1, pad: "same" };
      return tf.engine().runKernel("Conv2DBackpropFilter", { x, dy }, { ...attributes });
    };
    let allowed = 0;
    const sparing = (bytes: number): number => (allowed-- > 0 ? malloc(bytes) : 0);
    Object.assign(wasm, { _malloc: sparing });
    try {
      await withLeakCheck(() => {
        expect(gradient).toThrow(/wasm memory has no 1 MB left for a tensor of \[3, 3, 64, 256\]/);
        allowed = 1;
        expect(gradient).toThrow(/wasm memory has no \d+ MB left for a kernel's workspace/);
      });
    } finally {
      Object.assign(wasm, { _malloc: malloc });
    }
    tf.dispose([gradient(), x, dy]);
  });
});

describe("registration", () => {
  it("is idempotent, and can be taken back", async () => {
    await openInNode("wasm");
    const ours = tf.getKernel("Tile", "wasm");
    const { kernels, note } = await registerTrainingKernels(nodeKernelFiles);
    expect(note).toBe("");
    expect(kernels).toContain("Tile");
    expect(tf.getKernel("Tile", "wasm")).toBe(ours);
    unregisterTrainingKernels();
    expect(tf.getKernel("Tile", "wasm")).not.toBe(ours);
    unregisterTrainingKernels();
    await registerTrainingKernels(nodeKernelFiles);
  });

  it("holds on a backend that is removed and opened anew", async () => {
    const before = await fitted("wasm", "momentum");
    const factory = tf.findBackendFactory("wasm");
    tf.removeBackend("wasm");
    tf.registerBackend("wasm", factory, 2);
    await tf.setBackend("wasm");
    // Kernels of ours, and the ones behind them that they leave cases to.
    expect(tf.tile(tf.tensor1d([1, 2]), [2]).dataSync()).toEqual(Float32Array.from([1, 2, 1, 2]));
    expect(tf.sum(tf.ones([4, 4])).dataSync()[0]).toBe(16);
    expect(await fitted("wasm", "momentum")).toEqual(before);
  });
});
