/** @file What a family of networks declares about itself, and a few sentences that several share. */
import type { Graph } from "../../model/index.ts";
import type { InputSize } from "../input-size.ts";
import type { Checkpoint } from "../torch/state-dict.ts";
import type { ModuleBuilder } from "./module-builder.ts";

/** Networks whose code is public, so that names and shapes say everything else. */
export interface Family {
  /** In a word, for flags. */
  readonly key: string;
  /** As in "recognised as a network-slimming VGG". */
  readonly name: string;
  /** The modules that it may have; the family with the most of them is the nearest. */
  readonly modules: RegExp;
  /** What the same names and shapes stand for in other code, the usual reading left out. */
  readonly variants?: readonly Variant[];
  /**
   * The graph by names and shapes.
   * @throws Misfit where it cannot go on
   */
  build(b: ModuleBuilder, cfg: Checkpoint["cfg"]): Draft;
}

/** Another reading of the same tensors. */
export interface Variant {
  /** In a word, for flags. */
  readonly key: VariantKey;
  /** As in "ResNet, stride in the first convolution". */
  readonly title: string;
}

export type VariantKey = "average-pools" | "early-stride" | "zeros-behind";

/** A graph whose weights are yet to be held against the file. */
export interface Draft {
  readonly graph: Graph;
  /** What was assumed. */
  readonly notes: readonly string[];
}

/** What a person has said about a file that leaves it open. */
export interface Said {
  readonly inputSize?: InputSize | undefined;
  /** A {@link Reading}'s key; the first that fits by default. */
  readonly reading?: string | undefined;
}

/** One of the networks that a file's weights may be. */
export interface Reading {
  readonly key: string;
  /** For people: `ResNet, stride in the first convolution`. */
  readonly title: string;
}

/** State dicts do not tell the size of an image; nothing is assumed once a person has. */
export function assumedSide(b: ModuleBuilder, side: number): readonly string[] {
  return b.size === undefined
    ? [`the file does not say the image size: ${side} × ${side} pixels are assumed`]
    : [];
}

/** The note about selections, where a network that is pruned by them came without. */
export function assumedSelections(b: ModuleBuilder): readonly string[] {
  return b.selections.size > 0
    ? []
    : ["the file has no channel selections: the network gets some that keep every channel"];
}
