/**
 * @file Each op as nodes of ONNX, one function in a table each. `lower.ts` says what the translation
 * as a whole promises.
 */
import { channelsOf, type Shape } from "../../core/index.ts";
import {
  type ChannelSelect,
  type Conv2d,
  isIdentitySelection,
  type NodeFacts,
  type Op,
  type OpKind,
  type TensorName,
  tensorName,
  type Window,
} from "../../model/index.ts";
import { HWIO_TO_OIHW } from "./permute.ts";
import type { AttributeValue } from "./schema.ts";

/** What an initializer holds. */
export type Source =
  /** One of ours: seen as `view`, with its axes in another order. */
  | {
      readonly kind: "weight";
      readonly tensor: TensorName;
      readonly view: Shape;
      readonly order: readonly number[];
    }
  | { readonly kind: "integers"; readonly values: readonly number[] }
  | { readonly kind: "floats"; readonly values: readonly number[] };

/** One initializer: its name is the node's with the ending that PyTorch would give it. */
export interface LoweredTensor {
  readonly ending: string;
  readonly dims: Shape;
  readonly source: Source;
}

/** One node of theirs. */
export interface Step {
  readonly opType: string;
  /** Also reads what the node reads, before what the step before has made. */
  readonly readsInputToo?: boolean;
  /** Of initializers, behind the values that the step reads. */
  readonly tensors?: readonly LoweredTensor[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** What a lowering may look at. */
export interface Context {
  readonly facts: NodeFacts;
  /** The map that a dense layer's features were, where they stand in ONNX' order of axes. */
  readonly flattened?: Shape;
  /** True of a flatten whose readers all know that order. */
  readonly keepsOrder: boolean;
}

type Lowering<K extends OpKind> = (
  op: Extract<Op, { kind: K }>,
  context: Context,
) => readonly Step[];

const int = (value: number): AttributeValue => ({ kind: "int", value });
const ints = (value: readonly number[]): AttributeValue => ({ kind: "ints", value });
/** Rounded as the file will hold it. */
const float = (value: number): AttributeValue => ({ kind: "float", value: Math.fround(value) });

const LOWERINGS: { readonly [K in OpKind]: Lowering<K> } = {
  input: () => [],
  conv2d: lowerConv,
  batchNorm: ({ epsilon, momentum }, { facts }) => [
    {
      opType: "BatchNormalization",
      tensors: Object.entries({
        gamma: "weight",
        beta: "bias",
        mean: "running_mean",
        variance: "running_var",
      }).map(([slot, ending]) => vector(facts, slot, ending)),
      // Theirs is the share of the old statistics.
      attributes: { epsilon: float(epsilon), momentum: float(1 - momentum) },
    },
  ],
  relu: () => [{ opType: "Relu" }],
  relu6: () => [{ opType: "Clip", tensors: [number("min", 0), number("max", 6)] }],
  elu: ({ alpha }) => [{ opType: "Elu", attributes: { alpha: float(alpha) } }],
  leakyRelu: ({ alpha }) => [{ opType: "LeakyRelu", attributes: { alpha: float(alpha) } }],
  // An op of its own only since opset 24.
  swish: () => [{ opType: "Sigmoid" }, { opType: "Mul", readsInputToo: true }],
  tanh: () => [{ opType: "Tanh" }],
  maxPool: (op) => [{ opType: "MaxPool", attributes: windowAttributes(op) }],
  averagePool: (op) => [
    { opType: "AveragePool", attributes: { ...windowAttributes(op), count_include_pad: int(0) } },
  ],
  globalAveragePool: () => [{ opType: "GlobalAveragePool" }, FLATTEN],
  flatten: (_, { facts, keepsOrder }) => {
    const [h = 1, w = 1] = facts.inputs[0] ?? [];
    const isMap = facts.inputs[0]?.length === 3;
    if (!isMap || keepsOrder || h * w === 1) return [FLATTEN];
    return [{ opType: "Transpose", attributes: { perm: ints([0, 2, 3, 1]) } }, FLATTEN];
  },
  dense: lowerDense,
  add: (_, { facts }) => [{ opType: facts.inputs.length === 2 ? "Add" : "Sum" }],
  concat: () => [{ opType: "Concat", attributes: { axis: int(1) } }],
  channelSelect: lowerSelect,
  softmax: () => [{ opType: "Softmax", attributes: { axis: int(1) } }],
};

const FLATTEN: Step = { opType: "Flatten", attributes: { axis: int(1) } };

/** The steps of one node, each reading what the one before has made. */
export function lowerNode(context: Context): readonly Step[] {
  const { op } = context.facts.node;
  return (LOWERINGS[op.kind] as Lowering<OpKind>)(op, context);
}

function vector({ node, weights }: NodeFacts, slot: string, ending: string): LoweredTensor {
  const shape = weights[slot]?.shape ?? [];
  const tensor = tensorName(node.name, slot);
  return { ending, dims: shape, source: { kind: "weight", tensor, view: shape, order: [0] } };
}

const number = (ending: string, value: number): LoweredTensor => ({
  ending,
  dims: [],
  source: { kind: "floats", values: [value] },
});

const integers = (ending: string, values: readonly number[]): LoweredTensor => ({
  ending,
  dims: [values.length],
  source: { kind: "integers", values },
});

/** ONNX has the pads of both axes before, then behind. */
function windowAttributes({ size, stride, padding: [top, bottom, left, right] }: Window) {
  return {
    kernel_shape: ints(size),
    strides: ints(stride),
    pads: ints([top, left, bottom, right]),
  };
}

function lowerConv(op: Conv2d, { facts }: Context): readonly Step[] {
  const view = facts.weights["kernel"]?.shape ?? [];
  const [kh = 0, kw = 0, cin = 0, cout = 0] = view;
  const tensor = tensorName(facts.node.name, "kernel");
  const kernel: LoweredTensor = {
    ending: "weight",
    dims: [cout, cin, kh, kw],
    source: { kind: "weight", tensor, view, order: HWIO_TO_OIHW },
  };
  return [
    {
      opType: "Conv",
      tensors: op.bias ? [kernel, vector(facts, "bias", "bias")] : [kernel],
      attributes: { ...windowAttributes(op), group: int(op.groups), dilations: ints([1, 1]) },
    },
  ];
}

/** `[out, in]`, as PyTorch has it; the rows of a flattened map go from `hwc` to `chw`. */
function lowerDense(
  { bias, units }: Extract<Op, { kind: "dense" }>,
  { facts, flattened }: Context,
): readonly Step[] {
  const [features = 0] = facts.weights["kernel"]?.shape ?? [];
  const view = [...(flattened ?? [features]), units];
  const order = flattened === undefined ? [1, 0] : [3, 2, 0, 1];
  const tensor = tensorName(facts.node.name, "kernel");
  const kernel: LoweredTensor = {
    ending: "weight",
    dims: [units, features],
    source: { kind: "weight", tensor, view, order },
  };
  return [
    {
      opType: "Gemm",
      tensors: bias ? [kernel, vector(facts, "bias", "bias")] : [kernel],
      attributes: { transB: int(1) },
    },
  ];
}

/**
 * Nothing, a Pad where channels of zeros only stand around all others, or a Gather; other channels of
 * zeros are gathered from one that a Pad has put at the end. Both ops belong to every runtime's core,
 * and unlike a convolution with a one-hot kernel they cost no multiplications.
 */
function lowerSelect(op: ChannelSelect, { facts }: Context): readonly Step[] {
  const [input = []] = facts.inputs;
  const { indices } = op;
  const count = channelsOf(input);
  if (isIdentitySelection(op, count)) return [{ opType: "Identity" }];
  const before = indices.findIndex((index) => index >= 0);
  const after = indices.length - count - before;
  const inside = (i: number): boolean => i >= before && i < before + count;
  const around =
    before >= 0 &&
    after >= 0 &&
    indices.every((index, i) => index === (inside(i) ? i - before : -1));
  if (around) return [pad(input, before, after)];
  const zero = indices.includes(-1);
  const places = indices.map((index) => (index < 0 ? count : index));
  const gather: Step = {
    opType: "Gather",
    tensors: [integers("indices", places)],
    attributes: { axis: int(1) },
  };
  return zero ? [pad(input, 0, 1), gather] : [gather];
}

function pad(input: Shape, before: number, after: number): Step {
  const rest = input.length === 3 ? [0, 0] : [];
  return {
    opType: "Pad",
    tensors: [integers("pads", [0, before, ...rest, 0, after, ...rest]), number("zero", 0)],
  };
}
