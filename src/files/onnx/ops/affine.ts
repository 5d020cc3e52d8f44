/**
 * @file Additions and multiplications: of what two nodes compute, which is the end of a residual
 * branch, or by a constant per channel, which disappears in the layer in front of it.
 */
import { known, showShape } from "../../../core/index.ts";
import type { Call } from "../call.ts";
import type { Affine } from "../draft.ts";
import { type Activation, channels, describe, type Floats, type Value } from "../values.ts";
import { readElementwise } from "./plain.ts";
import { inOurOrder } from "./select.ts";
import { multiplyIntegers } from "./shape-arithmetic.ts";

type Operator = "Add" | "Sub" | "Mul" | "Div";

/** Add, Sub, Mul and Div. */
export function readBinary(call: Call): Value {
  const [left, right] = [call.value(0), call.value(1)];
  const operator = call.node.opType as Operator;
  if (left.kind === "integers" && right.kind === "integers" && operator === "Mul") {
    return multiplyIntegers(call, left, right);
  }
  if (left.kind === "activation" && right.kind === "activation" && operator === "Add") {
    return readSum(call);
  }
  if (left.kind === "activation" && right.kind === "activation" && operator === "Mul") {
    const swish = readProduct(call, left, right);
    if (swish !== undefined) return swish;
  }
  if (left.kind === "activation" && right.kind === "floats") {
    return foldConstant(call, call.activation(0), right, operator, false);
  }
  if (left.kind === "floats" && right.kind === "activation" && operator !== "Div") {
    return foldConstant(call, call.activation(1), left, operator, true);
  }
  throw call.refusal("inputs", {
    expected: "what a node computes and a constant per channel",
    found: `${describe(left)} and ${describe(right)}`,
  });
}

/** x · sigmoid(x), either way round; nothing when the sigmoid is of something else. */
function readProduct(call: Call, left: Activation, right: Activation): Activation | undefined {
  const [input, gate] = left.sigmoid === true ? [right, left] : [left, right];
  const swish =
    gate.sigmoid === true &&
    input.sigmoid !== true &&
    input.pad === undefined &&
    input.node === gate.node &&
    input.axes.join() === gate.axes.join();
  return swish ? readElementwise(call, input, { kind: "swish" }) : undefined;
}

/** Add and Sum of what several nodes compute. */
export function readSum(call: Call): Value {
  const inputs = call.node.inputs.map((_, i) => call.activation(i));
  const [first] = inputs;
  if (first === undefined || inputs.length === 1) return call.activation(0);
  inputs.forEach((input, i) => call.expectAxes(input, first.axes, i));
  if (inputs.every(({ feature }) => feature === undefined)) {
    return call.add({ kind: "add" }, inputs, first.axes);
  }
  const ordered = inputs.map((input) => inOurOrder(call, input));
  return call.add({ kind: "add" }, ordered, first.axes);
}

function foldConstant(
  call: Call,
  activation: Activation,
  constant: Floats,
  operator: Operator,
  constantFirst: boolean,
): Activation {
  const { draft, notes } = call.around;
  if (!activation.sole || !draft.folds(activation.node)) {
    throw call.refusal("inputs", {
      expected: "a constant right behind a convolution, a dense layer or a batch norm",
      found: `a constant behind ${activation.node}${activation.sole ? "" : ", which others read too"}`,
      hint:
        draft.op(activation.node).kind === "input"
          ? "export the network without its preprocessing; Espalier normalizes images itself"
          : "fold it into the layer in front and export the network again",
    });
  }
  // Only now: the channels of a layer are as many as the file has weights for, others' may be any.
  const values = perChannel(call, activation, constant);
  draft.fold(activation.node, affineOf(operator, values, constantFirst));
  const isBias = operator === "Add" && draft.op(activation.node).kind !== "batchNorm";
  if (!isBias)
    notes.push(`${call.node.opType} ${call.node.name} was folded into ${activation.node}`);
  return activation;
}

function affineOf(operator: Operator, values: Float64Array, constantFirst: boolean): Affine {
  const ones = values.map(() => 1);
  const zeros = values.map(() => 0);
  const negated = values.map((value) => -value);
  if (operator === "Add") return { scale: ones, shift: values };
  if (operator === "Mul") return { scale: values, shift: zeros };
  if (operator === "Div") return { scale: values.map((value) => 1 / value), shift: zeros };
  return constantFirst
    ? { scale: ones.map(() => -1), shift: values }
    : { scale: ones, shift: negated };
}

/** A constant as one number per channel of ours, by the rules of broadcasting. */
function perChannel(call: Call, activation: Activation, { dims, values }: Floats): Float64Array {
  const { axes, feature } = activation;
  const count = channels(activation);
  const first = axes.length - dims.length;
  const fits = dims.every((size, i) => size === 1 || (axes[first + i] === "c" && size === count));
  if (first < 0 || !fits || values.length === 0) {
    throw call.refusal("inputs", {
      expected: "one number, or one per channel",
      found: `a constant of ${showShape(dims)}`,
    });
  }
  const ours = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    const value = values.length === 1 ? values[0] : values[j];
    ours[feature?.(j) ?? j] = known(value, "constant");
  }
  return ours;
}
