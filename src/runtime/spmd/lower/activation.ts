/** @file The way back through an activation: the gradient in front of it, from the one behind and the map. */
import { ACTIVATIONS } from "../instructions.ts";
import type { TrainingContext } from "../training-context.ts";
import type { Activation } from "../units.ts";
import { pixelsOf, type View } from "../views.ts";

interface Masking {
  /** The map behind the activation, and the gradient there. */
  readonly y: View;
  readonly dy: View;
  /** Where the gradient in front of it goes; may be `dy`'s own place. */
  readonly dx: View;
  readonly activation: Activation;
  /** 1 where it is added to what is there. */
  readonly accumulate?: number;
}

export function maskGradient(context: TrainingContext, masking: Masking): void {
  const { y, dy, dx, activation, accumulate = 0 } = masking;
  context.listing.emit("activateGradient", {
    y: y.place,
    yStride: y.stride,
    dy: dy.place,
    dyStride: dy.stride,
    pixels: pixelsOf(dy),
    channels: dy.layout.physical,
    activation: ACTIVATIONS[activation],
    dx: dx.place,
    dxStride: dx.stride,
    accumulate,
  });
}
