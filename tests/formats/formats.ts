/** @file The formats of the table: how each is written, and as which files it is dropped again. */
import {
  exportNetwork,
  type NamedBytes,
  type NetworkFormat,
  zipFiles,
} from "../../src/files/index.ts";
import type { Network } from "../../src/model/index.ts";

/** One column of the table. */
export interface Format {
  readonly format: NetworkFormat;
  /** What a person drops, of what was written. */
  readonly drop: (files: readonly NamedBytes[]) => readonly NamedBytes[];
}

const all = (files: readonly NamedBytes[]): readonly NamedBytes[] => files;
const zipped = (files: readonly NamedBytes[]): readonly NamedBytes[] => [
  { name: "net.zip", bytes: zipFiles(files) },
];

export const FORMATS: Readonly<Record<string, Format>> = {
  tfjs: { format: "tfjs", drop: all },
  "tfjs in a zip": { format: "tfjs", drop: zipped },
  "safetensors for PyTorch": { format: "torch-safetensors", drop: (files) => files.slice(0, 1) },
  ONNX: { format: "onnx", drop: all },
  safetensors: { format: "safetensors", drop: all },
  // With and without the module in Python, which is for other readers.
  PyTorch: { format: "torch", drop: (files) => files.slice(0, 1) },
  "PyTorch in a zip": { format: "torch", drop: zipped },
};

/** A network as the files that would be dropped. */
export async function written(network: Network, { format, drop }: Format): Promise<File[]> {
  const { files } = await exportNetwork(network, format);
  return drop(files).map(({ name, bytes }) => new File([bytes as BlobPart], name));
}
