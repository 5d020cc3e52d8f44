/**
 * @file Test support: the slow, obvious reference. One example through a network in double precision, each op as
 * its definition reads, batch norm by its running statistics. Other programs' answers are held against it, and it is
 * what "the same logits" means.
 */
import { invariant, known, sizeOf, type Shape } from "../../core/index.ts";
import {
  factsOf,
  tensorName,
  type Network,
  type NodeFacts,
  type NodeName,
  type Window,
} from "../index.ts";

type Values = Float64Array;
type Weight = (slot: string) => Float32Array;

/** What every node says to one image, by name; maps are `[h, w, c]` row-major. */
export function interpret(network: Network, image: ArrayLike<number>): Map<NodeName, Values> {
  const results = new Map<NodeName, Values>();
  for (const facts of factsOf(network).values()) {
    const { node } = facts;
    const inputs = node.inputs.map((name) => known(results.get(name), name));
    const weight: Weight = (slot) =>
      known(network.weights.get(tensorName(node.name, slot)), slot).values;
    const result =
      node.op.kind === "input" ? Float64Array.from(image) : compute(facts, inputs, weight);
    invariant(result.length === sizeOf(facts.shape), `${node.name} has ${result.length} values`);
    results.set(node.name, result);
  }
  return results;
}

/** The output node's values, for one input `[h, w, c]` or `[features]`. */
export function logitsOf(network: Network, image: ArrayLike<number>): Values {
  return known(interpret(network, image).get(network.output), "output");
}

function compute(facts: NodeFacts, inputs: readonly Values[], weight: Weight): Values {
  const { op } = facts.node;
  const x = inputs[0] as Values;
  const shape = facts.inputs[0] as Shape;
  const c = shape[shape.length - 1] as number;
  switch (op.kind) {
    case "conv2d":
      return conv(facts, x, weight);
    case "batchNorm":
      return x.map(
        (value, i) =>
          ((value - at(weight("mean"), i % c)) /
            Math.sqrt(at(weight("variance"), i % c) + op.epsilon)) *
            at(weight("gamma"), i % c) +
          at(weight("beta"), i % c),
      );
    case "relu":
      return x.map((value) => Math.max(0, value));
    case "relu6":
      return x.map((value) => Math.min(6, Math.max(0, value)));
    case "elu":
      return x.map((value) => (value > 0 ? value : op.alpha * Math.expm1(value)));
    case "leakyRelu":
      return x.map((value) => (value > 0 ? value : op.alpha * value));
    case "swish":
      return x.map((value) => value / (1 + Math.exp(-value)));
    case "tanh":
      return x.map((value) => Math.tanh(value));
    case "maxPool":
    case "averagePool":
      return pool(facts, x);
    case "globalAveragePool":
      return Float64Array.from({ length: c }, (_, j) => {
        let sum = 0;
        for (let i = j; i < x.length; i += c) sum += at(x, i);
        return (sum * c) / x.length;
      });
    case "flatten":
      return x;
    case "dense":
      return Float64Array.from({ length: op.units }, (_, j) => {
        let sum = op.bias ? at(weight("bias"), j) : 0;
        for (let i = 0; i < x.length; i++) sum += at(x, i) * at(weight("kernel"), i * op.units + j);
        return sum;
      });
    case "add":
      return x.map((_, i) => inputs.reduce((sum, values) => sum + at(values, i), 0));
    case "concat":
      return concat(facts, inputs);
    case "channelSelect":
      return Float64Array.from({ length: sizeOf(facts.shape) }, (_, i) => {
        const index = op.indices[i % op.indices.length] as number;
        return index < 0 ? 0 : at(x, Math.floor(i / op.indices.length) * c + index);
      });
    case "softmax": {
      const shifted = x.map((value) => Math.exp(value - Math.max(...x)));
      const total = shifted.reduce((sum, value) => sum + value, 0);
      return shifted.map((value) => value / total);
    }
    case "input":
      break;
  }
  throw new Error(`internal: ${op.kind} computes nothing`);
}

const at = (values: ArrayLike<number>, index: number): number => values[index] as number;

/** Every output place with the input places that its window sees: `(out, in, ky, kx)`, `in` = −1 outside. */
function slideOver(
  { inputs, shape }: NodeFacts,
  { size, stride, padding }: Window,
  visit: (out: number, source: number, tap: number) => void,
): void {
  const [h = 0, w = 0] = inputs[0] as Shape;
  const [oh = 0, ow = 0] = shape;
  for (let y = 0; y < oh; y++) {
    for (let x = 0; x < ow; x++) {
      for (let ky = 0; ky < size[0]; ky++) {
        for (let kx = 0; kx < size[1]; kx++) {
          const [iy, ix] = [y * stride[0] - padding[0] + ky, x * stride[1] - padding[2] + kx];
          if (iy < 0 || ix < 0 || iy >= h || ix >= w) continue;
          visit(y * ow + x, iy * w + ix, ky * size[1] + kx);
        }
      }
    }
  }
}

function conv(facts: NodeFacts, x: Values, weight: Weight): Values {
  const { op } = facts.node;
  invariant(op.kind === "conv2d", "a convolution");
  const cin = (facts.inputs[0] as Shape)[2] as number;
  const [inner, outer] = [cin / op.groups, op.filters / op.groups];
  const kernel = weight("kernel");
  const out = new Float64Array(sizeOf(facts.shape));
  if (op.bias) for (let i = 0; i < out.length; i++) out[i] = at(weight("bias"), i % op.filters);
  slideOver(facts, op, (to, from, tap) => {
    for (let j = 0; j < op.filters; j++) {
      const group = Math.floor(j / outer);
      let sum = 0;
      for (let i = 0; i < inner; i++) {
        sum +=
          at(x, from * cin + group * inner + i) * at(kernel, (tap * inner + i) * op.filters + j);
      }
      out[to * op.filters + j] = at(out, to * op.filters + j) + sum;
    }
  });
  return out;
}

function pool(facts: NodeFacts, x: Values): Values {
  const { op } = facts.node;
  invariant(op.kind === "maxPool" || op.kind === "averagePool", "a pooling");
  const c = facts.shape[2] as number;
  const out = new Float64Array(sizeOf(facts.shape)).fill(op.kind === "maxPool" ? -Infinity : 0);
  const counts = new Float64Array(out.length / c);
  slideOver(facts, op, (to, from) => {
    counts[to] = at(counts, to) + 1;
    for (let j = 0; j < c; j++) {
      const [seen, value] = [at(out, to * c + j), at(x, from * c + j)];
      out[to * c + j] = op.kind === "maxPool" ? Math.max(seen, value) : seen + value;
    }
  });
  return op.kind === "maxPool" ? out : out.map((sum, i) => sum / at(counts, Math.floor(i / c)));
}

function concat({ inputs: shapes, shape }: NodeFacts, inputs: readonly Values[]): Values {
  const total = shape[shape.length - 1] as number;
  const out = new Float64Array(sizeOf(shape));
  let first = 0;
  for (const [k, values] of inputs.entries()) {
    const own = shapes[k] as Shape;
    const c = own[own.length - 1] as number;
    for (let i = 0; i < values.length; i++) {
      out[Math.floor(i / c) * total + first + (i % c)] = at(values, i);
    }
    first += c;
  }
  return out;
}
