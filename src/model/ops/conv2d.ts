/**
 * @file Convolution (cross-correlation, as every framework has it), grouped at will. Depthwise is
 * the case `groups = cin`: there the output's channels *are* the input's, as far as pruning goes.
 */
import { channelsOf, known, showShape, sizeOf } from "../../core/index.ts";
import type { OpDefinition, WeightSpec } from "../op.ts";
import { checkWindow, isPair, slide, type Window } from "./window.ts";

export interface Conv2d extends Window {
  readonly kind: "conv2d";
  /** Output channels; a multiple of `groups`. */
  readonly filters: number;
  readonly groups: number;
  readonly bias: boolean;
}

/** Output channels per input channel when the convolution is depthwise, else nothing. */
export function depthMultiplier(op: Conv2d, cin: number): number | undefined {
  return op.groups === cin && cin > 1 ? op.filters / cin : undefined;
}

export const conv2d: OpDefinition<Conv2d> = {
  kind: "conv2d",
  arity: [1, 1],
  check(op) {
    for (const field of ["filters", "groups"] as const) {
      if (!Number.isSafeInteger(op[field]) || op[field] < 1) {
        return { field, expected: "a positive integer", found: String(op[field]) };
      }
    }
    if (op.filters % op.groups !== 0) {
      return {
        field: "filters",
        expected: `a multiple of groups (${op.groups})`,
        found: String(op.filters),
      };
    }
    return checkWindow(op);
  },
  inferShape(op, [input = []]) {
    const map = slide(op, input);
    if (!isPair(map)) return map;
    if (channelsOf(input) % op.groups !== 0) {
      return {
        field: "input",
        expected: `channels in multiples of ${op.groups}`,
        found: showShape(input),
      };
    }
    return [...map, op.filters];
  },
  weights(op, [input = []]) {
    const cin = channelsOf(input) / op.groups;
    const kernel: WeightSpec = {
      shape: [...op.size, cin, op.filters],
      axes: ["fixed", "fixed", op.groups === 1 ? "input" : "group-input", "output"],
      trainable: true,
    };
    const bias: WeightSpec = { shape: [op.filters], axes: ["output"], trainable: true };
    return op.bias ? { kernel, bias } : { kernel };
  },
  macs: (op, [input = []], output) =>
    ((sizeOf(output) * channelsOf(input)) / op.groups) * op.size[0] * op.size[1],
  coupling(op, [input = []]) {
    const each = depthMultiplier(op, channelsOf(input));
    return each === undefined ? { kind: "opens", groups: op.groups } : { kind: "repeats", each };
  },
  cut: (op, [input = []], [kept], output) => ({
    ...op,
    filters: output.length,
    groups:
      depthMultiplier(op, channelsOf(input)) === undefined
        ? op.groups
        : known(kept, "input").length,
  }),
};
