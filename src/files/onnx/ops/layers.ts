/** @file Layers with weights: convolution, batch norm, dense. Kernels become ours here. */
import { showShape, sizeOf } from "../../../core/index.ts";
import type { Call } from "../call.ts";
import { OIHW_TO_HWIO, permute } from "../permute.ts";
import { type Activation, type Axis, channels, type Floats, shortest } from "../values.ts";
import { MAP, readWindow } from "./windows.ts";

const VECTOR: readonly Axis[] = ["n", "c"];

/** Conv, over two axes of space. */
export function readConv(call: Call): Activation {
  const input = call.padded(0);
  const weight = call.floats(1);
  const [filters = 0, depth = 0, ...size] = weight.dims;
  if (weight.dims.length !== 4) {
    throw call.refusal(call.input(1), {
      expected: "the kernel of a 2-D convolution",
      found: showShape(weight.dims),
    });
  }
  call.expectAxes(input, MAP);
  const groups = call.int("group", 1);
  if (depth * groups !== channels(input)) {
    throw call.refusal(call.input(1), {
      expected: `a kernel for ${channels(input)} channels in ${groups} groups`,
      found: showShape(weight.dims),
    });
  }
  const bias = call.has(2);
  const window = readWindow(call, input, size);
  call.spendValues(weight.values.length);
  const kernel = permute(weight.values, weight.dims, OIHW_TO_HWIO);
  return call.add({ kind: "conv2d", filters, groups, bias, ...window }, [input], MAP, {
    weights: { kernel, ...(bias ? { bias: call.floats(2).values } : {}) },
    weight: weight.name,
  });
}

/** BatchNormalization with its running statistics. */
export function readBatchNorm(call: Call): Activation {
  const input = call.activation(0);
  if (call.int("training_mode", 0) !== 0 || call.int("spatial", 1) !== 1) {
    throw call.refusal("training_mode", {
      expected: "running statistics per channel",
      found: "another mode",
      hint: "export the network in evaluation mode",
    });
  }
  if (input.axes[1] !== "c" && input.axes.includes("c")) call.expectAxes(input, MAP);
  const count = channels(input);
  const slots = ["gamma", "beta", "mean", "variance"].map((slot, i) => {
    const { values, dims } = call.floats(i + 1);
    if (values.length !== count) {
      throw call.refusal(call.input(i + 1), {
        expected: `${count} values`,
        found: showShape(dims),
      });
    }
    return [slot, reordered(values, input)] as const;
  });
  // Theirs is the share of the old statistics, ours that of the new batch.
  const momentum = shortest(1 - shortest(call.float("momentum", 0.9)));
  const epsilon = shortest(call.float("epsilon", 1e-5));
  const added = call.add({ kind: "batchNorm", epsilon, momentum }, [input], input.axes, {
    weights: Object.fromEntries(slots),
    weight: call.floats(1).name,
  });
  return { ...added, ...(input.feature === undefined ? {} : { feature: input.feature }) };
}

/** Gemm: α · x · B + β · C, the factors going into the weights. */
export function readGemm(call: Call): Activation {
  if (call.int("transA", 0) !== 0) {
    throw call.refusal("transA", { expected: "0", found: "1" });
  }
  const order = call.int("transB", 0) === 0 ? IN_OUT : OUT_IN;
  return readDense(call, order, call.float("alpha", 1), call.float("beta", 1));
}

/** MatMul by a constant; a bias, when there is one, comes as an Add behind it. */
export function readMatMul(call: Call): Activation {
  return readDense(call, IN_OUT, 1, 1);
}

/** Which of the kernel's axes goes in, which out. */
const IN_OUT: readonly number[] = [0, 1];
const OUT_IN: readonly number[] = [1, 0];

function readDense(call: Call, order: readonly number[], alpha: number, beta: number): Activation {
  const input = call.activation(0);
  const weight = call.floats(1);
  call.expectAxes(input, VECTOR);
  const [features = 0, units = 0] = order.map((axis) => weight.dims[axis] ?? 0);
  if (weight.dims.length !== 2 || features !== channels(input)) {
    throw call.refusal(call.input(1), {
      expected: `a kernel for ${channels(input)} features`,
      found: showShape(weight.dims),
    });
  }
  call.spendValues(weight.values.length);
  const kernel = permute(weight.values, weight.dims, order);
  const bias = call.has(2) ? spread(call, call.floats(2), units) : undefined;
  const weights = {
    kernel: scaled(reordered(kernel, input), alpha),
    ...(bias === undefined ? {} : { bias: scaled(bias, beta) }),
  };
  const op = { kind: "dense", units, bias: bias !== undefined } as const;
  return call.add(op, [input], VECTOR, { weights, weight: weight.name });
}

/** A bias of one number, or one per unit. */
function spread(call: Call, { dims, values }: Floats, units: number): Float32Array {
  const last = dims.at(-1) ?? 1;
  if (sizeOf(dims) !== last || (last !== units && last !== 1) || last === 0) {
    throw call.refusal(call.input(2), { expected: `${units} values`, found: showShape(dims) });
  }
  return last === units ? values : new Float32Array(units).fill(values[0] as number);
}

function scaled(values: Float32Array, factor: number): Float32Array {
  return factor === 1 ? values : values.map((value) => value * factor);
}

/** Rows that stand in their order of features, in ours. */
function reordered(rows: Float32Array, input: Activation): Float32Array {
  const { feature } = input;
  if (feature === undefined) return rows;
  const width = rows.length / channels(input);
  const ordered = new Float32Array(rows.length);
  for (let j = 0; j < channels(input); j++) {
    ordered.set(rows.subarray(j * width, (j + 1) * width), feature(j) * width);
  }
  return ordered;
}
