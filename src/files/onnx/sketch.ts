/**
 * @file What can be understood of a graph with ops that are not ours. Nodes are read one by one, as for a network; one
 * that is refused hands on a shape where ONNX says that it keeps its input's or broadcasts its inputs', and nothing
 * otherwise. What comes behind nothing has no shape, but its weights are counted all the same.
 */
import { AppError, sameShape } from "../../core/index.ts";
import { at } from "../bytes.ts";
import { noSuchOp, reasonOf, type Sketch, type SketchLayer } from "../sketch.ts";
import { broadcast } from "./broadcast.ts";
import type { Budget } from "./budget.ts";
import { Call, type Surroundings } from "./call.ts";
import { NetworkDraft } from "./draft.ts";
import { titleOf } from "./names.ts";
import { OPS } from "./ops/index.ts";
import { nodeName, readersOf, readInput } from "./outline.ts";
import type { Outside } from "./outside.ts";
import type { ModelProto, NodeProto, TensorProto, ValueInfo } from "./schema.ts";
import { readTensor, typeName } from "./tensors.ts";
import { type Activation, fresh, type Value } from "./values.ts";

/** Ops whose output has their first input's shape, by ONNX' definition. */
const KEEPS_SHAPE = new Set(
  (
    "Abs Acos Asin Atan BatchNormalization Cast Ceil Celu Clip Cos Dropout Elu Erf Exp Floor Gelu " +
    "GroupNormalization HardSigmoid HardSwish Hardmax Identity InstanceNormalization LRN LayerNormalization " +
    "LeakyRelu Log LogSoftmax LpNormalization MeanVarianceNormalization Mish Neg PRelu QuickGelu " +
    "RMSNormalization Reciprocal Relu Round Selu Shrink Sigmoid Sign Silu SimplifiedLayerNormalization Sin " +
    "Softmax Softplus Softsign Sqrt Swish Tanh ThresholdedRelu"
  ).split(" "),
);

/** Ops whose inputs are repeated until they fit each other. */
const BROADCASTS = new Set("Add Div Max Mean Min Mod Mul Pow Sub Sum Where".split(" "));

/** Ops that multiply and accumulate: their number is unknown where their shape is. */
const COMPUTES = new Set(
  "Attention Conv ConvInteger ConvTranspose DeformConv Einsum GRU Gemm LSTM MatMul MatMulInteger MultiHeadAttention QLinearConv QLinearMatMul RNN".split(
    " ",
  ),
);

/** Ops that arrange or compare: their constants are settings and no weights, and they accumulate no products. */
const ARRANGES = new Set(
  (
    "ArgMax ArgMin Clip ConstantOfShape DepthToSpace DequantizeLinear DynamicQuantizeLinear Equal Expand " +
    "GlobalMaxPool Greater Less NonMaxSuppression Pad Pow QuantizeLinear Range ReduceMax ReduceMin Resize " +
    "Slice SpaceToDepth Split Tile TopK Upsample"
  ).split(" "),
);

/** Inputs of a batch norm that are trained: scale and bias. */
const TRAINED_OF_NORM = new Set([1, 2]);

interface Around {
  readonly model: ModelProto;
  readonly where: string;
  readonly budget: Budget;
  readonly outside: Outside;
}

/**
 * Draws a model.
 * @throws AppError where a weight that is asked for cannot be read, or the file asks for too much
 */
export function sketchModel(around: Around): Sketch {
  const drawer = new Drawer(around);
  const layers = [
    ...drawer.inputs(),
    ...around.model.graph.nodes
      .filter(({ opType }) => opType !== "Constant")
      .map((node) => drawer.draw(node)),
  ];
  return { name: titleOf(around.where), layers, scales: Float32Array.from(drawer.scales) };
}

/** Names and what is known of them; a name that is not known has no value. */
class Drawer {
  readonly scales: number[] = [];
  readonly #around: Around;
  readonly #values = new Map<string, Value>();
  readonly #initializers: ReadonlyMap<string, TensorProto>;
  /** Weights that are still to be counted, by the name of what is constant; null where they cannot be. */
  readonly #left = new Map<string, number | null>();
  readonly #readers: ReadonlyMap<string, number>;
  readonly #surroundings: Surroundings;

  constructor(around: Around) {
    const { model, budget } = around;
    this.#around = around;
    this.#initializers = new Map(model.graph.initializers.map((one) => [one.name, one]));
    this.#readers = readersOf(model.graph);
    this.#surroundings = {
      draft: new NetworkDraft(),
      budget,
      opset: model.opsets.get("") ?? 0,
      batch: undefined,
      notes: [],
      value: (name, where) => {
        const value = this.#value(name);
        if (value !== undefined) return value;
        throw new AppError("files/missing-part", { where, found: name });
      },
    };
    for (const one of model.graph.initializers) this.#left.set(one.name, weightsIn(one));
    this.#readConstants();
  }

  /** What comes in from outside. */
  inputs(): SketchLayer[] {
    const { inputs } = this.#around.model.graph;
    return inputs
      .filter(({ name }) => !this.#initializers.has(name))
      .map((input) => this.#input(input));
  }

  #input(input: ValueInfo): SketchLayer {
    const { model, where } = this.#around;
    const layer = { name: input.name, op: "input", parameters: 0, macs: 0, problem: null };
    try {
      const { axes, shape } = readInput(input, model.graph.nodes, where);
      const op = { kind: "input", shape } as const;
      const added = this.#surroundings.draft.add({ wanted: "input", op, inputs: [], where });
      this.#set(input.name, fresh(added.node, shape, axes));
      return { ...layer, shape };
    } catch (error) {
      if (error instanceof AppError) return { ...layer, shape: null };
      throw error;
    }
  }

  draw(node: NodeProto): SketchLayer {
    const { draft } = this.#surroundings;
    const start = draft.size;
    const { value, problem } = this.#read(node);
    const [output] = node.outputs;
    const handed = value ?? this.#kept(node);
    if (output !== undefined && handed !== undefined) this.#set(output, handed);
    if (node.opType === "BatchNormalization") this.#takeScales(node);
    const parameters = this.#weightsOf(node);
    return {
      name: nodeName(node),
      op: opOf(node),
      shape: handed?.kind === "activation" ? handed.shape : null,
      parameters,
      macs: value !== undefined ? draft.macsFrom(start) : mayCompute(node) ? null : 0,
      problem,
    };
  }

  /** As for a network: nothing may be folded into what more than one op reads. */
  #set(name: string, value: Value): void {
    const isActivation = value.kind === "activation";
    const sole = isActivation && value.sole && this.#readers.get(name) === 1;
    this.#values.set(name, isActivation ? { ...value, sole } : value);
  }

  /** As for a network. What only lacks its inputs is no problem of its own. */
  #read(node: NodeProto): { readonly value?: Value; readonly problem: string | null } {
    const read = node.domain === "" ? OPS.get(node.opType) : undefined;
    if (read === undefined) return { problem: noSuchOp(opOf(node)) };
    if (node.inputs.some((name) => name !== "" && this.#value(name) === undefined)) {
      return { problem: null };
    }
    try {
      const where = at(this.#around.where, nodeName(node));
      return { value: read(new Call(node, where, this.#surroundings)), problem: null };
    } catch (error) {
      if (error instanceof AppError) return { problem: reasonOf(error) };
      throw error;
    }
  }

  /** What an op that was not read hands on. */
  #kept(node: NodeProto): Value | undefined {
    const { opType, inputs } = node;
    if (KEEPS_SHAPE.has(opType)) {
      const first = this.#value(inputs[0] ?? "");
      return first?.kind === "activation" ? handedOn(first) : undefined;
    }
    if (!BROADCASTS.has(opType)) return undefined;
    const values = inputs.map((name) => this.#value(name)).filter((value) => value !== undefined);
    return values.length === inputs.length ? this.#broadcast(node, values) : undefined;
  }

  /** The input that has the output's shape, or something new of that shape. */
  #broadcast(node: NodeProto, values: readonly Value[]): Activation | undefined {
    const made = broadcast(values);
    if (made === undefined) return undefined;
    const { shape, axes } = made;
    const activations = values.filter((value) => value.kind === "activation");
    const same = activations.find(
      (one) => sameShape(one.shape, shape) && one.axes.join() === axes.join(),
    );
    if (same !== undefined) return handedOn(same);
    // In which order the features of a vector are is not known of a new one.
    if (activations.some(({ feature }) => feature !== undefined)) return undefined;
    const where = at(this.#around.where, nodeName(node));
    const op = { kind: "input", shape } as const;
    try {
      const added = this.#surroundings.draft.add({ wanted: "input", op, inputs: [], where });
      return handedOn(fresh(added.node, shape, axes));
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  #value(name: string): Value | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const tensor = this.#initializers.get(name);
    if (tensor === undefined) return undefined;
    try {
      const value = readTensor(tensor, at(this.#around.where, name), this.#around.outside);
      this.#values.set(name, value);
      return value;
    } catch (error) {
      // Weights of another type are no reason not to look at the rest.
      if (error instanceof AppError && error.code !== "files/over-limit") return undefined;
      throw error;
    }
  }

  #readConstants(): void {
    for (const node of this.#around.model.graph.nodes) {
      const [output] = node.outputs;
      if (node.opType !== "Constant" || output === undefined) continue;
      const { value } = this.#read(node);
      if (value !== undefined) this.#values.set(output, value);
      this.#left.set(output, weightsWithin(node));
    }
  }

  /** Each weight counts where it is read first, be it by an op that only prepares it for another. */
  #weightsOf(node: NodeProto): number | null {
    const { opType, inputs } = node;
    const isNorm = opType === "BatchNormalization";
    const isConstant = inputs.every((name) => name === "" || this.#left.has(name));
    let sum = 0;
    let isWhole = true;
    for (const [i, name] of inputs.entries()) {
      const count = this.#left.get(name);
      if (count === undefined || ARRANGES.has(opType)) continue;
      if (isNorm && !TRAINED_OF_NORM.has(i)) continue;
      // What cannot be counted is missing where it meets what the network computes.
      if (count === null) isWhole &&= isConstant;
      else this.#left.set(name, 0);
      sum += count ?? 0;
    }
    if (isConstant) this.#handOnWeights(node);
    return isWhole && Number.isSafeInteger(sum) ? sum : null;
  }

  /** What is made of constants alone is constant; what was not counted up to here cannot be any more. */
  #handOnWeights({ opType, inputs, outputs }: NodeProto): void {
    const isCounted = inputs.every((name) => name === "" || this.#left.get(name) === 0);
    const isPacked = opType === "DequantizeLinear";
    for (const output of outputs) this.#left.set(output, isCounted && !isPacked ? 0 : null);
  }

  #takeScales({ inputs }: NodeProto): void {
    const value = this.#value(inputs[1] ?? "");
    if (value?.kind !== "floats") return;
    for (const scale of value.values) if (Number.isFinite(scale)) this.scales.push(Math.abs(scale));
  }
}

/** Types of what weights are packed into; wider integers are shapes, indices and biases beside such weights. */
const PACKED = /^(?:u?int(?:8|16)|type \d+)$/;

/** Weights in a constant: none where it is a single number or no weight by its type, null for packed ones. */
function weightsIn({ dims, dataType }: TensorProto): number | null {
  const type = typeName(dataType);
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (PACKED.test(type)) return size === 1 ? 0 : null;
  if (dims.length === 0 || !/float/.test(type)) return 0;
  return Number.isSafeInteger(size) && size >= 0 ? size : null;
}

/** The same of a Constant node, which may hold its numbers in other ways than as a tensor. */
function weightsWithin({ attributes }: NodeProto): number | null {
  const [attribute] = attributes.values();
  if (attribute?.kind === "tensor") return weightsIn(attribute.value);
  return attribute === undefined || attribute.kind === "other" ? null : 0;
}

/** Of an op that was not read: whether it may multiply and accumulate. One that nobody knows may. */
function mayCompute({ domain, opType }: NodeProto): boolean {
  if (COMPUTES.has(opType)) return true;
  const isOurs = domain === "" && OPS.has(opType);
  return !isOurs && ![KEEPS_SHAPE, BROADCASTS, ARRANGES].some((ops) => ops.has(opType));
}

/** Nothing is folded past a node that was not read, and no Sigmoid waits for its other half. */
function handedOn(value: Activation): Activation {
  const { sigmoid: _, ...rest } = value;
  return { ...rest, sole: false };
}

function opOf({ domain, opType }: NodeProto): string {
  return domain === "" ? opType : `${domain}.${opType}`;
}
