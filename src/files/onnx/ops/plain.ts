/** @file Ops that change each value by itself, or nothing at all. */
import { AppError } from "../../../core/index.ts";
import type { Op } from "../../../model/index.ts";
import { at } from "../../bytes.ts";
import type { Call } from "../call.ts";
import { readTensor, typeName } from "../tensors.ts";
import { type Activation, shortest, showNumber, type Value } from "../values.ts";

/** Identity, and Dropout, which does nothing outside training. */
export function readIdentity(call: Call): Value {
  return call.value(0);
}

/** Cast between types that are all float32, or all integers, here. */
export function readCast(call: Call): Value {
  const value = call.value(0);
  const type = typeName(call.int("to", 0));
  const same = value.kind === "integers" ? /^int(32|64)$/.test(type) : type === "float32";
  if (same) return value;
  throw call.refusal("to", {
    expected: value.kind === "integers" ? "int64" : "float32",
    found: type,
  });
}

/** Constant: a tensor or a few numbers within the node. */
export function readConstant(call: Call): Value {
  const { attributes, outputs } = call.node;
  const [[key, attribute] = ["", undefined], ...others] = attributes;
  const where = at(call.where, key);
  const name = outputs[0] ?? "";
  if (attribute?.kind === "tensor" && others.length === 0) {
    const value = readTensor(attribute.value, where, undefined);
    return value.kind === "floats" ? { ...value, name } : value;
  }
  if (attribute?.kind === "float") {
    return { kind: "floats", name, dims: [], values: Float32Array.of(attribute.value) };
  }
  if (attribute?.kind === "int") return { kind: "integers", dims: [], entries: [attribute.value] };
  if (attribute?.kind === "ints") {
    return { kind: "integers", dims: [attribute.value.length], entries: attribute.value };
  }
  throw new AppError("files/unsupported", {
    where,
    expected: "one tensor or number",
    found: attribute?.kind ?? "none",
  });
}

/** An op that changes each value by itself keeps whatever order the features have. */
export function readElementwise(call: Call, input: Activation, op: Op): Activation {
  const added = call.add(op, [input], input.axes);
  return { ...added, ...(input.feature === undefined ? {} : { feature: input.feature }) };
}

/** Relu, Tanh, Elu and LeakyRelu. */
export function readActivation(call: Call): Activation {
  const input = call.activation(0);
  switch (call.node.opType) {
    case "Elu":
      return readElementwise(call, input, { kind: "elu", alpha: alpha(call, 1) });
    case "LeakyRelu":
      return readElementwise(call, input, { kind: "leakyRelu", alpha: alpha(call, 0.01) });
    case "Tanh":
      return readElementwise(call, input, { kind: "tanh" });
    default:
      return readElementwise(call, input, { kind: "relu" });
  }
}

const alpha = (call: Call, otherwise: number): number => shortest(call.float("alpha", otherwise));

/** Sigmoid, kept aside until it is multiplied by what it is taken of. */
export function readSigmoid(call: Call): Activation {
  return { ...call.activation(0), sigmoid: true };
}

/** Swish, an op of its own since opset 24. */
export function readSwish(call: Call): Activation {
  const slope = call.float("alpha", 1);
  if (slope === 1) return readElementwise(call, call.activation(0), { kind: "swish" });
  throw call.refusal("alpha", { expected: "1", found: String(slope) });
}

/** Clip from 0 to 6; from 0 without an end it is Relu. */
export function readClip(call: Call): Activation {
  const input = call.activation(0);
  const least = call.has(1) ? call.floats(1).values[0] : call.float("min", -Infinity);
  const most = call.has(2) ? call.floats(2).values[0] : call.float("max", Infinity);
  if (least === 0 && most === 6) return readElementwise(call, input, { kind: "relu6" });
  // The largest float32 is how some exporters say "no end".
  if (least === 0 && (most ?? 0) > 3e38) return readElementwise(call, input, { kind: "relu" });
  throw call.refusal("max", {
    expected: "from 0 to 6",
    found: `from ${showNumber(least)} to ${showNumber(most)}`,
  });
}

/** Softmax over the features of a vector. */
export function readSoftmax(call: Call): Activation {
  const input = call.activation(0);
  const { axis } = call.axis(call.int("axis", call.around.opset < 13 ? 1 : -1), input);
  if (axis === "c" && input.shape.length === 1) {
    return readElementwise(call, input, { kind: "softmax" });
  }
  throw call.refusal("axis", { expected: "the features of a vector", found: axis });
}
