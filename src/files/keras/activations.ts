/**
 * @file Keras' activations, by their name and as layers of their own.
 */
import * as v from "valibot";
import type { Op } from "../../model/index.ts";
import { checkJson } from "../json.ts";
import { Refusal } from "./refusals.ts";

/** An activation as an op; nothing for the one that does nothing. */
export type Activation = Op | undefined;

const BY_NAME = new Map<string, Activation>([
  ["linear", undefined],
  ["relu", { kind: "relu" }],
  ["relu6", { kind: "relu6" }],
  ["elu", { kind: "elu", alpha: 1 }],
  ["leaky_relu", { kind: "leakyRelu", alpha: 0.2 }],
  ["swish", { kind: "swish" }],
  ["silu", { kind: "swish" }],
  ["tanh", { kind: "tanh" }],
  ["softmax", { kind: "softmax" }],
]);

const number = v.pipe(v.number(), v.finite());
const config = v.object({
  activation: v.optional(v.unknown()),
  axis: v.optional(v.unknown()),
  alpha: v.nullish(number),
  negative_slope: v.nullish(number),
  max_value: v.nullish(number),
  threshold: v.nullish(number),
});
type Config = v.InferOutput<typeof config>;

const BY_CLASS = new Map<string, (fields: Config, where: string) => Activation>([
  ["Activation", ({ activation }, where) => readActivation(activation, where)],
  ["ReLU", readRelu],
  ["ELU", ({ alpha }) => ({ kind: "elu", alpha: alpha ?? 1 })],
  ["LeakyReLU", ({ alpha, negative_slope: slope }) => leaky(slope ?? alpha ?? 0.3)],
  ["Softmax", readSoftmax],
]);

/** True for layers that are nothing but an activation. */
export function isActivationLayer(className: string): boolean {
  return BY_CLASS.has(className);
}

/** @throws Refusal */
export function readActivationLayer(className: string, json: unknown, where: string): Activation {
  return BY_CLASS.get(className)?.(checkJson(config, json, where), where);
}

const serializedSchema = v.object({ class_name: v.string(), config: v.optional(v.unknown()) });

/**
 * Reads the `activation` of a layer: a name, or what Keras 3 writes for a function or a layer.
 * @throws Refusal
 */
export function readActivation(json: unknown, where: string): Activation {
  if (json === undefined || json === null) return undefined;
  const name = typeof json === "string" ? json : readSerialized(json, where);
  if (typeof name !== "string") return name.op;
  if (!BY_NAME.has(name)) throw new Refusal(`activation ${name}`);
  return BY_NAME.get(name);
}

function readSerialized(json: unknown, where: string): string | { readonly op: Activation } {
  const { class_name: className, config: inner } = checkJson(serializedSchema, json, where);
  if (className === "function" && typeof inner === "string") return inner;
  if (className === "Activation" || !isActivationLayer(className)) {
    throw new Refusal(`activation ${className}`);
  }
  return { op: readActivationLayer(className, inner ?? {}, where) };
}

function readRelu({ max_value: most, negative_slope: slope, threshold }: Config): Activation {
  const plain = (slope ?? 0) === 0;
  if ((threshold ?? 0) === 0 && plain && (most ?? undefined) === undefined) return { kind: "relu" };
  if ((threshold ?? 0) === 0 && plain && most === 6) return { kind: "relu6" };
  if ((threshold ?? 0) === 0 && (most ?? undefined) === undefined) return leaky(slope ?? 0);
  throw new Refusal("ReLU with a threshold, or a largest value other than 6");
}

function leaky(alpha: number): Activation {
  return alpha === 0 ? { kind: "relu" } : { kind: "leakyRelu", alpha };
}

/** Only ever over the features of a vector, which the op itself checks. */
function readSoftmax({ axis }: Config): Activation {
  const plain = Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : axis;
  if (plain === undefined || plain === -1 || plain === 1) return { kind: "softmax" };
  throw new Refusal("Softmax over another axis");
}
