/** @file What a family of networks declares about itself, and a few sentences that several share. */
import type { Graph } from "../../model/index.ts";
import type { Checkpoint } from "../torch/state-dict.ts";
import type { ModuleBuilder } from "./module-builder.ts";

/** Networks whose code is public, so that names and shapes say everything else. */
export interface Family {
  /** As in "recognised as a network-slimming VGG". */
  readonly name: string;
  /** The modules that it may have; the family with the most of them is the nearest. */
  readonly modules: RegExp;
  /**
   * The graph by names and shapes.
   * @throws Misfit where it cannot go on
   */
  build(b: ModuleBuilder, cfg: Checkpoint["cfg"]): Draft;
}

/** A graph whose weights are yet to be held against the file. */
export interface Draft {
  readonly graph: Graph;
  /** What was assumed. */
  readonly notes: readonly string[];
}

/** State dicts do not tell the size of an image. */
export function assumedSide(side: number): string {
  return `the file does not say the image size: ${side} × ${side} pixels are assumed`;
}

/** The note about selections, where a network that is pruned by them came without. */
export function assumedSelections(b: ModuleBuilder): readonly string[] {
  return b.selections.size > 0
    ? []
    : ["the file has no channel selections: the network gets some that keep every channel"];
}
