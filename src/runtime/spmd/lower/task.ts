/** @file One convolution, or one group of one, and what the ways of computing it must be able to do. */
import type { Window } from "../../../model/index.ts";
import type { Place } from "../blocks.ts";
import type { Context } from "../context.ts";
import type { Word } from "../listing.ts";
import type { Activation } from "../units.ts";
import type { View } from "../views.ts";

export interface Task {
  readonly name: string;
  readonly window: Window;
  /** Channels and filters that there really are; their positions are in the views' layouts. */
  readonly cin: number;
  readonly cout: number;
  /** `[kh][kw][cin][rowStride]` */
  readonly weights: Place;
  readonly rowStride: number;
  readonly x: View;
  readonly y: View;
}

/** What happens to the products on their way into the map; 0 where nothing does. */
export interface Epilogue {
  /** A factor for each filter, multiplied into the weights. */
  readonly scale: Word;
  /** Added to each filter; zeros up to a multiple of 8 behind it. */
  readonly bias: Word;
  readonly activation: Activation;
  /** Takes each thread's sums for a batch norm. */
  readonly partials: Word;
}

export interface Method {
  forward(context: Context, task: Task, epilogue: Epilogue): void;
  inputGradient(context: Context, task: Task, dy: View, dx: View, accumulate: number): void;
  /** `gradient` as the weights. */
  weightGradient(context: Context, task: Task, dy: View, gradient: Place): void;
}

/** A window, as instructions that slide one are told it. */
export function windowWords({ size, stride, padding }: Window) {
  return {
    kernelHeight: size[0],
    kernelWidth: size[1],
    strideY: stride[0],
    strideX: stride[1],
    padTop: padding[0],
    padLeft: padding[2],
  };
}

/** Panels of 8 columns. */
export function panelsOf(columns: number): number {
  return Math.ceil(columns / 8);
}
