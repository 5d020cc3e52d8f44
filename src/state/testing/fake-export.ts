/** @file Files of zeros with the record that real ones would have. */
import { sha256Of } from "../../core/index.ts";
import { fileName } from "../../files/index.ts";
import { costOf, type Network } from "../../model/index.ts";
import type { Delivered, ExportFormat, ExportRequest } from "../../worker/protocol.ts";

const ENDINGS: Readonly<Record<ExportFormat, string>> = {
  bundle: ".bundle.zip",
  tfjs: "-tfjs.zip",
  onnx: ".onnx",
  torch: "-torch.zip",
  "torch-safetensors": "-torch-safetensors.zip",
  safetensors: ".safetensors",
};

export function fakeExport(
  { format, fold }: Pick<ExportRequest, "format" | "fold">,
  network: Network,
): Delivered {
  const { bytes: size, macs } = costOf(network);
  const bytes = new Uint8Array(size);
  const name = fileName(network.name) + ENDINGS[format];
  const none = { of: 0, left: [] };
  return {
    files: [{ name, bytes }],
    record: {
      format,
      files: [{ name, bytes: size, sha256: sha256Of(bytes) }],
      readBack: {
        weights: "bit-identical",
        logits: "bit-identical",
        images: 16,
        backend: "a pretended backend",
      },
      folded:
        fold === undefined
          ? null
          : {
              batchNorms: { of: 13, left: [] },
              selections: none,
              macs: { before: macs, after: macs },
              largestDifference: 3e-6,
            },
      notes: [],
      contains: [],
    },
  };
}
