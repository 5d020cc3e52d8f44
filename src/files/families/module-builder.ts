/**
 * @file Builds a graph along the modules of a state dict: widths and windows come from the shapes of
 * the weights, and every node with weights is called by its module's path, so that an export finds
 * the original names again. It reads no weight but selections.
 */
import { showShape, type Shape } from "../../core/index.ts";
import { GraphBuilder, type NodeName } from "../../model/index.ts";
import type { InputSize } from "../input-size.ts";
import type { StateDict, TorchTensor } from "../torch/state-dict.ts";
import type { VariantKey } from "./family.ts";

/** One point in which a state dict is not what a family would have. */
export interface Disagreement {
  /** A tensor, or `cfg`. */
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

/** Ends the building of a graph that cannot go on. */
export class Misfit extends Error {
  constructor(readonly disagreement: Disagreement) {
    super(`${disagreement.name} does not fit`);
    this.name = "Misfit";
  }
}

/** What a convolution's weight does not tell. */
export interface ConvPlace {
  readonly stride?: number;
  /** Sides that its window may have; 3. */
  readonly sizes?: readonly number[];
  /** True where fewer inputs in the weight than in the map mean groups. */
  readonly grouped?: boolean;
}

/** A graph builder that looks things up. */
export class ModuleBuilder extends GraphBuilder {
  /** Tensors that became attributes of nodes. */
  readonly selections = new Set<string>();
  #fitsAnySize = false;

  /**
   * @param size — of images, where a person has said it
   * @param variant — the reading to build
   */
  constructor(
    readonly tensors: StateDict,
    readonly size?: InputSize,
    readonly variant?: VariantKey,
  ) {
    super();
  }

  /** True when the tensors are those of a network for images of any size. */
  get fitsAnySize(): boolean {
    return this.#fitsAnySize;
  }

  has(tensor: string): boolean {
    return this.tensors.has(tensor);
  }

  /** The numbers that follow a prefix, ascending: 0 and 2 for `block.` in `block.0.bn`, `block.2.conv`. */
  numbersAfter(prefix: string): number[] {
    const found = new Set<number>();
    for (const name of this.tensors.keys()) {
      if (!name.startsWith(prefix)) continue;
      const digits = /^(\d{1,6})\./.exec(name.slice(prefix.length))?.[1];
      if (digits !== undefined) found.add(Number(digits));
    }
    return [...found].sort((a, b) => a - b);
  }

  /** The same where numbers must be without a gap. */
  everyNumberAfter(prefix: string, first: number): number[] {
    const numbers = this.numbersAfter(prefix);
    const gap = numbers.findIndex((number, i) => number !== first + i);
    if (numbers.length > 0 && gap < 0) return numbers;
    const missing = `${prefix}${first + Math.max(gap, 0)}`;
    throw new Misfit({ name: missing, expected: "a module", found: "nothing" });
  }

  /** A tensor's shape, of which the rank is certain afterwards. */
  shapeOf(name: string, rank: number): Shape {
    const shape = this.tensors.get(name)?.shape;
    if (shape?.length === rank) return shape;
    const found = shape === undefined ? "nothing" : showShape(shape);
    throw new Misfit({ name, expected: `${rank} axes`, found });
  }

  /** A square input with as many channels as the first convolution reads. */
  inputFor(conv: string, side: number): NodeName {
    const [, channels = 0] = this.shapeOf(`${conv}.weight`, 4);
    return this.input([side, side, channels]);
  }

  /** The same for a network whose tensors fit images of any size: what a person says goes first. */
  anyInputFor(conv: string, side: number): NodeName {
    this.#fitsAnySize = true;
    if (this.size === undefined) return this.inputFor(conv, side);
    const [, channels = 0] = this.shapeOf(`${conv}.weight`, 4);
    return this.input([this.size.height, this.size.width, channels]);
  }

  convLike(module: string, from: NodeName, place: ConvPlace = {}): NodeName {
    const { stride = 1, sizes = [3], grouped = false } = place;
    const name = `${module}.weight`;
    const shape = this.shapeOf(name, 4);
    const [filters = 0, inner = 0, height = 0, width = 0] = shape;
    if (height !== width || !sizes.includes(height)) {
      const [size = 3] = sizes;
      const expected = showShape([filters, inner, size, size]);
      throw new Misfit({ name, expected, found: showShape(shape) });
    }
    const channels = this.channels(from);
    const groups = grouped && inner > 0 && channels % inner === 0 ? channels / inner : 1;
    const bias = this.has(`${module}.bias`);
    return this.conv(module, from, { filters, size: height, stride, groups, bias });
  }

  /** The batch norm behind a convolution; nothing where it was folded into the convolution. */
  bnBehind(conv: NodeName, module: string): NodeName {
    const folded = this.has(`${conv}.bias`) && !this.has(`${module}.weight`);
    return folded ? conv : this.bn(module, conv);
  }

  denseLike(module: string, from: NodeName): NodeName {
    const [units = 0] = this.shapeOf(`${module}.weight`, 2);
    const bias = this.has(`${module}.bias`);
    return this.add(module, { kind: "dense", units, bias }, from);
  }

  /** The selection that stands in the file, or one of all channels. */
  selectLike(module: string, from: NodeName): NodeName {
    const indices = this.selectionOf(module, this.channels(from));
    return indices === undefined
      ? this.select(module, from)
      : this.add(module, { kind: "channelSelect", indices }, from);
  }

  /** The channels that a file's selection takes, −1 for zeros; nothing where it has none. */
  selectionOf(module: string, channels: number): readonly number[] | undefined {
    const [mask, list] = [`${module}.indexes`, `${module}.indices`];
    const kept = this.#selection(mask);
    if (kept === undefined) {
      const indices = this.#selection(list);
      return indices === undefined ? undefined : [...indices.values];
    }
    if (kept.values.length !== channels) {
      const expected = showShape([channels]);
      throw new Misfit({ name: mask, expected, found: showShape(kept.shape) });
    }
    return [...kept.values.keys()].filter((channel) => kept.values[channel] !== 0);
  }

  #selection(name: string): TorchTensor | undefined {
    const tensor = this.tensors.get(name);
    if (tensor !== undefined) this.selections.add(name);
    return tensor;
  }
}
