/** @file The activations that bend: a pass of their own, forward and back. */
import { known } from "../../../core/index.ts";
import type { Context } from "../context.ts";
import { CURVES } from "../instructions.ts";
import type { Backward, TrainingContext } from "../training-context.ts";
import type { CurveUnit } from "../units.ts";
import { pixelsOf } from "../views.ts";

function kindOf({ op }: CurveUnit) {
  return { kind: CURVES[op.kind], alpha: "alpha" in op ? op.alpha : 0 };
}

export function infer(context: Context, unit: CurveUnit): void {
  const x = context.view(known(unit.inputs[0], unit.name));
  const y = context.view(unit.name);
  context.listing.emit("curve", {
    x: x.place,
    xStride: x.stride,
    pixels: pixelsOf(x),
    channels: x.layout.physical,
    ...kindOf(unit),
    y: y.place,
    yStride: y.stride,
  });
}

export function train(context: TrainingContext, unit: CurveUnit): Backward {
  infer(context, unit);
  return () => {
    const { name, inputs, op } = unit;
    const input = known(inputs[0], name);
    if (!context.wants(input)) return;
    const z = context.view(op.kind === "swish" ? input : name);
    const dy = context.gradients.source(name);
    const { view: dx, accumulate } = context.gradients.inPlaceOf(dy, input);
    context.listing.emit("curveGradient", {
      z: z.place,
      zStride: z.stride,
      dy: dy.place,
      dyStride: dy.stride,
      pixels: pixelsOf(dy),
      channels: dy.layout.physical,
      ...kindOf(unit),
      dx: dx.place,
      dxStride: dx.stride,
      accumulate,
    });
  };
}
