/**
 * @file Keras' HDF5 file, as `model.save("net.h5")` writes it: the config in the attribute
 * `model_config`, the weights in `model_weights/LAYER`, whose attribute `weight_names` lists them.
 */
import { AppError } from "../../core/index.ts";
import { at } from "../bytes.ts";
import type { Imported } from "../imported.ts";
import type { InputSize } from "../input-size.ts";
import { parseJsonText } from "../json.ts";
import { LIMITS } from "../limits.ts";
import type { Tensor } from "../../model/index.ts";
import { type Hdf5, withHdf5 } from "./hdf5.ts";
import { buildKeras, planKeras } from "./translate.ts";
import { type KerasWeights, NameIndex, type WantedWeight } from "./weights.ts";

const WEIGHTS = "model_weights";

/**
 * Reads a whole model.
 * @param bytes — the file, borrowed
 * @param size — of images, for a model that leaves it open
 * @throws files/* and model/*, naming file and layer; files/unsupported for a file without a config
 */
export function readKerasH5(bytes: Uint8Array, where: string, size?: InputSize): Promise<Imported> {
  return withHdf5(bytes, where, (file) => {
    const config = file.texts("/", "model_config")?.[0];
    if (config === undefined) throw refuseWithoutConfig(file, where);
    const place = at(where, "model_config");
    if (config.length > LIMITS.jsonBytes) {
      throw new AppError("files/over-limit", {
        where: place,
        expected: `at most ${LIMITS.jsonBytes} characters`,
        found: String(config.length),
      });
    }
    const weights = (): KerasWeights => new LegacyWeights(file, where);
    const plan = planKeras(parseJsonText(config, place), where, size, weights);
    return buildKeras(plan, weights());
  });
}

function refuseWithoutConfig(file: Hdf5, where: string): AppError {
  const keys = file.keys("/");
  const isWeights =
    file.texts("/", "layer_names") !== undefined ||
    keys.includes("layers") ||
    keys.includes("_layer_checkpoint_dependencies");
  return new AppError("files/unsupported", {
    where,
    expected: "a Keras model with its config",
    found: isWeights ? "weights alone" : "an HDF5 file of another program",
    hint: "save the whole model with model.save, not its weights, and drop that",
  });
}

class LegacyWeights implements KerasWeights {
  readonly #groups = new Map<string, NameIndex>();

  constructor(
    readonly file: Hdf5,
    readonly where: string,
  ) {}

  take({ layer, names }: WantedWeight): Tensor | undefined {
    const [group = "", ...inner] = layer.path;
    let index = this.#groups.get(group);
    if (index === undefined) {
      const path = `${WEIGHTS}/${group}`;
      index = new NameIndex(this.#listed(path), at(this.where, path));
      this.#groups.set(group, index);
    }
    const name = index.take(names.map((one) => [...inner, one].join("/")));
    return name === undefined ? undefined : this.file.tensor(`${WEIGHTS}/${group}/${name}`);
  }

  stray(): string | undefined {
    for (const index of this.#groups.values()) {
      const name = index.stray();
      if (name !== undefined) return name;
    }
    return undefined;
  }

  /** HDF5 keeps attributes below 64 kB, so Keras cuts a long list into `weight_names0`, `…1`. */
  #listed(group: string): readonly string[] {
    const whole = this.file.texts(group, "weight_names");
    if (whole !== undefined) return whole;
    const parts: string[] = [];
    for (let i = 0; ; i++) {
      const part = this.file.texts(group, `weight_names${i}`);
      if (part === undefined) return parts;
      parts.push(...part);
    }
  }
}
