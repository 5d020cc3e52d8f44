/**
 * @file Where the result of each unit lies: in a root of its own, as a slice of the wide root of the
 * concat that it ends up in, or as another view of its input (flatten). The gradient of a result
 * lies in the same way in a root of gradients.
 *
 * Concats are walked from the last to the first, so that in nested ones (DenseNet) the innermost
 * slices end up in the outermost root and nothing is ever copied. What cannot be a slice, because it
 * is one elsewhere already or is no buffer of its own, is copied into place.
 */
import { invariant, known, type Shape } from "../../core/index.ts";
import { depthMultiplier, type NodeName } from "../../model/index.ts";
import {
  compact,
  gatherTable,
  grouped,
  sameLayout,
  sideBySide,
  unrolled,
  type Layout,
} from "./layout.ts";
import type { ConvolutionUnit, NormUnit, Unit } from "./units.ts";

/** A buffer of maps, one an image. */
export interface Root {
  readonly name: NodeName;
  readonly pixels: number;
  /** Floats of a pixel, all slices together. */
  readonly stride: number;
  /** True when the whole root belongs to one value. */
  readonly isWhole: boolean;
}

/** A unit's result in its root. */
export interface Value {
  readonly root: Root;
  readonly height: number;
  readonly width: number;
  readonly layout: Layout;
  /** Floats from the root's pixel to this one's. */
  readonly offset: number;
  /** Floats of the root's pixel that belong to this value. */
  readonly span: number;
  /** Pixels of the root that are one pixel here; 1 but behind a flatten. */
  readonly unrolled: number;
}

export type Values = ReadonlyMap<NodeName, Value>;

/** Who is a slice of whom: the concat and the position among its inputs. */
type Parents = ReadonlyMap<NodeName, { readonly concat: NodeName; readonly position: number }>;

/**
 * Places every unit's result.
 * @param shapeOf — a result's `[h, w, c]` or `[features]`
 */
export function placeValues(units: readonly Unit[], shapeOf: (name: NodeName) => Shape): Values {
  const parents = slicesOf(units);
  const flattened = new Set(
    units.flatMap((unit) =>
      unit.kind === "flatten" && isView(unit, parents, shapeOf) ? unit.inputs : [],
    ),
  );
  const layouts = layoutsOf(units, shapeOf);
  const offsets = offsetsOf(units, parents, layouts);
  const concats = new Set(units.filter(({ kind }) => kind === "concat").map(({ name }) => name));
  const roots = new Map<NodeName, Root>();
  const values = new Map<NodeName, Value>();
  for (const unit of units) {
    const { name } = unit;
    const source = values.get(unit.inputs[0] ?? "");
    if (unit.kind === "flatten" && source !== undefined && isView(unit, parents, shapeOf)) {
      values.set(name, flattenedView(source, known(layouts.get(name), name)));
      continue;
    }
    const top = topOf(name, parents);
    const shape = shapeOf(name);
    const [height, width] = shape.length === 3 ? [shape[0] ?? 1, shape[1] ?? 1] : [1, 1];
    const root: Root = roots.get(top) ?? {
      name: top,
      pixels: height * width,
      stride: known(layouts.get(top), top).physical,
      isWhole: unit.kind !== "flatten" && !concats.has(top) && !flattened.has(top),
    };
    roots.set(top, root);
    const layout = known(layouts.get(name), name);
    const offset = known(offsets.get(name), name);
    values.set(name, {
      root,
      height,
      width,
      layout,
      offset,
      span: layout.physical,
      unrolled: 1,
    });
  }
  return values;
}

function flattenedView(source: Value, layout: Layout): Value {
  const pixels = source.height * source.width;
  return {
    ...source,
    height: 1,
    width: 1,
    layout,
    unrolled: source.unrolled * pixels,
  };
}

/** Chooses the slices, outermost concat first. */
function slicesOf(units: readonly Unit[]): Parents {
  const kinds = new Map(units.map((unit) => [unit.name, unit.kind]));
  const parents = new Map<NodeName, { concat: NodeName; position: number }>();
  for (const unit of units.toReversed()) {
    if (unit.kind !== "concat") continue;
    unit.inputs.forEach((name, position) => {
      const kind = kinds.get(name);
      // The image's pixels are written whole, a flattened map's lie one behind the other.
      if (kind === "input" || kind === "flatten" || parents.has(name)) return;
      parents.set(name, { concat: unit.name, position });
    });
  }
  return parents;
}

function topOf(name: NodeName, parents: Parents): NodeName {
  const parent = parents.get(name);
  return parent === undefined ? name : topOf(parent.concat, parents);
}

/** True when a flatten needs no copy: its input's pixels have nothing between them. */
function isView({ inputs }: Unit, parents: Parents, shapeOf: (name: NodeName) => Shape): boolean {
  const [source = ""] = inputs;
  const [h = 1, w = 1] = shapeOf(source);
  return h * w === 1 || !parents.has(source);
}

function layoutsOf(
  units: readonly Unit[],
  shapeOf: (name: NodeName) => Shape,
): ReadonlyMap<NodeName, Layout> {
  const layouts = new Map<NodeName, Layout>();
  for (const unit of units) {
    const inputs = unit.inputs.map((name) => known(layouts.get(name), name));
    const [first = compact(0)] = inputs;
    const shape = shapeOf(unit.name);
    const natural = (): Layout => compact(shape.at(-1) ?? 0);
    const layoutOf = (): Layout => {
      switch (unit.kind) {
        case "input":
        case "select":
        case "softmax":
          return natural();
        case "convolution":
          return convolutionLayout(unit, first);
        case "norm":
          return normLayout(unit, first);
        case "activation":
        case "curve":
        case "maxPool":
        case "averagePool":
          return first;
        case "add":
          return inputs.every((layout) => sameLayout(layout, first)) ? first : natural();
        case "concat":
          return sideBySide(inputs);
        case "flatten": {
          const [h = 1, w = 1] = shapeOf(unit.inputs[0] ?? "");
          return unrolled(first, h * w, first.physical);
        }
        default:
          return unit satisfies never;
      }
    };
    layouts.set(unit.name, layoutOf());
  }
  return layouts;
}

/** A convolution's groups each start at a multiple of 4; depthwise, no channel is a group's. */
export function convolutionLayout({ op }: ConvolutionUnit, input: Layout): Layout {
  return depthMultiplier(op, input.map.length) === undefined
    ? grouped(op.filters, op.groups)
    : compact(op.filters);
}

/** From so many times the channels on, gaps cost their readers more than closing them here. */
const WIDE = 1.15;

function normLayout({ selection }: NormUnit, input: Layout): Layout {
  const dense = compact(selection?.length ?? input.map.length);
  return selection === undefined && input.physical <= dense.physical * WIDE ? input : dense;
}

/** The table that takes a norm's input to its output; nothing when every position stays. */
export function normGather(
  { selection }: NormUnit,
  from: Layout,
  to: Layout,
): readonly number[] | undefined {
  return selection === undefined && sameLayout(from, to)
    ? undefined
    : gatherTable(from, to, selection);
}

function offsetsOf(
  units: readonly Unit[],
  parents: Parents,
  layouts: ReadonlyMap<NodeName, Layout>,
): ReadonlyMap<NodeName, number> {
  const inputs = new Map(units.map((unit) => [unit.name, unit.inputs]));
  const offsets = new Map<NodeName, number>();
  // A concat stands behind its inputs, so its own offset is known first when walking back.
  for (const { name } of units.toReversed()) {
    const parent = parents.get(name);
    if (parent === undefined) {
      offsets.set(name, 0);
      continue;
    }
    const before = known(inputs.get(parent.concat), parent.concat).slice(0, parent.position);
    const start = before.reduce(
      (sum, source) => sum + known(layouts.get(source), source).physical,
      0,
    );
    offsets.set(name, known(offsets.get(parent.concat), parent.concat) + start);
  }
  return offsets;
}

/** Each input of a concat with where it belongs, and whether it lies there already. */
export function partsOf(
  { name, inputs }: Unit,
  values: Values,
): readonly { readonly input: NodeName; readonly slice: Value; readonly isInPlace: boolean }[] {
  const whole = known(values.get(name), name);
  let { offset } = whole;
  return inputs.map((input) => {
    const value = known(values.get(input), input);
    const slice: Value = { ...whole, layout: value.layout, offset, span: value.layout.physical };
    const isInPlace = value.root === whole.root && value.offset === offset;
    offset += value.layout.physical;
    return { input, slice, isInPlace };
  });
}

/** Checks what kernels rely on. */
export function assertSound(values: Values): void {
  for (const [name, { root, offset, span, layout }] of values) {
    invariant(offset % 4 === 0 && span % 4 === 0, `${name} does not lie on whole vectors`);
    invariant(offset + span <= root.stride, `${name} reaches out of its root`);
    invariant(
      layout.map.every((position) => position < layout.physical),
      `${name} has no room`,
    );
  }
}
