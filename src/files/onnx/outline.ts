/**
 * @file The outline of a graph before one op is looked at: versions, names that stand once, one input
 * and one output, and only ops that are known. What does not pass is refused with all its names.
 */
import { AppError, printable } from "../../core/index.ts";
import { at } from "../bytes.ts";
import { checkChannels } from "../graph.ts";
import { type InputSize, openSize } from "../input-size.ts";
import type { GraphProto, ModelProto, NodeProto, ValueInfo } from "./schema.ts";
import { typeName } from "./tensors.ts";
import { OPS } from "./ops/index.ts";
import type { Axis } from "./values.ts";

/** Before opset 7 broadcasting had rules of its own. */
const OLDEST_OPSET = 7;
/** ONNX 1.21; what a later opset means by an op is not known yet. */
const NEWEST_OPSET = 26;

/** What every op may ask of the whole. */
export interface Outline {
  readonly opset: number;
  readonly input: ValueInfo;
  readonly output: string;
  /** How many nodes read each value; the network's output counts as one. */
  readonly readers: ReadonlyMap<string, number>;
}

/**
 * Checks a graph's outline.
 * @throws files/unsupported, files/duplicate-name, files/missing-part
 */
export function readOutline(model: ModelProto, where: string): Outline {
  const { graph } = model;
  const opset = checkOpset(model, where);
  checkNames(graph, where);
  const constants = new Set(graph.initializers.map(({ name }) => name));
  // Before IR version 4 every initializer stood among the inputs too.
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  const input = only(inputs, "input", where);
  const { name: output } = only(graph.outputs, "output", where);
  if (graph.strangers.length > 0) {
    throw new AppError("files/unsupported", { where, found: graph.strangers.join(", ") });
  }
  refuseUnknownOps(graph.nodes, where);
  return { opset, input, output, readers: readersOf(graph) };
}

/** How many nodes read each value; an output of the network counts as one. */
export function readersOf({ nodes, outputs }: GraphProto): ReadonlyMap<string, number> {
  const readers = new Map<string, number>(outputs.map(({ name }) => [name, 1]));
  for (const { inputs } of nodes) {
    for (const name of inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  return readers;
}

function checkOpset({ opsets }: ModelProto, where: string): number {
  const opset = opsets.get("");
  if (opset !== undefined && opset >= OLDEST_OPSET && opset <= NEWEST_OPSET) return opset;
  throw new AppError("files/unsupported", {
    where: at(where, "opset_import"),
    expected: `opset ${OLDEST_OPSET} to ${NEWEST_OPSET}`,
    found: opset === undefined ? "none" : `opset ${opset}`,
    hint: "export the network with opset 13",
  });
}

/** Each value is made once (static single assignment), and each initializer stands once. */
function checkNames({ inputs, initializers, nodes }: GraphProto, where: string): void {
  const made = new Set<string>();
  const make = (name: string, place: string): void => {
    if (made.has(name)) {
      throw new AppError("files/duplicate-name", {
        where: at(where, place),
        expected: "a value that is made once",
        found: name === "" ? "an empty name" : name,
      });
    }
    made.add(name);
  };
  for (const { name } of initializers) make(name, "initializers");
  const initializerNames = new Set(made);
  for (const { name } of inputs) if (!initializerNames.has(name)) make(name, "inputs");
  for (const node of nodes) {
    for (const output of node.outputs) if (output !== "") make(output, nodeName(node));
  }
}

/** A node's name, or what it makes, for a message. */
export function nodeName({ name, opType, outputs }: NodeProto): string {
  return name || `${opType} ${outputs[0] ?? ""}`.trim();
}

function only(values: readonly ValueInfo[], what: string, where: string): ValueInfo {
  const [first, ...others] = values;
  if (first !== undefined && others.length === 0) return first;
  throw new AppError("files/unsupported", {
    where,
    expected: `one ${what}`,
    found: first === undefined ? "none" : `${values.length}: ${namesOf(values)}`,
  });
}

const namesOf = (values: readonly ValueInfo[]): string =>
  values
    .slice(0, 8)
    .map(({ name }) => printable(name, 24))
    .join(", ");

/** All at once: whoever has to change a network wants to know the whole work. */
function refuseUnknownOps(nodes: readonly NodeProto[], where: string): void {
  const unknown = new Map<string, string>();
  for (const node of nodes) {
    const type = node.domain === "" ? node.opType : `${node.domain}.${node.opType}`;
    if (!OPS.has(type) && !unknown.has(type)) unknown.set(type, nodeName(node));
  }
  if (unknown.size === 0) return;
  const shown = [...unknown].map(
    ([type, node]) => `${printable(type, 24)} (${printable(node, 32)})`,
  );
  throw new AppError("files/unsupported", {
    where,
    expected: "ops of a convolutional network for images",
    found: shown.join(", "),
    hint: "replace these layers and export the network again",
  });
}

/**
 * How the file orders the input's axes. A graph that begins by transposing to NCHW holds NHWC images,
 * as TensorFlow's do; ONNX' own ops want NCHW.
 * @throws files/open-size for an open height or width; files/unsupported for open channels, or no
 *   float32 image or vector; files/over-limit
 */
export function readInput(
  { name, dims, dataType }: ValueInfo,
  nodes: readonly NodeProto[],
  where: string,
): { readonly axes: readonly Axis[]; readonly shape: number[]; readonly batch?: number } {
  const place = at(where, name);
  if (typeName(dataType) !== "float32") {
    throw new AppError("files/unsupported", {
      where: place,
      expected: "an input of float32",
      found: typeName(dataType),
    });
  }
  const [batch, ...sizes] = dims ?? [];
  const shown = `[${(dims ?? ["?"]).map((dim) => printable(String(dim), 16)).join(",")}]`;
  if (sizes.length !== 3 && sizes.length !== 1) {
    throw new AppError("files/unsupported", {
      where: place,
      expected: "an input [N,channels,height,width] or [N,features]",
      found: shown,
    });
  }
  const isLast = beginsWithTranspose(name, nodes);
  const channels = sizes[sizes.length === 3 && isLast ? 2 : 0];
  if (!isFixed(channels)) {
    throw new AppError("files/unsupported", {
      where: place,
      expected: sizes.length === 1 ? "a fixed number of features" : "a fixed number of channels",
      found: shown,
      hint: "export the network for images such as [N,3,32,32]; batch, height and width may be open",
    });
  }
  checkChannels(channels, place);
  if (!sizes.every(isFixed)) throw openSize(place, shown);
  const [a = 1, b = 1, c = 1] = sizes;
  const known = isFixed(batch) ? { batch } : {};
  if (sizes.length === 1) return { axes: ["n", "c"], shape: [a], ...known };
  return isLast
    ? { axes: ["n", "h", "w", "c"], shape: [a, b, c], ...known }
    : { axes: ["n", "c", "h", "w"], shape: [b, c, a], ...known };
}

type Dim = NonNullable<ValueInfo["dims"]>[number];

const isFixed = (size: Dim | undefined): size is number => typeof size === "number" && size > 0;

/** The model for images of one size, where it leaves height or width open; the model itself otherwise. */
export function withInputSize(model: ModelProto, size: InputSize | undefined): ModelProto {
  if (size === undefined) return model;
  const { graph } = model;
  const sides = [size.height, size.width];
  const inputs = graph.inputs.map((input) => {
    if (input.dims?.length !== 4) return input;
    const first = beginsWithTranspose(input.name, graph.nodes) ? 1 : 2;
    const dims = input.dims.map((dim, axis) => (isFixed(dim) ? dim : (sides[axis - first] ?? dim)));
    return { ...input, dims };
  });
  return { ...model, graph: { ...graph, inputs } };
}

const TO_NCHW = "0,3,1,2";

function beginsWithTranspose(input: string, nodes: readonly NodeProto[]): boolean {
  const first = nodes.find(({ inputs, opType }) => inputs.includes(input) && opType !== "Shape");
  const perm = first?.opType === "Transpose" ? first.attributes.get("perm") : undefined;
  return perm?.kind === "ints" && perm.value.join() === TO_NCHW;
}
