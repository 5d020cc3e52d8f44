/**
 * @file A tfjs layers model that another program wrote: its topology is a Keras model's config, and
 * its manifest names weights as `layer/kernel`, with or without the model's name in front.
 */
import * as v from "valibot";
import { AppError } from "../../core/index.ts";
import type { Tensor } from "../../model/index.ts";
import { at } from "../bytes.ts";
import type { Imported } from "../imported.ts";
import type { InputSize } from "../input-size.ts";
import { checkJson } from "../json.ts";
import { buildKeras, type KerasPlan, planKeras } from "../keras/translate.ts";
import { type KerasWeights, NameIndex, type WantedWeight } from "../keras/weights.ts";
import type { Group } from "./manifest.ts";

const topologySchema = v.object({ model_config: v.optional(v.unknown()) });

/**
 * Reads a topology.
 * @throws files/unsupported for a TensorFlow graph model, and what {@link planKeras} throws
 */
export function planTopology(
  topology: unknown,
  format: string | undefined,
  file: string,
  size?: InputSize,
): KerasPlan {
  if (format === "graph-model") {
    throw new AppError("files/unsupported", {
      where: file,
      expected: "a tfjs layers model",
      found: "a TensorFlow graph model",
      hint: "convert the Keras model with --output_format=tfjs_layers_model, or drop the Keras file itself",
    });
  }
  const where = at(file, "modelTopology");
  const { model_config: inner } = checkJson(topologySchema, topology, where);
  return planKeras(inner ?? topology, file, size);
}

/** Builds the network, with a note on weights that were stored in fewer bits. */
export function buildTopology(
  plan: KerasPlan,
  tensors: ReadonlyMap<string, Tensor>,
  groups: readonly Group[],
): Imported {
  const { network, notes } = buildKeras(plan, new ManifestWeights(tensors, plan.where));
  return { network, notes: [...notes, ...noteQuantized(groups)] };
}

function noteQuantized(groups: readonly Group[]): readonly string[] {
  const stored = groups.flatMap(({ weights }) =>
    weights.flatMap(({ quantization }) => (quantization === undefined ? [] : [quantization.dtype])),
  );
  return [...new Set(stored)].map(
    (dtype) => `weights stored as ${dtype} were converted to float32`,
  );
}

class ManifestWeights implements KerasWeights {
  readonly #names: NameIndex;

  constructor(
    readonly tensors: ReadonlyMap<string, Tensor>,
    file: string,
  ) {
    this.#names = new NameIndex(tensors.keys(), at(file, "weightsManifest"));
  }

  take({ layer, names }: WantedWeight): Tensor | undefined {
    const own = layer.path.at(-1) ?? "";
    const tails = [layer.path.join("/"), own].flatMap((path) =>
      names.map((one) => `${path}/${one}`),
    );
    const name = this.#names.take(tails);
    return name === undefined ? undefined : this.tensors.get(name);
  }

  stray(): string | undefined {
    return this.#names.stray();
  }
}
