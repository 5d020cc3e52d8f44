/**
 * @file A network in inference as two programs: one that prepares the weights (packed, batch norms
 * folded in) after they have changed, and one that answers.
 */
import { known } from "../../core/index.ts";
import { factsOf, tensorName, type Network, type NodeName } from "../../model/index.ts";
import { logitsOf } from "../logits.ts";
import { ahead, Blocks, type Place } from "./blocks.ts";
import { Context } from "./context.ts";
import { fuse } from "./fuse.ts";
import { compact } from "./layout.ts";
import { Listing } from "./listing.ts";
import { infer as inferAdd } from "./lower/add.ts";
import { arrange } from "./lower/arrange.ts";
import { infer as inferConvolution } from "./lower/convolution.ts";
import { infer as inferCurve } from "./lower/curve.ts";
import { feed } from "./lower/feed.ts";
import { infer as inferNorm } from "./lower/norm.ts";
import * as plain from "./lower/plain.ts";
import { orderParameters, type ParameterOrder } from "./parameters.ts";
import type { PlainUnit, Unit } from "./units.ts";
import { assertSound, placeValues } from "./values.ts";
import type { View } from "./views.ts";

export interface LoweredInference {
  readonly blocks: Blocks;
  readonly preparation: Listing;
  readonly listing: Listing;
  readonly order: ParameterOrder;
  readonly weights: Place;
  /** Where images are put, one value behind the other. */
  readonly images: Place;
  readonly output: View;
  readonly watched: ReadonlyMap<NodeName, View>;
}

/**
 * Lowers inference of up to `batch` images.
 * @param asked — nodes whose values are read beside the output's
 */
export function lowerInference(
  network: Network,
  batch: number,
  threads: number,
  asked: readonly NodeName[] = [],
): LoweredInference {
  const facts = factsOf(network);
  const { units, output, watched } = fuse(network, network.output, false, asked);
  const values = placeValues(units, (name) => known(facts.get(name), name).shape);
  assertSound(values);
  const order = orderParameters(network, logitsOf(network));
  const blocks = new Blocks();
  const weights = blocks.keep("weights", order.total * 4);
  const context = new Context({
    batch,
    threads,
    blocks,
    values,
    listing: new Listing(),
    preparation: new Listing(),
    weight: (node, slot) => {
      const name = tensorName(node, slot);
      return ahead(weights, known(order.places.get(name), name).start);
    },
  });
  let images: Place | undefined;
  for (const unit of units) {
    if (unit.kind === "input") images = feed(context, unit);
    else lower(context, unit);
  }
  const held = (name: NodeName): View => {
    const view = context.view(name);
    context.listing.hold(view.place);
    return view;
  };
  return {
    blocks,
    preparation: context.preparation,
    listing: context.listing,
    order,
    weights,
    images: known(images, "input"),
    output: held(output),
    watched: new Map([...watched].map(([name, unit]) => [name, held(unit)])),
  };
}

function lower(context: Context, unit: Exclude<Unit, { readonly kind: "input" }>): void {
  switch (unit.kind) {
    case "convolution":
      return inferConvolution(context, unit);
    case "norm":
      return inferNorm(context, unit);
    case "add":
      return void inferAdd(context, unit);
    case "activation":
      return plain.inferActivation(context, unit);
    case "curve":
      return inferCurve(context, unit);
    case "maxPool":
    case "averagePool":
      return plain.inferPool(context, unit);
    case "select":
      return plain.inferSelect(context, unit);
    case "concat":
      return plain.inferConcat(context, unit);
    case "flatten":
      return plain.inferFlatten(context, unit);
    case "softmax":
      return softmax(context, unit);
    default:
      return unit satisfies never;
  }
}

/** Its values must follow each other. */
function softmax(context: Context, { name, inputs }: PlainUnit): void {
  const x = context.view(known(inputs[0], name));
  const classes = x.layout.map.length;
  const row = arrange(context, x, compact(classes)).view;
  const y = context.view(name);
  context.listing.emit("softmax", {
    x: row.place,
    xStride: row.stride,
    classes,
    y: y.place,
    yStride: y.stride,
  });
}
