/**
 * @file Test support: the slow, obvious forward pass in double precision, one example at a time, batch
 * norm by its running statistics. It is what "the same logits" means in this room's tests.
 */
import { channelsOf, known, sizeOf, type Shape } from "../../core/index.ts";
import {
  factsOf,
  tensorName,
  type Network,
  type NodeFacts,
  type NodeName,
  type Window,
} from "../../model/index.ts";

/** What every node says to one image, by name; maps are `[h, w, c]` row-major. */
export function interpret(network: Network, image: Float64Array): Map<NodeName, Float64Array> {
  const values = new Map<NodeName, Float64Array>();
  for (const facts of factsOf(network).values()) {
    const inputs = facts.node.inputs.map((name) => known(values.get(name), name));
    values.set(facts.node.name, run(network, facts, inputs, image));
  }
  return values;
}

/** The output node's values. */
export function logitsOf(network: Network, image: Float64Array): Float64Array {
  return known(interpret(network, image).get(network.output), "output");
}

function run(
  network: Network,
  facts: NodeFacts,
  inputs: readonly Float64Array[],
  image: Float64Array,
): Float64Array {
  const { node, inputs: shapes, shape } = facts;
  const { op } = node;
  const [x = image] = inputs;
  const c = channelsOf(shapes[0] ?? shape);
  const weight = (slot: string): Float32Array =>
    known(network.weights.get(tensorName(node.name, slot)), slot).values;
  switch (op.kind) {
    case "input":
    case "flatten":
      return x;
    case "relu":
      return x.map((v) => Math.max(v, 0));
    case "relu6":
      return x.map((v) => Math.min(Math.max(v, 0), 6));
    case "elu":
      return x.map((value) => (value > 0 ? value : op.alpha * Math.expm1(value)));
    case "leakyRelu":
      return x.map((value) => (value > 0 ? value : op.alpha * value));
    case "swish":
      return x.map((value) => value / (1 + Math.exp(-value)));
    case "tanh":
      return x.map((value) => Math.tanh(value));
    case "batchNorm": {
      const [gamma, beta, mean, variance] = ["gamma", "beta", "mean", "variance"].map(weight);
      const at = (of: Float32Array | undefined, i: number): number => of?.[i % c] ?? NaN;
      return x.map((v, i) => {
        const deviation = Math.sqrt(at(variance, i) + op.epsilon);
        return (at(gamma, i) * (v - at(mean, i))) / deviation + at(beta, i);
      });
    }
    case "add":
      return x.map((_, i) => inputs.reduce((sum, input) => sum + known(input[i], "term"), 0));
    case "softmax": {
      const top = Math.max(...x);
      const sum = x.reduce((total, v) => total + Math.exp(v - top), 0);
      return x.map((v) => Math.exp(v - top) / sum);
    }
    case "dense": {
      const kernel = weight("kernel");
      return Float64Array.from({ length: op.units }, (_, unit) =>
        x.reduce(
          (sum, v, i) => sum + v * known(kernel[i * op.units + unit], "kernel"),
          op.bias ? known(weight("bias")[unit], "bias") : 0,
        ),
      );
    }
    case "globalAveragePool":
      return Float64Array.from({ length: c }, (_, j) => {
        let sum = 0;
        for (let i = j; i < x.length; i += c) sum += known(x[i], "pixel");
        return (sum * c) / x.length;
      });
    case "concat":
    case "channelSelect": {
      const rows = sizeOf(shape) / channelsOf(shape);
      return Float64Array.from(
        Array.from({ length: rows }, (_, row) =>
          op.kind === "concat"
            ? inputs.flatMap((input) => rowOf(input, input.length / rows, row))
            : op.indices.map((index) => rowOf(x, c, row)[index] ?? 0),
        ).flat(),
      );
    }
    case "maxPool":
      return slideOver(op, shapes[0] ?? [], shape, (pixels, j) =>
        Math.max(...pixels.map(({ at }) => known(x[at + j], "pixel"))),
      );
    case "averagePool":
      return slideOver(
        op,
        shapes[0] ?? [],
        shape,
        (pixels, j) =>
          pixels.reduce((sum, { at }) => sum + known(x[at + j], "pixel"), 0) / pixels.length,
      );
    case "conv2d": {
      const kernel = weight("kernel");
      const width = c / op.groups;
      return slideOver(op, shapes[0] ?? [], shape, (pixels, j) => {
        const first = Math.floor(j / (op.filters / op.groups)) * width;
        let sum = op.bias ? known(weight("bias")[j], "bias") : 0;
        for (const { at, tap } of pixels) {
          for (let i = 0; i < width; i++) {
            const k = known(kernel[(tap * width + i) * op.filters + j], "kernel");
            sum += k * known(x[at + first + i], "pixel");
          }
        }
        return sum;
      });
    }
  }
  return op satisfies never;
}

const rowOf = (values: Float64Array, width: number, row: number): number[] => [
  ...values.subarray(row * width, (row + 1) * width),
];

/** One pixel under the window: where its channels begin, and which tap of the kernel it meets. */
interface Pixel {
  readonly at: number;
  readonly tap: number;
}

function slideOver(
  { size, stride, padding }: Window,
  [h = 0, w = 0, cin = 0]: Shape,
  [oh = 0, ow = 0, cout = 0]: Shape,
  of: (pixels: readonly Pixel[], channel: number) => number,
): Float64Array {
  const out: number[] = [];
  for (let oy = 0; oy < oh; oy++) {
    for (let ox = 0; ox < ow; ox++) {
      const pixels: Pixel[] = [];
      for (let ky = 0; ky < size[0]; ky++) {
        for (let kx = 0; kx < size[1]; kx++) {
          const y = oy * stride[0] + ky - padding[0];
          const x = ox * stride[1] + kx - padding[2];
          if (y < 0 || y >= h || x < 0 || x >= w) continue;
          pixels.push({ at: (y * w + x) * cin, tap: ky * size[1] + kx });
        }
      }
      for (let j = 0; j < cout; j++) out.push(of(pixels, j));
    }
  }
  return Float64Array.from(out);
}
