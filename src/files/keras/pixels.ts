/**
 * @file Rescaling and Normalization directly behind the input: they leave the graph and become the
 * network's normalization. Anywhere else they are refused.
 */
import * as v from "valibot";
import { AppError } from "../../core/index.ts";
import { at } from "../bytes.ts";
import { checkJson } from "../json.ts";
import type { KerasLayer } from "./config.ts";
import { type Affine, compose } from "./normalization.ts";
import { Refusal } from "./refusals.ts";
import { channelsIn, isPadded, type Scope, type Value } from "./scope.ts";
import type { Build } from "./windows.ts";

/** Channels that an image may have; each gets its own mean and deviation. */
const MOST_CHANNELS = 4096;
/** Keras' own guard against dividing by zero. */
const SMALLEST_DEVIATION = 1e-7;

const number = v.pipe(v.number(), v.finite());
const perChannel = v.union([
  v.pipe(
    number,
    v.transform((n): readonly number[] => [n]),
  ),
  v.pipe(v.array(number), v.minLength(1), v.maxLength(MOST_CHANNELS)),
]);
const rescalingSchema = v.object({ scale: perChannel, offset: v.optional(perChannel, 0) });
const normalizationSchema = v.object({
  axis: v.optional(v.unknown(), -1),
  mean: v.optional(v.unknown()),
  variance: v.optional(v.unknown()),
  invert: v.nullish(v.boolean()),
});

export function readRescaling(layer: KerasLayer): Build {
  const affine = checkJson(rescalingSchema, layer.config, layer.where);
  return (_, [x]) => scaled(x as Value, affine, layer.where);
}

/** `(p − mean) / max(√variance, 1e-7)`; both stand in the config, or among the weights. */
export function readNormalization(layer: KerasLayer): Build {
  const { where } = layer;
  const fields = checkJson(normalizationSchema, layer.config, where);
  if (fields.invert === true) throw new Refusal("Normalization that inverts");
  const given =
    fields.mean === undefined || fields.mean === null
      ? undefined
      : {
          mean: checkJson(perChannel, flat(fields.mean), at(where, "mean")),
          variance: checkJson(perChannel, flat(fields.variance), at(where, "variance")),
        };
  return (scope, [input]) => {
    const x = input as Value;
    const { mean, variance } = given ?? adapted(scope, layer, channelsIn(x));
    const scale = variance.map((value) => 1 / Math.max(Math.sqrt(value), SMALLEST_DEVIATION));
    const centred: Affine = { scale: [1], offset: mean.map((value) => -value) };
    return scaled(x, compose(centred, { scale, offset: [0] }), where);
  };
}

/** Lists around a list of numbers, as `(1, 1, 1, c)` is written, taken off. */
function flat(json: unknown): unknown {
  let inner = json;
  while (Array.isArray(inner) && inner.length === 1 && Array.isArray(inner[0])) inner = inner[0];
  return inner;
}

function adapted(scope: Scope, layer: KerasLayer, channels: number) {
  const [mean, variance] = ["mean", "variance"].map((slot, index) => {
    const shape = [channels];
    const found = scope.weights.take({ layer, names: [slot], index, shape });
    if (found?.values.length === channels) return [...found.values];
    throw new AppError("files/missing-part", {
      where: at(layer.where, slot),
      expected: `${channels} numbers`,
      found: found === undefined ? "nothing" : `${found.values.length} numbers`,
    });
  });
  return { mean: mean as number[], variance: variance as number[] };
}

function scaled(x: Value, affine: Affine, where: string): Value {
  if (!x.isInput || isPadded(x)) {
    throw new AppError("files/unsupported", {
      where,
      expected: "scaling directly behind the input",
      found: "scaling further inside",
    });
  }
  const channels = channelsIn(x);
  const whole = compose(x.affine, affine);
  const fits = whole.scale.length === 1 || whole.scale.length === channels;
  const sound = whole.scale.every((n) => n > 0) && whole.offset.every(Number.isFinite);
  if (channels <= MOST_CHANNELS && fits && sound && whole.scale.every(Number.isFinite)) {
    return { ...x, affine: whole };
  }
  throw new AppError("files/bad-field", {
    where,
    expected: `positive scales, one or ${channels}`,
    found: whole.scale.slice(0, 8).map(String).join(", "),
  });
}
