/**
 * @file A file, or an archive, that is a whole network by itself, opened by what it is. tfjs models are not
 * among them: theirs is a model.json with shards, put together in `open.ts`.
 */
import type { ZipEntry } from "./containers/zip-read.ts";
import type { Reading } from "./families/family.ts";
import { recognizeStateDict } from "./families/recognize.ts";
import { carriesTorchGraph, readTorchSafetensors } from "./families/torch-safetensors.ts";
import type { Imported } from "./imported.ts";
import { expectHdf5Library } from "./keras/hdf5-library.ts";
import { isKerasZip, readKerasZip } from "./keras/zip.ts";
import { readKerasH5 } from "./keras/h5.ts";
import { readOnnxBeside } from "./onnx/read.ts";
import { readSafetensors } from "./safetensors/read.ts";
import { carriesGraph, readSafetensorsWeights } from "./safetensors/state-dict.ts";
import type { FileKind } from "./sniff.ts";
import type { OpenOptions, Source } from "./source.ts";
import { looksLikeTorchLegacy, readTorchLegacy } from "./torch/read-legacy.ts";
import { isTorchZip, readTorchZip } from "./torch/read-zip.ts";

/** Whose format a network came in. */
export type ReadFormat = "tfjs" | "keras" | "onnx" | "torch" | "safetensors";

/** A network, and what its file leaves open. */
export interface ReadNetwork extends Imported {
  readonly format: ReadFormat;
  /** Of weights without a graph: every network that they fit, the usual one first. */
  readonly readings?: readonly Reading[];
  /** The key of the one that this is. */
  readonly reading?: string;
  /** True when the weights fit images of any size, so that the size is only assumed. */
  readonly fitsAnySize?: boolean;
}

/** Reads a file that was dropped beside it, by its path; nothing when there is none. */
export type Beside = (path: string) => Promise<Uint8Array | undefined>;

/**
 * Opens a file that is a network by its bytes.
 * @returns nothing for a file of another kind
 * @throws any `files/*` and `model/*`, naming the file
 */
export async function openNetwork(
  source: Source,
  kind: FileKind,
  beside: Beside,
  said: OpenOptions,
): Promise<ReadNetwork | undefined> {
  const { where } = source;
  const { inputSize: size } = said;
  if (kind === "onnx") {
    return { format: "onnx", ...(await readOnnxBeside(await source.read(), where, beside, size)) };
  }
  if (kind === "hdf5") {
    expectHdf5Library();
    return { format: "keras", ...(await readKerasH5(await source.read(), where, size)) };
  }
  if (kind === "safetensors") {
    const bytes = await source.read();
    const found = carriesGraph(bytes, where)
      ? readSafetensors(bytes, where)
      : carriesTorchGraph(bytes, where)
        ? readTorchSafetensors(bytes, where)
        : recognizeStateDict(readSafetensorsWeights(bytes, where), where, said);
    return { format: "safetensors", ...found };
  }
  if (kind !== "pickle" || !looksLikeTorchLegacy(await source.head())) return undefined;
  const checkpoint = readTorchLegacy(await source.read(), where);
  return { format: "torch", ...recognizeStateDict(checkpoint, where, said) };
}

/** Opens a zip that is another program's network, told by the files inside. */
export async function openNetworkZip(
  entries: readonly ZipEntry[],
  where: string,
  said: OpenOptions,
): Promise<ReadNetwork | undefined> {
  const paths = entries.map(({ path }) => path);
  if (isTorchZip(paths)) {
    const checkpoint = await readTorchZip(entries, where);
    return { format: "torch", ...recognizeStateDict(checkpoint, where, said) };
  }
  if (!isKerasZip(paths)) return undefined;
  return { format: "keras", ...(await readKerasZip(entries, where, said.inputSize)) };
}
