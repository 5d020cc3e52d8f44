/**
 * @file Five steps against PyTorch 1.13 (tests/goldens/trainer-parity-a): loss, every parameter and
 * every running statistic after each step, and the inference logits at the end. One γ starts at
 * exactly 0 and must not be moved by the L1 step; one is negative.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CIFAR10_CLASSES, CIFAR10_NORMALIZATION, makeBatch, type Dataset } from "../data/index.ts";
import { GraphBuilder, validateNetwork, type Network, type Tensor } from "../model/index.ts";
import { compile, type StepSettings } from "../runtime/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";

type Nested = number | readonly Nested[];
type State = Readonly<Record<string, Nested>>;

interface Golden {
  readonly initial_state: State;
  readonly tolerance: Readonly<Record<"loss_abs" | "param_abs" | "running_abs", number>>;
  readonly variants: {
    readonly peer: {
      readonly hyper: Readonly<Record<"lr" | "mom" | "wd" | "s", number>>;
      readonly steps: readonly { readonly loss: number; readonly state: State }[];
      readonly eval_logits_first8_train_images_after: Nested;
    };
  };
}

const folder = new URL("../../tests/goldens/trainer-parity-a/", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Golden;
const { hyper, steps, eval_logits_first8_train_images_after: finalLogits } = golden.variants.peer;
const { tolerance } = golden;
const BATCH = 8;

const SLOTS: Readonly<Record<string, string>> = {
  weight: "kernel",
  running_mean: "mean",
  running_var: "variance",
};

/** PyTorch's name → ours: `bn1.weight` is a scale, every other weight a kernel. */
function ourName(name: string): string {
  const [node = "", slot = ""] = name.split(".");
  if (node.startsWith("bn") && slot === "weight") return `${node}/gamma`;
  if (node.startsWith("bn") && slot === "bias") return `${node}/beta`;
  return `${node}/${SLOTS[slot] ?? slot}`;
}

function shapeOf(value: Nested): number[] {
  return typeof value === "number" ? [] : [value.length, ...shapeOf(value[0] ?? 0)];
}

/** OIHW → HWIO, `[out, in]` → `[in, out]`, vectors as they are. */
function toOurs(value: Nested): Tensor {
  const shape = shapeOf(value);
  const flat = (Array.isArray(value) ? value.flat(3) : [value]) as number[];
  const axes = shape.length === 4 ? [2, 3, 1, 0] : shape.length === 2 ? [1, 0] : [0];
  const turned = axes.map((axis) => shape[axis] ?? 1);
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const values = Float32Array.from({ length: flat.length }, (_, position) => {
    let [rest, from] = [position, 0];
    for (let i = axes.length - 1; i >= 0; i--) {
      const size = turned[i] ?? 1;
      from += (rest % size) * (strides[axes[i] ?? 0] ?? 1);
      rest = Math.floor(rest / size);
    }
    return flat[from] ?? Number.NaN;
  });
  return { shape: turned, values };
}

function toOurState(state: State): Map<string, Tensor> {
  return new Map(Object.entries(state).map(([name, value]) => [ourName(name), toOurs(value)]));
}

function goldenNetwork(): Network {
  const b = new GraphBuilder();
  let x = b.conv("conv1", b.input([32, 32, 3]), { filters: 4 });
  x = b.maxPool("pool", b.relu("relu1", b.bn("bn1", x)));
  x = b.relu("relu2", b.bn("bn2", b.conv("conv2", x, { filters: 8 })));
  x = b.add("gap", { kind: "globalAveragePool" }, x);
  x = b.add("fc", { kind: "dense", units: 10, bias: true }, x);
  const weights = toOurState(golden.initial_state);
  const network = { ...b.finish("parity", x), weights, metadata: {} };
  validateNetwork(network);
  return network;
}

function goldenImages(): Dataset {
  const records = readFileSync(new URL("batches.bin", folder));
  const count = records.length / 3073;
  const pixels = new Uint8Array(count * 3072);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = records[i * 3073] ?? 0;
    for (let p = 0; p < 1024; p++) {
      for (let c = 0; c < 3; c++) {
        pixels[i * 3072 + p * 3 + c] = records[i * 3073 + 1 + c * 1024 + p] ?? 0;
      }
    }
  }
  return { name: "golden", classes: CIFAR10_CLASSES, shape: [32, 32, 3], pixels, labels };
}

function worst(actual: Float32Array, expected: Float32Array): number {
  return actual.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))),
    0,
  );
}

const SETTINGS: StepSettings = {
  learningRate: hyper.lr,
  momentum: hyper.mom,
  weightDecay: hyper.wd,
  sparsity: hyper.s,
  sparsityForm: "subgradient",
};

describe.each(["cpu", "wasm"] as const)("training steps on %s", (kind) => {
  it("are PyTorch's, step by step, to the golden tolerance", async () => {
    const program = compile(goldenNetwork(), await openInNode(kind), BATCH);
    const images = goldenImages();
    for (const [step, wanted] of steps.entries()) {
      const indices = Uint32Array.from({ length: BATCH }, (_, i) => step * BATCH + i);
      const batch = makeBatch(images, indices, CIFAR10_NORMALIZATION);
      const { loss } = await program.step(batch.images, batch.labels, SETTINGS);
      expect(Math.abs(loss - wanted.loss)).toBeLessThanOrEqual(tolerance.loss_abs);
      const now = await program.read();
      for (const [name, tensor] of toOurState(wanted.state)) {
        const limit = /mean|variance/.test(name) ? tolerance.running_abs : tolerance.param_abs;
        const actual = now.get(name)?.values ?? new Float32Array();
        expect(worst(actual, tensor.values), `${name} after step ${step + 1}`).toBeLessThan(limit);
      }
    }
    const first = makeBatch(
      images,
      Uint32Array.from({ length: BATCH }, (_, i) => i),
      CIFAR10_NORMALIZATION,
    );
    const logits = await program.forward(first.images);
    const wanted = Float32Array.from((finalLogits as Nested[]).flat(1) as number[]);
    expect(logits.length).toBe(wanted.length);
    expect(worst(logits, wanted)).toBeLessThan(1e-3);
    program.dispose();
  });
});
