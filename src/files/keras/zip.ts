/**
 * @file Keras 3's own file, `.keras`: a zip of `config.json` and `model.weights.h5`, in which weights
 * stand by the class of their layer and their place in it: `layers/conv2d_1/vars/0`.
 */
import { AppError } from "../../core/index.ts";
import type { Tensor } from "../../model/index.ts";
import { at } from "../bytes.ts";
import type { ZipEntry } from "../containers/zip-read.ts";
import type { Imported } from "../imported.ts";
import type { InputSize } from "../input-size.ts";
import { parseJson } from "../json.ts";
import { UnrunnableNetwork } from "../sketch.ts";
import { expectHdf5Library } from "./hdf5-library.ts";
import { type Hdf5, withHdf5 } from "./hdf5.ts";
import { sketchKeras } from "./sketch.ts";
import { buildKeras, type KerasPlan, planKeras } from "./translate.ts";
import type { KerasWeights, WantedWeight } from "./weights.ts";

const CONFIG = "config.json";
const WEIGHTS = "model.weights.h5";
/** What Keras 2.13 called the same folder. */
const OLD_FOLDER = "_layer_checkpoint_dependencies";

/** True for the entries of a `.keras` file, whole or not. */
export function isKerasZip(paths: readonly string[]): boolean {
  return paths.includes(WEIGHTS);
}

/**
 * Reads a whole model.
 * @param size — of images, for a model that leaves it open
 * @throws files/* and model/*, naming file and layer
 */
export async function readKerasZip(
  entries: readonly ZipEntry[],
  where: string,
  size?: InputSize,
): Promise<Imported> {
  expectHdf5Library();
  const config = await readEntry(entries, CONFIG, where);
  const json = parseJson(config, at(where, CONFIG));
  const readWeights = async (): Promise<Uint8Array> => await readEntry(entries, WEIGHTS, where);
  const place = at(where, WEIGHTS);
  const redrawn = (refusal: UnrunnableNetwork, file: Hdf5): UnrunnableNetwork =>
    new UnrunnableNetwork(refusal, sketchKeras(json, where, size, new StoredWeights(file)));
  let plan: KerasPlan;
  try {
    plan = planKeras(json, where, size);
  } catch (error) {
    if (!(error instanceof UnrunnableNetwork)) throw error;
    const look = (file: Hdf5): UnrunnableNetwork => redrawn(error, file);
    throw await readWeights()
      .then((bytes) => withHdf5(bytes, place, look))
      .catch((failure: unknown) => refusalOr(error, failure));
  }
  return withHdf5(await readWeights(), place, (file) => {
    try {
      return buildKeras(plan, new StoredWeights(file));
    } catch (error) {
      if (!(error instanceof UnrunnableNetwork)) throw error;
      throw withScales(error, () => redrawn(error, file));
    }
  });
}

/** The refusal with a sketch that has the scales, where they can be read. */
function withScales(refusal: UnrunnableNetwork, draw: () => UnrunnableNetwork): UnrunnableNetwork {
  try {
    return draw();
  } catch (failure) {
    return refusalOr(refusal, failure);
  }
}

/** Weights that cannot be read leave the refusal as it was. */
function refusalOr(refusal: UnrunnableNetwork, failure: unknown): UnrunnableNetwork {
  if (failure instanceof AppError) return refusal;
  throw failure;
}

function readEntry(entries: readonly ZipEntry[], path: string, where: string): Promise<Uint8Array> {
  const entry = entries.find((one) => one.path === path);
  if (entry !== undefined) return entry.read();
  throw new AppError("files/missing-part", {
    where,
    expected: path,
    found: "an archive without it",
    hint: "save the model again with model.save",
  });
}

class StoredWeights implements KerasWeights {
  readonly #isOld: boolean;
  /** Indices by folder that nothing has taken. */
  readonly #left = new Map<string, Set<string>>();

  constructor(readonly file: Hdf5) {
    const keys = file.keys("/");
    this.#isOld = !keys.includes("layers") && keys.includes(OLD_FOLDER);
  }

  take({ layer, index }: WantedWeight): Tensor | undefined {
    const folder = `${this.#folderOf(layer.store)}/vars`;
    let left = this.#left.get(folder);
    if (left === undefined) {
      left = new Set(this.file.keys(folder));
      this.#left.set(folder, left);
    }
    return left.delete(String(index)) ? this.file.tensor(`${folder}/${index}`) : undefined;
  }

  stray(): string | undefined {
    for (const [folder, left] of this.#left) {
      // Normalization counts what it has seen, behind mean and variance.
      if (/\/normalization(?:_\d+)?\/vars$/.test(folder)) continue;
      for (const index of left) return `${folder}/${index}`;
    }
    return undefined;
  }

  #folderOf(store: string): string {
    return this.#isOld ? store.replaceAll(/(^|\/)layers(?=\/)/g, `$1${OLD_FOLDER}`) : store;
  }
}
