/**
 * @file safetensors of weights alone, as Python tools write them: tensors by PyTorch's names or by ours, without
 * a word about the layers between them. Which network they belong to is for `families/` to find out.
 */
import { AppError } from "../../core/index.ts";
import { at } from "../bytes.ts";
import { torchSlot } from "../families/torch-weights.ts";
import type { Weights } from "../families/recognize.ts";
import type { StateDict, TorchTensor } from "../torch/state-dict.ts";
import { toFloat32 } from "./dtypes.ts";
import { readHeader } from "./header.ts";

/** Dtypes in the words of PyTorch. */
const DTYPES: Readonly<Record<string, string>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U8: "uint8",
  BOOL: "bool",
};

/** True when the file carries the graph that its weights belong to, as ours do. */
export function carriesGraph(bytes: Uint8Array, file: string): boolean {
  const { metadata } = readHeader(bytes, file);
  return metadata.get("format") === "espalier" && metadata.has("graph");
}

/**
 * Reads all tensors.
 * @param bytes — borrowed; the tensors are copies
 * @throws what `readHeader` throws; files/dtype-unsupported, files/missing-part when there is no tensor
 */
export function readSafetensorsWeights(bytes: Uint8Array, file: string): Weights {
  const { tensors: entries } = readHeader(bytes, file);
  if (entries.length === 0) {
    throw new AppError("files/missing-part", {
      where: file,
      expected: "weights",
      found: "none",
      hint: "save the network's state_dict",
    });
  }
  const tensors = new Map<string, TorchTensor>();
  const narrow = new Set<string>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const part = bytes.subarray(begin, end);
    const values = toFloat32(part, dtype) ?? fromIntegers(part, dtype);
    const known = DTYPES[dtype];
    if (values === undefined || known === undefined) {
      throw new AppError("files/dtype-unsupported", {
        where: at(file, name),
        expected: "F32",
        found: dtype,
      });
    }
    if (/^(?:F16|BF16|F64)$/.test(dtype)) narrow.add(dtype);
    tensors.set(name, { shape, values, dtype: known });
  }
  const own = inTorchNames(tensors);
  return {
    tensors: own ?? tensors,
    order: own === undefined ? "torch" : "espalier",
    cfg: undefined,
    extras: {},
    notes: [...narrow].map((dtype) => `weights stored as ${dtype} were converted to float32`),
  };
}

/** Counters and masks; what they count stays far below 2^24. */
function fromIntegers(bytes: Uint8Array, dtype: string): Float32Array | undefined {
  const { buffer } = bytes.slice();
  switch (dtype) {
    case "I64":
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case "I32":
      return Float32Array.from(new Int32Array(buffer));
    case "I16":
      return Float32Array.from(new Int16Array(buffer));
    case "I8":
      return Float32Array.from(new Int8Array(buffer));
    case "U8":
    case "BOOL":
      return Float32Array.from(bytes);
    default:
      return undefined;
  }
}

/**
 * Weights that Espalier wrote and another program has put away again without their graph: under the
 * names and shapes that PyTorch would give them, their values in the order that they had.
 * @returns nothing for weights of other names
 */
function inTorchNames(tensors: StateDict): StateDict | undefined {
  const renamed = new Map<string, TorchTensor>();
  for (const [name, tensor] of tensors) {
    const slash = name.lastIndexOf("/");
    const slot = name.slice(slash + 1);
    const theirs = torchSlot(slot);
    if (slash < 1 || theirs === undefined) return undefined;
    const [height, width, input, output] = tensor.shape;
    const shape =
      tensor.shape.length === 4
        ? [output ?? 0, input ?? 0, height ?? 0, width ?? 0]
        : tensor.shape.toReversed();
    renamed.set(`${name.slice(0, slash)}.${theirs}`, { ...tensor, shape });
  }
  return renamed;
}
