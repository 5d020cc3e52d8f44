/**
 * @file Batch norm with what runs along: the map in front of it is read once forward and twice on the
 * way back, where activation and maximum are found again from it, so that no mask is stored.
 */
import { known } from "../../../core/index.ts";
import type { Place } from "../blocks.ts";
import type { Context } from "../context.ts";
import { ACTIVATIONS } from "../instructions.ts";
import { inverseTable } from "../layout.ts";
import type { Backward, TrainingContext } from "../training-context.ts";
import type { NormUnit } from "../units.ts";
import { normGather } from "../values.ts";
import { pixelsOf, type View } from "../views.ts";

/** Scale, shift, mean and reciprocal deviation of each channel. */
const AFFINE_ROWS = 4;
/** Factors of dx = a·g + b·(x − mean) + c. */
const COEFFICIENT_ROWS = 3;

/** What both passes need to know about the input's channels. */
function channelsOf(context: Context, x: View) {
  return {
    logical: x.layout.map.length,
    map: context.blocks.table(x.layout.map),
    channels: x.layout.physical,
  };
}

function apply(context: Context, unit: NormUnit, x: View, affine: Place): void {
  const y = context.view(unit.name);
  const table = normGather(unit, x.layout, y.layout);
  context.listing.emit("applyAffine", {
    x: x.place,
    xStride: x.stride,
    height: x.height,
    width: x.width,
    sources: x.layout.physical,
    channels: y.layout.physical,
    gather: table === undefined ? 0 : context.blocks.table(table),
    affine,
    activation: ACTIVATIONS[unit.activation],
    pool: unit.pool ? 1 : 0,
    y: y.place,
    yStride: y.stride,
  });
}

/** By the running statistics. */
export function infer(context: Context, unit: NormUnit): void {
  const x = context.view(known(unit.inputs[0], unit.name));
  apply(context, unit, x, ofRunning(context, unit, x));
}

function ofRunning(context: Context, { name, node }: NormUnit, x: View): Place {
  const affine = context.prepared(`affine ${name}`, AFFINE_ROWS * x.layout.physical * 4);
  context.preparation.emit("affineOfRunning", {
    ...channelsOf(context, x),
    gamma: context.weight(node.name, "gamma"),
    beta: context.weight(node.name, "beta"),
    mean: context.weight(node.name, "mean"),
    variance: context.weight(node.name, "variance"),
    epsilon: node.op.epsilon,
    affine,
  });
  return affine;
}

/** By the batch's own statistics, which also move the running ones; or by those, where frozen. */
export function train(context: TrainingContext, unit: NormUnit): Backward {
  const x = context.view(known(unit.inputs[0], unit.name));
  const affine = context.isFrozen ? ofRunning(context, unit, x) : ofBatch(context, unit, x);
  apply(context, unit, x, affine);
  return () => backward(context, unit, x, affine);
}

function ofBatch(context: TrainingContext, { name, inputs, node }: NormUnit, x: View): Place {
  const input = known(inputs[0], name);
  const affine = context.blocks.passing(`affine ${name}`, AFFINE_ROWS * x.layout.physical * 4);
  context.listing.emit("normalize", {
    ...channelsOf(context, x),
    partials: context.statistics.get(input) ?? sumsOf(context, name, x),
    pixels: pixelsOf(x),
    gamma: context.weight(node.name, "gamma"),
    beta: context.weight(node.name, "beta"),
    mean: context.weight(node.name, "mean"),
    variance: context.weight(node.name, "variance"),
    epsilon: node.op.epsilon,
    momentum: node.op.momentum,
    affine,
  });
  return affine;
}

/** Sums by channel, where no convolution has left any. */
function sumsOf(context: TrainingContext, name: string, x: View): Place {
  const partials = context.partials(`partials ${name}`, x.layout.physical);
  context.listing.emit("sums", {
    x: x.place,
    xStride: x.stride,
    pixels: pixelsOf(x),
    channels: x.layout.physical,
    partials,
  });
  return partials;
}

function backward(context: TrainingContext, unit: NormUnit, x: View, affine: Place): void {
  const { name, inputs, node } = unit;
  const input = known(inputs[0], name);
  const { listing, blocks } = context;
  const dy = context.gradients.source(name);
  const channels = x.layout.physical;
  const table = normGather(unit, x.layout, dy.layout);
  const shared = {
    x: x.place,
    xStride: x.stride,
    height: x.height,
    width: x.width,
    channels,
    inverse: table === undefined ? 0 : blocks.table(inverseTable(table, channels)),
    affine,
    activation: ACTIVATIONS[unit.activation],
    pool: unit.pool ? 1 : 0,
    dy: dy.place,
    dyStride: dy.stride,
  };
  const partials = context.partials(`gradient partials ${name}`, channels);
  const coefficients = blocks.passing(`coefficients ${name}`, COEFFICIENT_ROWS * channels * 4);
  listing.emit("affineGradientSums", { ...shared, partials });
  listing.emit("finishAffineGradient", {
    ...channelsOf(context, x),
    partials,
    pixels: context.isFrozen ? 0 : pixelsOf(x),
    gamma: context.weight(node.name, "gamma"),
    gammaGradient: context.gradientOf(node.name, "gamma"),
    betaGradient: context.gradientOf(node.name, "beta"),
    affine,
    coefficients,
  });
  if (!context.wants(input)) return;
  const { view: dx, accumulate } = context.gradients.target(input);
  listing.emit("affineGradient", {
    ...shared,
    coefficients,
    dx: dx.place,
    dxStride: dx.stride,
    accumulate,
  });
}
