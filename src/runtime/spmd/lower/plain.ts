/** @file The units without weights of their own, but for sums: activations, pools, and moved channels. */
import { known } from "../../../core/index.ts";
import type { Context } from "../context.ts";
import { ACTIVATIONS } from "../instructions.ts";
import { gatherTable } from "../layout.ts";
import type { Backward, TrainingContext } from "../training-context.ts";
import type { ActivationUnit, PlainUnit, PoolUnit, SelectUnit } from "../units.ts";
import { partsOf } from "../values.ts";
import { pixelsOf, sliceOf, type View } from "../views.ts";
import { maskGradient } from "./activation.ts";
import { gather, pass, scatter } from "./arrange.ts";
import { windowWords } from "./task.ts";

function inputOf(context: Context, { name, inputs }: { name: string; inputs: readonly string[] }) {
  return context.view(known(inputs[0], name));
}

function activate(context: Context, x: View, y: View, activation: number): void {
  context.listing.emit("activate", {
    x: x.place,
    xStride: x.stride,
    pixels: pixelsOf(x),
    channels: x.layout.physical,
    activation,
    y: y.place,
    yStride: y.stride,
  });
}

export function inferActivation(context: Context, unit: ActivationUnit): void {
  activate(context, inputOf(context, unit), context.view(unit.name), ACTIVATIONS[unit.activation]);
}

export function trainActivation(context: TrainingContext, unit: ActivationUnit): Backward {
  inferActivation(context, unit);
  return () => {
    const { name, inputs, activation } = unit;
    const input = known(inputs[0], name);
    if (!context.wants(input)) return;
    const y = context.view(name);
    const dy = context.gradients.source(name);
    const { view: dx, accumulate } = context.gradients.inPlaceOf(dy, input);
    maskGradient(context, { y, dy, dx, activation, accumulate });
  };
}

export function inferPool(context: Context, unit: PoolUnit): void {
  const x = inputOf(context, unit);
  const y = context.view(unit.name);
  context.listing.emit(unit.kind, {
    x: x.place,
    xStride: x.stride,
    height: x.height,
    width: x.width,
    channels: x.layout.physical,
    ...windowWords(unit.window),
    rows: y.height,
    columns: y.width,
    y: y.place,
    yStride: y.stride,
  });
}

export function trainPool(context: TrainingContext, unit: PoolUnit): Backward {
  inferPool(context, unit);
  return () => {
    const { kind, name, inputs } = unit;
    const input = known(inputs[0], name);
    if (!context.wants(input)) return;
    const x = context.view(input);
    const dy = context.gradients.source(name);
    const { view: dx, accumulate } = context.gradients.target(input);
    const words = {
      height: x.height,
      width: x.width,
      channels: x.layout.physical,
      ...windowWords(unit.window),
      rows: dy.height,
      columns: dy.width,
      dy: dy.place,
      dyStride: dy.stride,
      dx: dx.place,
      dxStride: dx.stride,
      accumulate,
    };
    if (kind === "averagePool") context.listing.emit("averagePoolGradient", words);
    else context.listing.emit("maxPoolGradient", { ...words, x: x.place, xStride: x.stride });
  };
}

function tableOf(context: Context, unit: SelectUnit): readonly number[] {
  const { layout } = context.view(unit.name);
  return gatherTable(inputOf(context, unit).layout, layout, unit.indices);
}

export function inferSelect(context: Context, unit: SelectUnit): void {
  gather(context, inputOf(context, unit), tableOf(context, unit), context.view(unit.name));
}

export function trainSelect(context: TrainingContext, unit: SelectUnit): Backward {
  inferSelect(context, unit);
  return () => {
    const input = known(unit.inputs[0], unit.name);
    if (!context.wants(input)) return;
    scatter(context, context.gradients.source(unit.name), tableOf(context, unit), input);
  };
}

/** Copies the inputs that do not lie in the concat already. */
export function inferConcat(context: Context, unit: PlainUnit): void {
  const whole = context.view(unit.name);
  const { offset } = known(context.values.get(unit.name), unit.name);
  for (const { input, slice, isInPlace } of partsOf(unit, context.values)) {
    if (isInPlace) continue;
    const y = sliceOf(whole, slice.offset - offset, slice.layout);
    activate(context, context.view(input), y, ACTIVATIONS.linear);
  }
}

export function trainConcat(context: TrainingContext, unit: PlainUnit): Backward {
  inferConcat(context, unit);
  return () => {
    const whole = context.gradients.source(unit.name);
    const { offset } = known(context.values.get(unit.name), unit.name);
    for (const { input, slice, isInPlace } of partsOf(unit, context.values)) {
      if (isInPlace || !context.wants(input)) continue;
      pass(context, sliceOf(whole, slice.offset - offset, slice.layout), input);
    }
  };
}

/** A flattened map's pixels as pixels again, for copying; nothing when flatten is only another view. */
function copiedPixels(context: Context, { name, inputs }: PlainUnit, flat: View): View | undefined {
  const input = known(inputs[0], name);
  const x = context.view(input);
  const [from, to] = [context.values.get(input), context.values.get(name)];
  if (from?.root === to?.root) return undefined;
  return { ...x, place: flat.place, stride: x.layout.physical };
}

export function inferFlatten(context: Context, unit: PlainUnit): void {
  const y = copiedPixels(context, unit, context.view(unit.name));
  if (y !== undefined) activate(context, inputOf(context, unit), y, ACTIVATIONS.linear);
}

export function trainFlatten(context: TrainingContext, unit: PlainUnit): Backward {
  inferFlatten(context, unit);
  return () => {
    const input = known(unit.inputs[0], unit.name);
    const dy = copiedPixels(context, unit, context.gradients.source(unit.name));
    if (dy !== undefined && context.wants(input)) pass(context, dy, input);
  };
}
