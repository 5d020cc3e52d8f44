/**
 * @file A foreign graph → Network: node after node, each value remembered under its name as numbers
 * or as what a node of ours computes. Where the network came from makes no difference here.
 */
import { AppError } from "../../core/index.ts";
import { assembleNetwork } from "../assemble.ts";
import { at } from "../bytes.ts";
import { graphToJson, readGraph } from "../graph.ts";
import type { Imported } from "../imported.ts";
import type { Budget } from "./budget.ts";
import { Call, type Surroundings } from "./call.ts";
import { NetworkDraft } from "./draft.ts";
import { titleOf } from "./names.ts";
import { OPS } from "./ops/index.ts";
import { inOurOrder } from "./ops/select.ts";
import { nodeName, readInput, readOutline, type Outline } from "./outline.ts";
import type { Outside } from "./outside.ts";
import type { ModelProto, NodeProto, TensorProto } from "./schema.ts";
import { readTensor, typeName } from "./tensors.ts";
import { fresh, type Value } from "./values.ts";

/** The names of a graph and what they stand for so far. */
class Scope {
  readonly #values = new Map<string, Value>();
  readonly #initializers: ReadonlyMap<string, TensorProto>;
  readonly #makers = new Map<string, NodeProto>();
  readonly #read = new Set<string>();

  constructor(
    { graph }: ModelProto,
    readonly outline: Outline,
    readonly where: string,
    readonly outside: Outside,
  ) {
    this.#initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
    for (const node of graph.nodes) for (const name of node.outputs) this.#makers.set(name, node);
  }

  /** Remembers what a name stands for; nothing may be folded into what more than one op reads. */
  set(name: string, value: Value): void {
    const sole = value.kind === "activation" && value.sole && this.outline.readers.get(name) === 1;
    this.#values.set(name, value.kind === "activation" ? { ...value, sole } : value);
  }

  get(name: string, where: string): Value {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const tensor = this.#initializers.get(name);
    if (tensor !== undefined) {
      const value = readTensor(tensor, at(this.where, name), this.outside);
      this.#values.set(name, value);
      this.#read.add(name);
      return value;
    }
    const maker = this.#makers.get(name);
    const expected = "inputs that a node before has made";
    if (maker === undefined) {
      const found = `${name}, which nothing makes`;
      const hint = "export the network again";
      throw new AppError("files/missing-part", { where, expected, found, hint });
    }
    if (maker.outputs[0] === name) {
      const found = `${name}, which ${nodeName(maker)} makes later, or in a circle`;
      throw new AppError("model/bad-graph", { where, expected, found });
    }
    const found = `${name}, a further output of ${nodeName(maker)}`;
    throw new AppError("files/unsupported", { where, expected, found });
  }

  /** Remarks on the initializers. */
  notes(): string[] {
    const notes: string[] = [];
    const types = new Set([...this.#read].map((name) => this.#initializers.get(name)?.dataType));
    for (const type of types) {
      const name = typeName(type ?? 0);
      if (/^b?float(16|64)$/.test(name)) notes.push(`weights stored as ${name} became float32`);
    }
    for (const name of this.#read) {
      const readers = this.outline.readers.get(name) ?? 0;
      // Biases and limits are shared without harm; a kernel would have been trained as one.
      if (readers > 1 && (this.#initializers.get(name)?.dims.length ?? 0) > 1) {
        notes.push(`${name} is shared by ${readers} nodes: each has a copy of its own`);
      }
    }
    const unread = this.#initializers.size - this.#read.size;
    if (unread > 0) {
      notes.push(`${unread} initializer${unread === 1 ? "" : "s"} that nothing reads left aside`);
    }
    return notes;
  }
}

/**
 * Reads a model that need not be ours.
 * @throws what {@link readOutline}, the ops and {@link assembleNetwork} throw
 */
export function importModel(
  model: ModelProto,
  where: string,
  budget: Budget,
  outside: Outside,
): Imported {
  const outline = readOutline(model, where);
  const scope = new Scope(model, outline, where, outside);
  const draft = new NetworkDraft();
  const notes: string[] = [];
  const { axes, shape, batch } = readInput(outline.input, model.graph.nodes, where);
  const added = draft.add({
    wanted: "input",
    op: { kind: "input", shape },
    inputs: [],
    where: at(where, outline.input.name),
  });
  scope.set(outline.input.name, fresh(added.node, added.shape, axes));
  const around: Surroundings = {
    draft,
    budget,
    opset: outline.opset,
    batch,
    notes,
    value: (name, place) => scope.get(name, place),
  };
  for (const node of model.graph.nodes) readNode(node, at(where, nodeName(node)), around, scope);
  const output = readOutput(outline, where, around);
  const graph = readGraph(graphToJson(draft.finish(titleOf(where), output)), where);
  const parts = { graph, metadata: {}, tensors: draft.tensors };
  return { network: assembleNetwork(parts, where), notes: [...notes, ...scope.notes()] };
}

function readNode(node: NodeProto, where: string, around: Surroundings, scope: Scope): void {
  const [output] = node.outputs;
  const read = OPS.get(node.opType);
  if (read === undefined || output === undefined) {
    throw new AppError("files/missing-part", { where, expected: "an output", found: "none" });
  }
  scope.set(output, read(new Call(node, where, around)));
}

/** The node whose values leave the network, their features in our order. */
function readOutput({ output }: Outline, where: string, around: Surroundings): string {
  const leave: NodeProto = {
    name: "output",
    opType: "Identity",
    domain: "",
    inputs: [output],
    outputs: [],
    attributes: new Map(),
  };
  const call = new Call(leave, at(where, output), around);
  return inOurOrder(call, call.activation(0)).node;
}
