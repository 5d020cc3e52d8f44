/**
 * @file A graph as a graph of ONNX, opset 13, NCHW, the batch open. Pure structure; which of our
 * weights fills which initializer is said by `Source`, which the writer follows forwards and the
 * reader backwards. Values and initializers are called as PyTorch's modules would be, so that the
 * names survive even where our own metadata is lost.
 *
 * Where the two vocabularies differ: features are flattened in ONNX' order where all that follows is
 * dense layers, whose rows are permuted; else a Transpose comes first. Zero channels become a Pad.
 */
import { type Shape } from "../../core/index.ts";
import { endsInSoftmax, endsOf, factsOf, type Graph, readersOf } from "../../model/index.ts";
import { Names } from "../names.ts";
import { type LoweredTensor, lowerNode } from "./lowerings.ts";
import { DATA_TYPES, type NodeProto, type ValueInfo } from "./schema.ts";

/** The smallest that every runtime reads; Clip and Squeeze take inputs from there on. */
export const WRITTEN_OPSET = 13;

/** An initializer under the name that the file gives it. */
export interface NamedTensor extends LoweredTensor {
  readonly name: string;
}

export interface LoweredGraph {
  readonly nodes: readonly NodeProto[];
  readonly tensors: readonly NamedTensor[];
  readonly input: ValueInfo;
  readonly output: ValueInfo;
}

/** Translates a graph; every one can be said. */
export function lower(graph: Graph): LoweredGraph {
  const facts = factsOf(graph);
  const names = new Names();
  for (const { name } of graph.nodes) names.take(name);
  const flattened = foreignOrders(graph);
  const { input, output } = endsOf(graph);
  const [first] = graph.nodes;
  const outputName = names.take(endsInSoftmax(graph) ? "probabilities" : "logits");
  // What leaves the network has a name that says so.
  const valueOf = (node: string): string =>
    node === graph.output && node !== first?.name ? outputName : node;
  const nodes: NodeProto[] = [];
  const tensors: NamedTensor[] = [];
  const emit = (node: Omit<NodeProto, "domain">): void => void nodes.push({ domain: "", ...node });
  for (const nodeFacts of facts.values()) {
    const { name, inputs } = nodeFacts.node;
    const map = flattened.get(inputs[0] ?? "");
    const context = { facts: nodeFacts, keepsOrder: flattened.has(name) };
    const steps = lowerNode(map === undefined ? context : { ...context, flattened: map });
    let values = inputs.map(valueOf);
    steps.forEach(({ opType, readsInputToo, tensors: own = [], attributes = {} }, i) => {
      const last = i === steps.length - 1;
      const stepName = last ? name : names.take(`${name}.${opType}`);
      const named = own.map((tensor) => ({
        ...tensor,
        name: names.take(`${name}.${tensor.ending}`),
      }));
      tensors.push(...named);
      const read = readsInputToo === true ? [...inputs.map(valueOf), ...values] : values;
      emit({
        name: stepName,
        opType,
        inputs: [...read, ...named.map((tensor) => tensor.name)],
        outputs: [last ? valueOf(name) : stepName],
        attributes: new Map(Object.entries(attributes)),
      });
      values = [stepName];
    });
  }
  if (graph.output === first?.name) {
    const attributes = new Map();
    emit({ name: "", opType: "Identity", inputs: [first.name], outputs: [outputName], attributes });
  }
  return {
    nodes,
    tensors,
    input: valueInfo(first?.name ?? "", input),
    output: valueInfo(outputName, output),
  };
}

function valueInfo(name: string, shape: Shape): ValueInfo {
  const [h, w, c] = shape;
  const dims = c === undefined ? shape : [c, h as number, w as number];
  return { name, dataType: DATA_TYPES.indexOf("float32"), dims: ["N", ...dims] };
}

/**
 * The flattens that can leave their features in ONNX' order, because only dense layers read them.
 * @returns by name, the map that was flattened
 */
function foreignOrders(graph: Graph): ReadonlyMap<string, Shape> {
  const readers = readersOf(graph);
  const maps = new Map<string, Shape>();
  for (const { node, inputs } of factsOf(graph).values()) {
    const [map] = inputs;
    const own = readers.get(node.name) ?? [];
    if (node.op.kind !== "flatten" || map?.length !== 3 || node.name === graph.output) continue;
    if (own.every(({ op }) => op.kind === "dense")) maps.set(node.name, map);
  }
  return maps;
}
