/** @file Brings a map's channels into another layout where the one it has does not do. */
import type { NodeName } from "../../../model/index.ts";
import type { Context } from "../context.ts";
import { gatherTable, sameLayout, type Layout } from "../layout.ts";
import type { TrainingContext } from "../training-context.ts";
import { pixelsOf, type View } from "../views.ts";

export interface Arranged {
  readonly view: View;
  /** Where each position came from; nothing when the map was right as it was. */
  readonly table: readonly number[] | undefined;
}

/**
 * The map in that layout; a copy when it has another.
 * @param selection — the channel that each channel of the copy is; by default the same one
 */
export function arrange(
  context: Context,
  x: View,
  layout: Layout,
  selection?: readonly number[],
): Arranged {
  if (selection === undefined && sameLayout(x.layout, layout)) {
    return { view: x, table: undefined };
  }
  const table = gatherTable(x.layout, layout, selection);
  const view = context.temporary("arranged", x, layout);
  gather(context, x, table, view);
  return { view, table };
}

/** y[j] = x[table[j]]. */
export function gather(context: Context, x: View, table: readonly number[], y: View): void {
  context.listing.emit("gather", {
    x: x.place,
    xStride: x.stride,
    pixels: pixelsOf(x),
    gather: context.blocks.table(table),
    y: y.place,
    yStride: y.stride,
    channels: y.layout.physical,
  });
}

/** Adds the gradient of what was gathered to the gradient of where it came from. */
export function scatter(
  context: TrainingContext,
  dy: View,
  table: readonly number[],
  name: NodeName,
): void {
  const { view, accumulate } = context.gradients.target(name);
  context.listing.emit("gatherGradient", {
    dy: dy.place,
    dyStride: dy.stride,
    pixels: pixelsOf(dy),
    gather: context.blocks.table(table),
    channels: dy.layout.physical,
    dx: view.place,
    dxStride: view.stride,
    sources: view.layout.physical,
    accumulate,
  });
}

/** Copies a gradient of the same layout to another place, or adds it there. */
export function pass(context: TrainingContext, dy: View, name: NodeName): void {
  const { view, accumulate } = context.gradients.target(name);
  context.listing.emit("activateGradient", {
    // Nothing is asked of it without an activation.
    y: dy.place,
    yStride: dy.stride,
    dy: dy.place,
    dyStride: dy.stride,
    pixels: pixelsOf(dy),
    channels: dy.layout.physical,
    activation: 0,
    dx: view.place,
    dxStride: view.stride,
    accumulate,
  });
}
