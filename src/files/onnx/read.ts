/**
 * @file ONNX → Network: the door for files of ours, which come back exactly, and for those of
 * PyTorch, Keras and others.
 */
import { AppError } from "../../core/index.ts";
import type { Imported } from "../imported.ts";
import type { InputSize } from "../input-size.ts";
import { type Sketch, sketching } from "../sketch.ts";
import { Budget } from "./budget.ts";
import { importModel } from "./import.ts";
import { readOwn } from "./own.ts";
import { withInputSize } from "./outline.ts";
import { type External, locationsOf, Outside } from "./outside.ts";
import { decodeModel, type ModelProto } from "./schema.ts";
import { sketchModel } from "./sketch.ts";
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
): Imported {
  return readModel(decode(bytes, where), { where, fileBytes: bytes.length, external, size });
}

/**
 * Reads a model and, of what lies beside it, only the files that it names.
 * @param find — reads such a file; nothing when it is not there
 * @throws as {@link readOnnx}, and what `find` throws
 */
export async function readOnnxBeside(
  bytes: Uint8Array,
  where: string,
  find: (path: string) => Promise<Uint8Array | undefined>,
  size: InputSize | undefined,
): Promise<Imported> {
  const model = decode(bytes, where);
  const found = new Map<string, Uint8Array>();
  for (const path of locationsOf(model)) {
    const file = await find(path);
    if (file !== undefined) found.set(path, file);
  }
  const external = (path: string): Uint8Array | undefined => found.get(path);
  return readModel(model, { where, fileBytes: bytes.length, external, size });
}

function decode(bytes: Uint8Array, where: string): ModelProto {
  if (bytes.length === 0) throw new AppError("files/empty", { where });
  return decodeModel(bytes, where);
}

interface Around {
  readonly where: string;
  /** Of the model itself. */
  readonly fileBytes: number;
  readonly external: External | undefined;
  readonly size: InputSize | undefined;
}

function readModel(decoded: ModelProto, around: Around): Imported {
  const { where, fileBytes, external, size } = around;
  const model = withInputSize(decoded, size);
  const budget = new Budget(fileBytes);
  const outside = new Outside(external, budget);
  const own = model.metadata.get(OWN_KEY);
  if (own === undefined) {
    return sketching(
      () => importModel(model, where, budget, outside),
      () => sketch(model, around),
    );
  }
  return readOwn(model, own, where, budget, outside);
}

/** With a budget of its own: the import that was refused has spent some of the other. */
function sketch(model: ModelProto, { where, fileBytes, external }: Around): Sketch {
  const budget = new Budget(fileBytes);
  return sketchModel({ model, where, budget, outside: new Outside(external, budget) });
}
