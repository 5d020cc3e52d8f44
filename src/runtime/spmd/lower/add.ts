/**
 * @file Sums of maps, two at a time, with the activation in the last. On the way back every input gets
 * the same gradient; where nobody can tell the difference the inputs share its place.
 */
import { known } from "../../../core/index.ts";
import type { NodeName } from "../../../model/index.ts";
import type { Context } from "../context.ts";
import { ACTIVATIONS } from "../instructions.ts";
import type { Backward, TrainingContext } from "../training-context.ts";
import type { AddUnit, Unit } from "../units.ts";
import { pixelsOf, type View } from "../views.ts";
import { maskGradient } from "./activation.ts";
import { arrange, pass, scatter, type Arranged } from "./arrange.ts";

/** Adds up, and tells how each input was read. */
export function infer(context: Context, { name, inputs, activation }: AddUnit): Arranged[] {
  const y = context.view(name);
  const arranged = inputs.map((input) => arrange(context, context.view(input), y.layout));
  let a = known(arranged[0], name).view;
  arranged.slice(1).forEach(({ view: b }, at) => {
    const isLast = at === arranged.length - 2;
    context.listing.emit("add", {
      a: a.place,
      aStride: a.stride,
      b: b.place,
      bStride: b.stride,
      pixels: pixelsOf(y),
      channels: y.layout.physical,
      activation: isLast ? ACTIVATIONS[activation] : ACTIVATIONS.linear,
      y: y.place,
      yStride: y.stride,
    });
    a = y;
  });
  return arranged;
}

export function train(context: TrainingContext, unit: AddUnit, units: readonly Unit[]): Backward {
  const arranged = infer(context, unit);
  return () => {
    if (!context.wants(unit.name)) return;
    const dy = masked(context, unit);
    const sharing = shareable(context, unit, arranged, units);
    unit.inputs.forEach((input, at) => {
      if (!context.wants(input) || sharing.has(input)) return;
      const table = arranged[at]?.table;
      if (table === undefined) pass(context, dy, input);
      else scatter(context, dy, table, input);
    });
    for (const input of sharing) context.gradients.adopt(input, dy);
  };
}

/** The gradient in front of the activation. Nobody wants the one behind it any more. */
function masked(context: TrainingContext, { name, activation }: AddUnit): View {
  const dy = context.gradients.source(name);
  if (activation === "linear") return dy;
  const y = context.view(name);
  maskGradient(context, { y, dy, dx: dy, activation });
  return dy;
}

/** Units that only read the gradient of their result. The others may change it, or pass it on. */
const READS_ONLY: ReadonlySet<Unit["kind"]> = new Set([
  "convolution",
  "norm",
  "maxPool",
  "averagePool",
  "select",
]);

/**
 * The inputs whose gradient can lie where the sum's does: any number whose gradient is read once and
 * never changed, and one whose gradient changes only after those have been read.
 */
function shareable(
  context: TrainingContext,
  { name, inputs }: AddUnit,
  arranged: readonly Arranged[],
  units: readonly Unit[],
): ReadonlySet<NodeName> {
  const at = context.orderOf(name);
  const candidates = inputs.filter(
    (input, position) =>
      context.wants(input) &&
      arranged[position]?.table === undefined &&
      inputs.filter((other) => other === input).length === 1 &&
      context.gradients.isFree(input),
  );
  // The way back goes from high positions to low ones.
  const firstChange = (input: NodeName): number => {
    const order = context.orderOf(input);
    const readsOnly = READS_ONLY.has(known(units[order], input).kind);
    const others = context.readersOf(input).filter((reader) => reader !== at);
    return Math.max(readsOnly ? -1 : order, ...others);
  };
  const constant = candidates.filter((input) => firstChange(input) < 0);
  const lastRead = Math.min(...constant.map((input) => context.orderOf(input)));
  const changing = candidates.find((input) => {
    const change = firstChange(input);
    return change >= 0 && change < lastRead;
  });
  return new Set(changing === undefined ? constant : [...constant, changing]);
}
