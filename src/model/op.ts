/**
 * @file What every op declares about itself. Shared code never asks which kind an op is: shapes,
 * weights, cost, the coupling of channels and the effect of a cut all come from here, so that a new
 * op is one new file.
 */
import type { Shape } from "../core/index.ts";

/**
 * What a weight's axis counts: nothing that a cut changes, the node's input channels, the slots of
 * one group's input channels (grouped convolution), or the node's output channels.
 */
export type WeightAxis = "fixed" | "input" | "group-input" | "output";

/** One weight of a node. */
export interface WeightSpec {
  readonly shape: Shape;
  readonly axes: readonly WeightAxis[];
  /** False for running statistics: stored and cut, but neither trained nor counted. */
  readonly trainable: boolean;
}

/** How a node's output channels follow from its inputs' channels. */
export type Coupling =
  /** The network's input: a new axis that nothing may cut. */
  | { readonly kind: "fixed" }
  /** A new axis. With `groups` > 1, equal slots of all groups go together, in and out. */
  | { readonly kind: "opens"; readonly groups: number }
  /** Output channel j is input channel j. */
  | { readonly kind: "passes" }
  /** Output channel j is input channel ⌊j / each⌋ (depthwise with a multiplier). */
  | { readonly kind: "repeats"; readonly each: number }
  /** Output feature j is input channel j mod c (flatten of `[h, w, c]`). */
  | { readonly kind: "tiles" }
  /** Channel j of every input goes together, and is output channel j. */
  | { readonly kind: "ties" }
  /** The inputs' channels side by side. */
  | { readonly kind: "joins" };

/** Indices that survive a cut, ascending. */
export type Kept = Int32Array;

/** The answers of one kind of op. `I` are its inputs' shapes, which `inferShape` has accepted. */
export interface OpDefinition<O> {
  readonly kind: string;
  /** Fewest and most inputs. */
  readonly arity: readonly [fewest: number, most: number];
  /**
   * Checks attributes that need no shapes.
   * @returns what is wrong with which field, or nothing
   */
  check(op: O): Complaint | undefined;
  /**
   * The output's shape.
   * @returns the shape, or what disagrees
   */
  inferShape(op: O, inputs: readonly Shape[]): Shape | Complaint;
  /** The weights by slot, in a fixed order. */
  weights(op: O, inputs: readonly Shape[]): Readonly<Record<string, WeightSpec>>;
  /** Multiply-accumulates for one example; convolution and dense only (see `cost.ts`). */
  macs(op: O, inputs: readonly Shape[], output: Shape): number;
  /** How channels flow through. */
  coupling(op: O, inputs: readonly Shape[]): Coupling;
  /**
   * The op's attributes after a cut.
   * @param inputs — the shapes before the cut
   * @param kept — what survives of each input's channels
   * @param output — what survives of the output's channels
   */
  cut(op: O, inputs: readonly Shape[], kept: readonly Kept[], output: Kept): O;
}

/** What is wrong with an op, as facts for an `AppError`. */
export interface Complaint {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** Tells a complaint from a shape. */
export function isComplaint(value: Shape | Complaint): value is Complaint {
  return !Array.isArray(value);
}
