/**
 * @file The messages of `onnx.proto` as plain objects, with the fields that are used here and no
 * others. Reading never enters a subgraph: that an attribute holds one is all that is kept, so that
 * no file decides how deep the reader goes.
 */
import { AppError } from "../../core/index.ts";
import { at } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { type Field, MessageWriter, readFields } from "./protobuf.ts";

/** TensorProto.DataType, by number. */
export const DATA_TYPES: readonly string[] =
  "no-type float32 uint8 int8 uint16 int16 int32 int64 string bool float16 float64 uint32 uint64 complex64 complex128 bfloat16".split(
    " ",
  );

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  /** An index into {@link DATA_TYPES}, or beyond. */
  readonly dataType: number;
  readonly payload: TensorPayload;
}

/** Where a tensor's numbers are and how they are written. */
export type TensorPayload =
  | { readonly kind: "raw" | "float" | "varint" | "double"; readonly bytes: Uint8Array }
  /** In another file: `location`, `offset`, `length`. */
  | { readonly kind: "external"; readonly entries: ReadonlyMap<string, string> };

export type AttributeValue =
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "tensor"; readonly value: TensorProto }
  /** A subgraph, strings, a sparse tensor, …: nothing that any op here takes. */
  | { readonly kind: "other" };

export interface NodeProto {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  /** Names of values; an optional input that is left out is "". */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** A value's type; a dimension that is no number is its name, or "?" without one. */
export interface ValueInfo {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly (number | string)[] | undefined;
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Sparse initializers and the like, by field number. */
  readonly strangers: readonly string[];
}

export interface ModelProto {
  readonly irVersion: number;
  readonly producer: string;
  readonly graph: GraphProto;
  /** Version by domain; the default domain is "". */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a model's messages.
 * @param bytes — borrowed, and shared by the tensors' payloads
 * @throws files/truncated, files/bad-field, files/over-limit, files/missing-part, files/duplicate-name
 */
export function decodeModel(bytes: Uint8Array, where: string): ModelProto {
  let [irVersion, producer] = [0, ""];
  let graph: GraphProto | undefined;
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  for (const field of readFields(bytes, where)) {
    if (field.number === 1) irVersion = field.integer();
    else if (field.number === 2) producer = field.text(LIMITS.nameLength);
    else if (field.number === 7) {
      if (graph !== undefined)
        throw new AppError("files/duplicate-name", { where, found: "graph" });
      graph = decodeGraph(field.bytes(), at(where, "graph"));
    } else if (field.number === 8) {
      const [domain, version] = decodeOpset(field.bytes(), at(where, "opset_import"));
      opsets.set(domain, version);
    } else if (field.number === 14) {
      const [key, value] = decodeEntry(field.bytes(), at(where, "metadata_props"));
      if (metadata.has(key)) {
        throw new AppError("files/duplicate-name", { where: at(where, "metadata_props", key) });
      }
      metadata.set(key, value);
    }
  }
  if (graph !== undefined) return { irVersion, producer, graph, opsets, metadata };
  throw new AppError("files/missing-part", { where, expected: "a graph", found: "none" });
}

function decodeOpset(bytes: Uint8Array, where: string): [string, number] {
  let [domain, version] = ["", 0];
  for (const field of readFields(bytes, where)) {
    if (field.number === 1) domain = field.text(LIMITS.nameLength);
    else if (field.number === 2) version = field.integer();
  }
  return [domain === "ai.onnx" ? "" : domain, version];
}

function decodeEntry(bytes: Uint8Array, where: string): [string, string] {
  let [key, value] = ["", ""];
  for (const field of readFields(bytes, where)) {
    if (field.number === 1) key = field.text(LIMITS.nameLength);
    else if (field.number === 2) value = field.text(LIMITS.jsonBytes);
  }
  return [key, value];
}

function decodeGraph(bytes: Uint8Array, where: string): GraphProto {
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const strangers: string[] = [];
  let name = "";
  for (const field of readFields(bytes, where)) {
    if (field.number === 1) {
      nodes.push(decodeNode(field.bytes(), at(where, `node[${nodes.length}]`)));
      refuseOver(nodes.length, LIMITS.nodes, "nodes", where);
    } else if (field.number === 2) name = field.text(LIMITS.nameLength);
    else if (field.number === 5) {
      const place = at(where, `initializer[${initializers.length}]`);
      initializers.push(decodeTensor(field.bytes(), place));
      refuseOver(initializers.length, LIMITS.tensors, "initializers", where);
    } else if (field.number === 11) {
      inputs.push(decodeValueInfo(field.bytes(), at(where, `input[${inputs.length}]`)));
      refuseOver(inputs.length, LIMITS.tensors, "inputs", where);
    } else if (field.number === 12) {
      outputs.push(decodeValueInfo(field.bytes(), at(where, `output[${outputs.length}]`)));
      refuseOver(outputs.length, LIMITS.tensors, "outputs", where);
    } else if (field.number === 14) strangers.push("quantization annotations");
    else if (field.number === 15) strangers.push("sparse initializers");
  }
  return { name, nodes, initializers, inputs, outputs, strangers };
}

function refuseOver(count: number, most: number, what: string, where: string): void {
  if (count <= most) return;
  throw new AppError("files/over-limit", {
    where,
    expected: `at most ${most} ${what}`,
    found: "more",
  });
}

function decodeNode(bytes: Uint8Array, where: string): NodeProto {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, AttributeValue>();
  let [name, opType, domain] = ["", "", ""];
  for (const field of readFields(bytes, where)) {
    if (field.number === 1) inputs.push(field.text(LIMITS.nameLength));
    else if (field.number === 2) outputs.push(field.text(LIMITS.nameLength));
    else if (field.number === 3) name = field.text(LIMITS.nameLength);
    else if (field.number === 4) opType = field.text(LIMITS.nameLength);
    else if (field.number === 7) domain = field.text(LIMITS.nameLength);
    else if (field.number === 5) {
      const [key, value] = decodeAttribute(field.bytes(), at(where, "attribute"));
      if (attributes.has(key))
        throw new AppError("files/duplicate-name", { where: at(where, key) });
      attributes.set(key, value);
    }
  }
  const plainDomain = domain === "ai.onnx" ? "" : domain;
  return { name, opType, domain: plainDomain, inputs, outputs, attributes };
}

/** AttributeProto.AttributeType of what is read here. */
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4, ints: 7 } as const;

function decodeAttribute(bytes: Uint8Array, where: string): [string, AttributeValue] {
  const ints: number[] = [];
  let [name, type] = ["", 0];
  let value: AttributeValue = { kind: "other" };
  for (const field of readFields(bytes, where)) {
    if (field.number === 1) name = field.text(LIMITS.nameLength);
    else if (field.number === 20) type = field.integer();
    else if (field.number === 8) for (const one of field.integers()) ints.push(one);
    else value = decodeScalar(field, at(where, name)) ?? value;
  }
  // An empty list leaves no trace but the type.
  if (ints.length > 0 || type === ATTRIBUTE_TYPES.ints) value = { kind: "ints", value: ints };
  return [name, value];
}

function decodeScalar(field: Field, where: string): AttributeValue | undefined {
  switch (field.number) {
    case 2:
      return { kind: "float", value: field.float() };
    case 3:
      return { kind: "int", value: field.integer() };
    case 4:
      return { kind: "string", value: field.text(LIMITS.jsonBytes) };
    case 5:
      return { kind: "tensor", value: decodeTensor(field.bytes(), where) };
    default:
      return undefined;
  }
}

/** The kind of payload that a field of TensorProto is, where it is one. */
const PAYLOADS: ReadonlyMap<number, "raw" | "float" | "varint" | "double"> = new Map([
  [4, "float"],
  [5, "varint"],
  [7, "varint"],
  [9, "raw"],
  [10, "double"],
] as const);

function decodeTensor(bytes: Uint8Array, where: string): TensorProto {
  const dims: number[] = [];
  const parts: Uint8Array[] = [];
  const external = new Map<string, string>();
  let [name, dataType, location] = ["", 0, 0];
  let kind: "raw" | "float" | "varint" | "double" = "raw";
  for (const field of readFields(bytes, where)) {
    const payload = PAYLOADS.get(field.number);
    if (payload !== undefined) {
      const part = payloadOf(field, payload);
      if (parts.length > 0 && (payload !== kind || payload === "raw")) {
        throw new AppError("files/bad-field", {
          where: at(where, name),
          expected: "one list of numbers",
          found: "two",
        });
      }
      kind = payload;
      parts.push(part);
    } else if (field.number === 1) for (const dim of field.integers()) dims.push(dim);
    else if (field.number === 2) dataType = field.integer();
    else if (field.number === 8) name = field.text(LIMITS.nameLength);
    else if (field.number === 13) external.set(...decodeEntry(field.bytes(), at(where, name)));
    else if (field.number === 14) location = field.integer();
    refuseOver(dims.length, LIMITS.rank, "axes", where);
  }
  if (location === 1)
    return { name, dims, dataType, payload: { kind: "external", entries: external } };
  return { name, dims, dataType, payload: { kind, bytes: join(parts) } };
}

/** Packed lists and single numbers lie in memory alike, so that both are pieces of one list. */
function payloadOf(field: Field, kind: "raw" | "float" | "varint" | "double"): Uint8Array {
  if (kind === "raw") return field.bytes();
  if (kind === "varint") return field.varints();
  return field.fixed(kind === "float" ? 4 : 8);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [only = new Uint8Array()] = parts;
  if (parts.length < 2) return only;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** ValueInfoProto → TypeProto → Tensor → TensorShapeProto → Dimension: five messages, no more. */
function decodeValueInfo(bytes: Uint8Array, where: string): ValueInfo {
  let [name, dataType] = ["", 0];
  let dims: (number | string)[] | undefined;
  for (const field of readFields(bytes, where)) {
    if (field.number === 1) name = field.text(LIMITS.nameLength);
    for (const type of field.number === 2 ? readFields(field.bytes(), where) : []) {
      for (const tensor of type.number === 1 ? readFields(type.bytes(), where) : []) {
        if (tensor.number === 1) dataType = tensor.integer();
        else if (tensor.number === 2) dims = decodeDims(tensor.bytes(), where);
      }
    }
  }
  return { name, dataType, dims };
}

function decodeDims(bytes: Uint8Array, where: string): (number | string)[] {
  const dims: (number | string)[] = [];
  for (const field of readFields(bytes, where)) {
    if (field.number !== 1) continue;
    let dim: number | string = "?";
    for (const part of readFields(field.bytes(), where)) {
      if (part.number === 1) dim = part.integer();
      else if (part.number === 2) dim = part.text(LIMITS.nameLength);
    }
    dims.push(dim);
    refuseOver(dims.length, LIMITS.rank, "axes", where);
  }
  return dims;
}

/** Writes a model's messages; payloads must be raw. */
export function encodeModel(model: ModelProto): Uint8Array {
  const writer = new MessageWriter()
    .integer(1, model.irVersion)
    .text(2, model.producer)
    .message(7, encodeGraph(model.graph));
  for (const [domain, version] of model.opsets) {
    writer.message(8, new MessageWriter().text(1, domain).integer(2, version));
  }
  for (const [key, value] of model.metadata) {
    writer.message(14, new MessageWriter().text(1, key).text(2, value));
  }
  return writer.finish();
}

function encodeGraph({ name, nodes, initializers, inputs, outputs }: GraphProto): MessageWriter {
  const writer = new MessageWriter();
  for (const node of nodes) writer.message(1, encodeNode(node));
  writer.text(2, name);
  for (const tensor of initializers) writer.message(5, encodeTensor(tensor));
  for (const value of inputs) writer.message(11, encodeValueInfo(value));
  for (const value of outputs) writer.message(12, encodeValueInfo(value));
  return writer;
}

function encodeNode({ name, opType, domain, inputs, outputs, attributes }: NodeProto) {
  const writer = new MessageWriter();
  for (const input of inputs) writer.text(1, input);
  for (const output of outputs) writer.text(2, output);
  if (name !== "") writer.text(3, name);
  writer.text(4, opType);
  if (domain !== "") writer.text(7, domain);
  for (const [key, value] of attributes) writer.message(5, encodeAttribute(key, value));
  return writer;
}

function encodeAttribute(name: string, attribute: AttributeValue): MessageWriter {
  const writer = new MessageWriter().text(1, name);
  if (attribute.kind === "other") return writer;
  if (attribute.kind === "float") writer.float(2, attribute.value);
  else if (attribute.kind === "int") writer.integer(3, attribute.value);
  else if (attribute.kind === "string") writer.text(4, attribute.value);
  else if (attribute.kind === "tensor") writer.message(5, encodeTensor(attribute.value));
  else for (const value of attribute.value) writer.integer(8, value);
  return writer.integer(20, ATTRIBUTE_TYPES[attribute.kind]);
}

/** The field that holds a payload of each kind. */
const PAYLOAD_FIELDS = { float: 4, varint: 7, raw: 9, double: 10 } as const;

function encodeTensor({ name, dims, dataType, payload }: TensorProto): MessageWriter {
  const writer = new MessageWriter();
  for (const dim of dims) writer.integer(1, dim);
  writer.integer(2, dataType);
  if (name !== "") writer.text(8, name);
  if (payload.kind !== "external") return writer.bytes(PAYLOAD_FIELDS[payload.kind], payload.bytes);
  for (const [key, value] of payload.entries) {
    writer.message(13, new MessageWriter().text(1, key).text(2, value));
  }
  return writer.integer(14, 1);
}

function encodeValueInfo({ name, dataType, dims = [] }: ValueInfo): MessageWriter {
  const shape = new MessageWriter();
  for (const dim of dims) {
    const size = new MessageWriter();
    shape.message(1, typeof dim === "number" ? size.integer(1, dim) : size.text(2, dim));
  }
  const tensor = new MessageWriter().integer(1, dataType).message(2, shape);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensor));
}
