/**
 * @file The reference that the runtime is held against: every op composed of slices, products and sums
 * in plain TensorFlow.js, with TensorFlow.js' own differentiation. It shares no code with `runtime/`,
 * and no kernel of convolution or pooling, neither forward nor backward, is used.
 */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { known, makeRandom, type Shape } from "../../core/index.ts";
import {
  endsOf,
  factsOf,
  tensorName,
  type Network,
  type Node,
  type NodeName,
  type TensorName,
  type Window,
} from "../../model/index.ts";

/** What one batch yields. */
export interface Answer {
  /** The output in inference mode. */
  readonly output: Float32Array;
  /** What every node says in inference mode. */
  readonly values: ReadonlyMap<NodeName, Float32Array>;
  /** Mean cross-entropy in inference mode, and its gradients. */
  readonly frozen: {
    readonly loss: number;
    readonly gradients: ReadonlyMap<TensorName, Float32Array>;
  };
  /** Mean cross-entropy in training mode. */
  readonly loss: number;
  readonly gradients: ReadonlyMap<TensorName, Float32Array>;
  /** Running statistics after one training step. */
  readonly statistics: ReadonlyMap<TensorName, Float32Array>;
}

type Weights = Readonly<Record<string, tf.Tensor>>;
interface Mode {
  readonly training: boolean;
  /** Takes a node's new running statistics. */
  readonly note: (name: TensorName, value: tf.Tensor) => void;
}

/** Asks the reference; the cpu backend must be current. */
export function answerOf(network: Network, images: Float32Array, labels: Int32Array): Answer {
  if (tf.getBackend() !== "cpu") throw new Error("the reference runs on cpu only");
  const shape = endsOf(network).input;
  const statistics = new Map<TensorName, Float32Array>();
  return tf.tidy(() => {
    const x = tf.tensor(images, [labels.length, ...shape]);
    const store: Record<TensorName, tf.Tensor> = {};
    const trained: tf.Variable[] = [];
    for (const { node, weights } of factsOf(network).values()) {
      for (const [slot, spec] of Object.entries(weights)) {
        const name = tensorName(node.name, slot);
        const { values } = known(network.weights.get(name), name);
        const variable = tf.variable(tf.tensor(values, [...spec.shape]), true, fresh(name));
        store[name] = variable;
        if (spec.trainable) trained.push(variable);
      }
    }
    const inference: Mode = { training: false, note: () => {} };
    const values = run(network, network.output, x, store, inference);
    const logits = logitsNode(network);
    const truth = tf.oneHot(tf.tensor1d(labels, "int32"), endsOf(network).output[0] ?? 1);
    const note = (name: TensorName, value: tf.Tensor): void => {
      statistics.set(name, value.dataSync() as Float32Array);
    };
    const variables = reached(network, logits, trained);
    const learn = (mode: Mode) => {
      const { value, grads } = tf.variableGrads(() => {
        const z = known(run(network, logits, x, store, mode).get(logits), logits);
        return tf.neg(tf.mean(tf.sum(tf.mul(truth, tf.logSoftmax(z)), 1)));
      }, variables);
      return {
        loss: value.dataSync()[0] ?? Number.NaN,
        gradients: new Map(
          Object.entries(grads).map(([name, gradient]) => [
            name.slice(name.indexOf("|") + 1),
            gradient.dataSync() as Float32Array,
          ]),
        ),
      };
    };
    const read = new Map(
      [...values].map(([name, value]) => [name, value.dataSync() as Float32Array]),
    );
    const learnt = learn({ training: true, note });
    // Without a batch norm the two modes are one.
    const isNormed = network.nodes.some(({ op }) => op.kind === "batchNorm");
    const answer = {
      output: known(read.get(network.output), "output"),
      values: read,
      frozen: isNormed ? learn(inference) : learnt,
      ...learnt,
      statistics,
    };
    for (const variable of Object.values(store)) variable.dispose();
    return answer as unknown as tf.TensorContainer;
  }) as unknown as Answer;
}

let made = 0;
/** Variables' names must be unique for the life of the engine. */
const fresh = (name: TensorName): string => `${made++}|${name}`;

function logitsNode(network: Network): NodeName {
  const last = known(factsOf(network).get(network.output), network.output).node;
  return last.op.kind === "softmax" ? (last.inputs[0] ?? "") : last.name;
}

/** The variables whose nodes the output depends on: the others have no gradient. */
function reached(network: Network, output: NodeName, all: readonly tf.Variable[]): tf.Variable[] {
  const names = new Set([output]);
  for (const node of network.nodes.toReversed()) {
    if (names.has(node.name)) node.inputs.forEach((source) => names.add(source));
  }
  return all.filter(({ name }) => names.has(name.slice(name.indexOf("|") + 1).split("/")[0] ?? ""));
}

function run(
  network: Network,
  wanted: NodeName,
  x: tf.Tensor,
  store: Readonly<Record<TensorName, tf.Tensor>>,
  mode: Mode,
): ReadonlyMap<NodeName, tf.Tensor> {
  const values = new Map<NodeName, tf.Tensor>();
  for (const { node, weights, shape } of factsOf(network).values()) {
    const inputs = node.inputs.map((name) => known(values.get(name), name));
    const slots = Object.fromEntries(
      Object.keys(weights).map((slot) => [slot, known(store[tensorName(node.name, slot)], slot)]),
    );
    values.set(node.name, node.op.kind === "input" ? x : apply(node, inputs, slots, shape, mode));
    if (node.name === wanted) break;
  }
  return values;
}

// oxlint-disable-next-line typescript/consistent-return -- the switch has every kind
function apply(
  node: Node,
  inputs: readonly tf.Tensor[],
  weights: Weights,
  shape: Shape,
  mode: Mode,
): tf.Tensor {
  const { op } = node;
  const x = known(inputs[0], "an input");
  const n = x.shape[0] ?? 1;
  switch (op.kind) {
    case "input":
      return x;
    case "conv2d": {
      const kernel = known(weights["kernel"], "kernel") as tf.Tensor4D;
      const y = convolve(x as tf.Tensor4D, kernel, op, op.groups, shape);
      return op.bias ? tf.add(y, known(weights["bias"], "bias")) : y;
    }
    case "dense": {
      const y = tf.matMul(x, known(weights["kernel"], "kernel"));
      return op.bias ? tf.add(y, known(weights["bias"], "bias")) : y;
    }
    case "batchNorm":
      return normalize(node, x, weights, op, mode);
    // maximum and minimum of tie-free values, instead of the activations' own kernels.
    case "relu":
      return tf.maximum(x, 0);
    case "relu6":
      return tf.minimum(tf.maximum(x, 0), 6);
    case "elu":
      return tf.add(tf.maximum(x, 0), tf.mul(tf.sub(tf.exp(tf.minimum(x, 0)), 1), op.alpha));
    case "leakyRelu":
      return tf.add(tf.maximum(x, 0), tf.mul(tf.minimum(x, 0), op.alpha));
    case "swish":
      return tf.div(x, tf.add(tf.exp(tf.neg(x)), 1));
    case "tanh":
      return tf.sub(1, tf.div(2, tf.add(tf.exp(tf.mul(x, 2)), 1)));
    case "maxPool":
      return tf.max(tf.stack(taps(x as tf.Tensor4D, op, shape, -1e30)), 0);
    case "averagePool": {
      const seen = tf.addN(taps(tf.onesLike(x) as tf.Tensor4D, op, shape, 0));
      return tf.div(tf.addN(taps(x as tf.Tensor4D, op, shape, 0)), seen);
    }
    case "globalAveragePool":
      return tf.mean(x, [1, 2]);
    case "flatten":
      return tf.reshape(x, [n, x.size / n]);
    case "add":
      return tf.addN([...inputs]);
    case "concat":
      return tf.concat([...inputs], x.rank - 1);
    case "channelSelect": {
      const channels = tf.split(x, x.shape.at(-1) ?? 1, x.rank - 1);
      const chosen = op.indices.map((i) =>
        i < 0 ? tf.zerosLike(known(channels[0], "a channel")) : known(channels[i], "a channel"),
      );
      return tf.concat(chosen, x.rank - 1);
    }
    case "softmax": {
      const e = tf.exp(x);
      return tf.div(e, tf.sum(e, -1, true));
    }
  }
}

/** Every pixel that each window's position (i, j) sees: kh·kw maps of the output's size. */
function taps(x: tf.Tensor4D, window: Window, [h = 1, w = 1]: Shape, border: number) {
  const [n, , , c] = x.shape;
  const { size, padding, stride } = window;
  const [sh, sw] = stride;
  // Padded so far that a whole stride follows every tap; the rest of a stride is then cut off.
  const framed = tf.pad(
    x,
    [
      [0, 0],
      [padding[0], padding[1] + size[0] + sh],
      [padding[2], padding[3] + size[1] + sw],
      [0, 0],
    ],
    border,
  );
  const maps: tf.Tensor4D[] = [];
  for (let i = 0; i < size[0]; i++) {
    for (let j = 0; j < size[1]; j++) {
      const wide = tf.slice(framed, [0, i, j, 0], [n, h * sh, w * sw, c]);
      const rows = tf.slice(tf.reshape(wide, [n * h, sh, w * sw * c]), [0, 0, 0], [-1, 1, -1]);
      const pixels = tf.slice(tf.reshape(rows, [n * h * w, sw, c]), [0, 0, 0], [-1, 1, -1]);
      maps.push(tf.reshape(pixels, [n, h, w, c]));
    }
  }
  return maps;
}

function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  window: Window,
  groups: number,
  shape: Shape,
): tf.Tensor {
  const [kh, kw, cin, cout] = kernel.shape;
  const each = cout / groups;
  const seen = taps(x, window, shape, 0);
  const parts = Array.from({ length: groups }, (_, g) => {
    const products = seen.map((map, tap) => {
      const [i, j] = [Math.floor(tap / kw), tap % kw];
      const part = tf.slice(map, [0, 0, 0, g * cin], [-1, -1, -1, cin]);
      const matrix = tf.slice(kernel, [i, j, 0, g * each], [1, 1, cin, each]);
      const flat = tf.reshape(part, [map.size / map.shape[3], cin]) as tf.Tensor2D;
      return tf.matMul(flat, tf.reshape(matrix, [cin, each]));
    });
    return tf.addN(products);
  });
  if (seen.length !== kh * kw) throw new Error("a tap is missing");
  return tf.reshape(tf.concat(parts, 1), [x.shape[0], ...shape]);
}

function normalize(
  node: Node,
  x: tf.Tensor,
  weights: Weights,
  op: { readonly epsilon: number; readonly momentum: number },
  mode: Mode,
): tf.Tensor {
  const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
  const [oldMean, oldVariance] = [
    known(weights["mean"], "mean"),
    known(weights["variance"], "var"),
  ];
  let [mean, variance] = [oldMean, oldVariance];
  if (mode.training) {
    const m = x.size / (x.shape.at(-1) ?? 1);
    mean = tf.mean(x, axes);
    variance = tf.mean(tf.square(tf.sub(x, mean)), axes);
    const blend = (old: tf.Tensor, now: tf.Tensor): tf.Tensor =>
      tf.add(tf.mul(old, 1 - op.momentum), tf.mul(now, op.momentum));
    mode.note(tensorName(node.name, "mean"), blend(oldMean, mean));
    mode.note(tensorName(node.name, "variance"), blend(oldVariance, tf.mul(variance, m / (m - 1))));
  }
  const hat = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, op.epsilon)));
  return tf.add(tf.mul(hat, known(weights["gamma"], "gamma")), known(weights["beta"], "beta"));
}

/** A direction of +1 and −1 for finite differences. */
export function randomSigns(length: number, seed: number): Float32Array {
  const random = makeRandom(seed, 91);
  return Float32Array.from({ length }, () => (random.integer(2) === 0 ? -1 : 1));
}
