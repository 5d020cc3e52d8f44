/**
 * @file Max and average pooling. Padding never enters the result: a maximum ignores it, an average
 * divides by the pixels that are really there.
 */
import { channelsOf } from "../../core/index.ts";
import type { OpDefinition } from "../op.ts";
import { checkWindow, isPair, slide, type Window } from "./window.ts";

export interface MaxPool extends Window {
  readonly kind: "maxPool";
}

export interface AveragePool extends Window {
  readonly kind: "averagePool";
}

function pool<K extends "maxPool" | "averagePool">(
  kind: K,
): OpDefinition<Window & { readonly kind: K }> {
  return {
    kind,
    arity: [1, 1],
    check: checkWindow,
    inferShape(op, [input = []]) {
      const map = slide(op, input);
      return isPair(map) ? [...map, channelsOf(input)] : map;
    },
    weights: () => ({}),
    macs: () => 0,
    coupling: () => ({ kind: "passes" }),
    cut: (op) => op,
  };
}

export const maxPool: OpDefinition<MaxPool> = pool("maxPool");
export const averagePool: OpDefinition<AveragePool> = pool("averagePool");
