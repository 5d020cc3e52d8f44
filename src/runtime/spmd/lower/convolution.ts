/**
 * @file Convolutions and dense layers: chooses how each is computed, splits groups, and says what
 * happens on the way into the map. Each group is a convolution of its own on a slice of the pixel.
 */
import { known } from "../../../core/index.ts";
import { depthMultiplier } from "../../../model/index.ts";
import { ahead } from "../blocks.ts";
import type { Context } from "../context.ts";
import { compact, grouped, groupStarts } from "../layout.ts";
import type { Word } from "../listing.ts";
import type { Backward, TrainingContext } from "../training-context.ts";
import type { ConvolutionUnit } from "../units.ts";
import { pixelsOf, sliceOf, type View } from "../views.ts";
import { maskGradient } from "./activation.ts";
import { arrange, scatter, type Arranged } from "./arrange.ts";
import { depthwise } from "./depthwise.ts";
import { gemm } from "./gemm.ts";
import { panelsOf, type Epilogue, type Method, type Task } from "./task.ts";
import { suitsWinograd, winograd } from "./winograd.ts";

/** Maps of fewer channels, such as images, are convolved by gathering. */
const FEWEST_CHANNELS = 8;

/** One group, with where its channels and filters start in the pixels of input and output. */
interface Part {
  readonly task: Task;
  readonly from: number;
  readonly to: number;
}

interface Split {
  readonly method: Method;
  /** What the gradient of the weights is computed by. */
  readonly gradientMethod: Method;
  readonly x: Arranged;
  readonly parts: readonly Part[];
}

/** Chooses the method, and brings the input into a layout that it takes. */
function split(context: Context, unit: ConvolutionUnit): Split {
  const { name, node, op, inputs } = unit;
  const input = context.view(known(inputs[0], name));
  const y = context.view(name);
  const cin = input.layout.map.length;
  const weights = context.weight(node.name, "kernel");
  const common = { name: node.name, window: op, weights, rowStride: op.filters };
  const whole = (method: Method, x: Arranged, from: number): Split => {
    const task = { ...common, cin: from, cout: op.filters, x: x.view, y };
    return { method, gradientMethod: method, x, parts: [{ task, from: 0, to: 0 }] };
  };
  const multiplier = depthMultiplier(op, cin);
  if (multiplier !== undefined) {
    const repeated = Array.from({ length: op.filters }, (_, f) => Math.floor(f / multiplier));
    const selection = multiplier === 1 ? undefined : repeated;
    return whole(depthwise, arrange(context, input, compact(op.filters), selection), 1);
  }
  if (op.groups === 1) {
    const x = { view: input, table: undefined };
    if (!suitsWinograd(op)) return whole(gemm, x, cin);
    // The first layer's error runs through all batch norms behind it, that of its weights' gradient through none.
    const isExact = input.layout.physical < FEWEST_CHANNELS;
    return { ...whole(isExact ? gemm : winograd, x, cin), gradientMethod: winograd };
  }
  const fits = groupStarts(input.layout, op.groups) !== undefined;
  const x = arrange(context, input, fits ? input.layout : grouped(cin, op.groups));
  const starts = known(groupStarts(x.view.layout, op.groups), "groups of the input");
  const ends = known(groupStarts(y.layout, op.groups), "groups of the output");
  const [channels, filters] = [cin / op.groups, op.filters / op.groups];
  const parts = starts.map((from, g): Part => {
    const to = ends[g] ?? 0;
    const task = {
      ...common,
      name: `${node.name} ${g}`,
      cin: channels,
      cout: filters,
      weights: ahead(weights, g * filters),
      x: sliceOf(x.view, from, compact(channels)),
      y: sliceOf(y, to, compact(filters)),
    };
    return { task, from, to };
  });
  return { method: gemm, gradientMethod: gemm, x, parts };
}

/**
 * A bias as kernels read it, with zeros behind it. A whole bias has those in the arena already; behind
 * a group's share of one lies the next group's.
 */
function biasOf(
  context: Context,
  { node, op }: ConvolutionUnit,
  part: number,
  parts: number,
): Word {
  if (!op.bias) return 0;
  const cout = op.filters / parts;
  const from = ahead(context.weight(node.name, "bias"), part * cout);
  if (parts === 1 || cout % 8 === 0) return from;
  const bias = context.prepared(`bias ${node.name} ${part}`, panelsOf(cout) * 32);
  context.preparation.emit("padBias", { cout, from, bias });
  return bias;
}

/** Folds a batch norm by its running statistics: a factor for the weights, and a bias. */
function foldOf(
  context: Context,
  { node, op, bn }: ConvolutionUnit & { readonly bn: NonNullable<ConvolutionUnit["bn"]> },
  part: number,
  parts: number,
): { readonly scale: Word; readonly bias: Word } {
  const cout = op.filters / parts;
  const of = (owner: string, slot: string): Word => ahead(context.weight(owner, slot), part * cout);
  const scale = context.prepared(`scale ${node.name} ${part}`, cout * 4);
  const bias = context.prepared(`bias ${node.name} ${part}`, panelsOf(cout) * 32);
  context.preparation.emit("foldBatchNorm", {
    cout,
    gamma: of(bn.name, "gamma"),
    beta: of(bn.name, "beta"),
    mean: of(bn.name, "mean"),
    variance: of(bn.name, "variance"),
    epsilon: bn.op.epsilon,
    convBias: op.bias ? of(node.name, "bias") : 0,
    scale,
    bias,
  });
  return { scale, bias };
}

/** Runs a convolution with what stands behind it. */
export function infer(context: Context, unit: ConvolutionUnit): void {
  const { method, parts } = split(context, unit);
  const { bn, activation } = unit;
  parts.forEach(({ task }, at) => {
    const folded =
      bn === undefined
        ? { scale: 0, bias: biasOf(context, unit, at, parts.length) }
        : foldOf(context, { ...unit, bn }, at, parts.length);
    method.forward(context, task, { ...folded, activation, partials: 0 });
  });
}

/** The same while training. */
export function train(context: TrainingContext, unit: ConvolutionUnit): Backward {
  const { name, inputs, node, op, activation } = unit;
  const input = known(inputs[0], name);
  const { method, gradientMethod, x, parts } = split(context, unit);
  const y = context.view(name);
  let partials: Epilogue["partials"] = 0;
  if (context.isNormed(name) && activation === "linear" && parts.length === 1) {
    const place = context.partials(`partials ${name}`, y.layout.physical);
    context.statistics.set(name, place);
    partials = place;
  }
  parts.forEach(({ task }, at) => {
    const bias = biasOf(context, unit, at, parts.length);
    method.forward(context, task, { scale: 0, bias, activation, partials });
  });
  return () => {
    const dy = behindActivation(context, unit, y);
    if (op.bias) biasGradient(context, unit, dy);
    for (const { task, to } of parts) {
      const part = sliceOf(dy, to, task.y.layout);
      const offset = task.weights.offset - context.weight(node.name, "kernel").offset;
      const gradient = ahead(context.gradientOf(node.name, "kernel"), offset / 4);
      gradientMethod.weightGradient(context, task, part, gradient);
    }
    if (!context.wants(input)) return;
    const { view: dx, accumulate } =
      x.table === undefined
        ? context.gradients.target(input)
        : { view: context.temporary("gradient", x.view, x.view.layout), accumulate: 0 };
    for (const { task, from, to } of parts) {
      const part = sliceOf(dy, to, task.y.layout);
      method.inputGradient(context, task, part, sliceOf(dx, from, task.x.layout), accumulate);
    }
    if (x.table !== undefined) scatter(context, dx, x.table, input);
  };
}

/** The gradient in front of the activation; a map of its own, for others may read the one behind. */
function behindActivation(
  context: TrainingContext,
  { name, activation }: ConvolutionUnit,
  y: View,
): View {
  const dy = context.gradients.source(name);
  if (activation === "linear") return dy;
  const masked = context.temporary(`masked ${name}`, dy, dy.layout);
  maskGradient(context, { y, dy, dx: masked, activation });
  return masked;
}

function biasGradient(context: TrainingContext, { node }: ConvolutionUnit, dy: View): void {
  const channels = dy.layout.physical;
  const partials = context.partials(`bias sums ${node.name}`, channels);
  context.listing.emit("sums", {
    x: dy.place,
    xStride: dy.stride,
    pixels: pixelsOf(dy),
    channels,
    partials,
  });
  context.listing.emit("reduceSums", {
    partials,
    channels,
    logical: dy.layout.map.length,
    map: context.blocks.table(dy.layout.map),
    gradient: context.gradientOf(node.name, "bias"),
  });
}
