/**
 * @file ONNX → Network: the door for files of ours, which come back exactly, and for those of
 * PyTorch, Keras and others.
 */
import { AppError } from "../../core/index.ts";
import type { InputSize } from "../input-size.ts";
import type { ReadNetwork } from "../safetensors/read.ts";
import { Budget } from "./budget.ts";
import { importModel } from "./import.ts";
import { readOwn } from "./own.ts";
import { withInputSize } from "./outline.ts";
import { decodeModel } from "./schema.ts";
import type { External } from "./tensors.ts";
import { OWN_KEY } from "./write.ts";

/**
 * Reads a whole model.
 * @param bytes — borrowed; the weights are copies
 * @param where — the file, for messages; the network is called after it
 * @param external — bytes of the files that were dropped with it, by their path as the model names
 *   it; asked only for paths that stay beside the model
 * @param size — of images, for a model that leaves it open
 * @throws files/* and model/* codes naming the file and the node
 */
export function readOnnx(
  bytes: Uint8Array,
  where: string,
  external?: External,
  size?: InputSize,
): ReadNetwork {
  if (bytes.length === 0) throw new AppError("files/empty", { where });
  const model = withInputSize(decodeModel(bytes, where), size);
  const budget = new Budget(bytes.length);
  const own = model.metadata.get(OWN_KEY);
  if (own === undefined) return importModel(model, where, budget, external);
  return readOwn(model, own, where, budget, external);
}
