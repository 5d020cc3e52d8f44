/**
 * @file A whole training step as one program: forward to the logits, the loss's gradient, backward in
 * the opposite order, and the update. What weights and velocities were before is kept in a shadow, so
 * that an update which broke off can be taken back. The same without the update, and by running
 * statistics, are the gradients that somebody only wants to look at.
 */
import { invariant, known } from "../../core/index.ts";
import { factsOf, tensorName, type Network, type NodeName } from "../../model/index.ts";
import { logitsOf } from "../logits.ts";
import { ahead, Blocks, type Place } from "./blocks.ts";
import { fuse } from "./fuse.ts";
import { compact } from "./layout.ts";
import { Listing } from "./listing.ts";
import { train as trainAdd } from "./lower/add.ts";
import { arrange, scatter } from "./lower/arrange.ts";
import { train as trainConvolution } from "./lower/convolution.ts";
import { train as trainCurve } from "./lower/curve.ts";
import { feed } from "./lower/feed.ts";
import { train as trainNorm } from "./lower/norm.ts";
import * as plain from "./lower/plain.ts";
import { orderParameters, type ParameterOrder } from "./parameters.ts";
import { TrainingContext, type Backward } from "./training-context.ts";
import type { Unit } from "./units.ts";
import { assertSound, placeValues } from "./values.ts";
import type { View } from "./views.ts";

/** A batch's way to the loss and back. */
export interface LoweredGradients {
  readonly blocks: Blocks;
  readonly listing: Listing;
  readonly order: ParameterOrder;
  readonly weights: Place;
  /** In the order of the trained weights. */
  readonly gradients: Place;
  /** Where images are put, one value behind the other, and labels as int32. */
  readonly images: Place;
  readonly labels: Place;
  /** Where a teacher's logits are put, `[n, classes]`. */
  readonly teacher: Place;
  readonly logits: View;
}

export interface LoweredTraining extends LoweredGradients {
  readonly velocities: Place;
  /** What weights and, behind them, velocities were before the update. */
  readonly shadow: Place;
  /** Where bytes tell which trained numbers live; nothing where all do. */
  readonly alive: Place | undefined;
}

/** Lowers a training step of up to `batch` images; with `holds`, some weights are held at zero. */
export function lowerTraining(
  network: Network,
  batch: number,
  threads: number,
  holds = false,
): LoweredTraining {
  const lowered = lowerGradients(network, batch, threads, false);
  const { blocks, listing, order, weights, gradients } = lowered;
  const velocities = blocks.keep("velocities", order.trained * 4);
  const shadow = blocks.keep("shadow", 2 * order.trained * 4);
  const alive = holds ? blocks.keep("alive", order.trained) : undefined;
  if (alive !== undefined) {
    listing.emit("freeze", { values: gradients, alive, count: order.trained });
  }
  listing.emit("sgd", {
    weights,
    gradients,
    velocities,
    shadow,
    count: order.trained,
    scales: blocks.table(order.scales),
    scaleCount: order.scales.length / 2,
  });
  const rest = order.total - order.trained;
  if (rest > 0) {
    listing.emit("checkFinite", { values: ahead(weights, order.trained), count: rest });
  }
  return { ...lowered, velocities, shadow, alive };
}

/**
 * Lowers the gradients of up to `batch` images.
 * @param isFrozen — batch norms go by their running statistics as by constants
 */
export function lowerGradients(
  network: Network,
  batch: number,
  threads: number,
  isFrozen: boolean,
): LoweredGradients {
  const facts = factsOf(network);
  const { units, output } = fuse(network, logitsOf(network), true);
  const values = placeValues(units, (name) => known(facts.get(name), name).shape);
  assertSound(values);
  const order = orderParameters(network, logitsOf(network));
  const blocks = new Blocks();
  const weights = blocks.keep("weights", order.total * 4);
  const gradients = blocks.keep("gradients", order.trained * 4);
  const labels = blocks.keep("labels", batch * 4);
  const placeIn =
    (start: Place) =>
    (node: NodeName, slot: string): Place => {
      const name = tensorName(node, slot);
      return ahead(start, known(order.places.get(name), name).start);
    };
  const listing = new Listing();
  const context = new TrainingContext({
    batch,
    threads,
    blocks,
    values,
    listing,
    preparation: listing,
    weight: placeIn(weights),
    gradientOf: placeIn(gradients),
    units,
    isFrozen,
  });
  let images: Place | undefined;
  const back: Backward[] = [];
  for (const unit of units) {
    if (unit.kind === "input") images = feed(context, unit);
    else back.push(lower(context, unit, units));
  }
  const logits = context.view(output);
  listing.hold(logits.place);
  const classes = logits.layout.map.length;
  const teacher = blocks.keep("teacher", batch * classes * 4);
  lossGradient(context, output, { labels, teacher });
  for (const emit of back.toReversed()) emit();
  return {
    blocks,
    listing,
    order,
    weights,
    gradients,
    images: known(images, "input"),
    labels,
    teacher,
    logits,
  };
}

function lower(
  context: TrainingContext,
  unit: Exclude<Unit, { readonly kind: "input" }>,
  units: readonly Unit[],
): Backward {
  switch (unit.kind) {
    case "convolution":
      return trainConvolution(context, unit);
    case "norm":
      return trainNorm(context, unit);
    case "add":
      return trainAdd(context, unit, units);
    case "activation":
      return plain.trainActivation(context, unit);
    case "curve":
      return trainCurve(context, unit);
    case "maxPool":
    case "averagePool":
      return plain.trainPool(context, unit);
    case "select":
      return plain.trainSelect(context, unit);
    case "concat":
      return plain.trainConcat(context, unit);
    case "flatten":
      return plain.trainFlatten(context, unit);
    case "softmax":
      invariant(false, `softmax ${unit.name} in the middle of a network`);
      break;
    default:
      return unit satisfies never;
  }
  return () => {};
}

/** Gradient of the loss by the logits, which must follow each other. */
function lossGradient(
  context: TrainingContext,
  output: NodeName,
  { labels, teacher }: Pick<LoweredGradients, "labels" | "teacher">,
): void {
  if (!context.wants(output)) return;
  const logits = context.view(output);
  const classes = logits.layout.map.length;
  const { view: x, table } = arrange(context, logits, compact(classes));
  const dx =
    table === undefined
      ? context.gradients.target(output).view
      : context.temporary("gradient of logits", x, x.layout);
  context.listing.emit("crossEntropyGradient", {
    x: x.place,
    xStride: x.stride,
    classes,
    labels,
    teacher,
    dx: dx.place,
    dxStride: dx.stride,
    channels: dx.layout.physical,
  });
  if (table !== undefined) scatter(context, dx, table, output);
}
