/**
 * @file Where gradients of results lie, and who of their writers comes first. A result's gradient has
 * the layout of the result, slices of wide roots included; the first writer of a region writes, later
 * ones add, and a region that is written in part gets zeros in the rest first.
 */
import { invariant, known } from "../../core/index.ts";
import type { NodeName } from "../../model/index.ts";
import { ahead, type Place } from "./blocks.ts";
import type { Context } from "./context.ts";
import { viewOf, type View } from "./views.ts";
import type { Root, Value } from "./values.ts";

interface Store {
  readonly place: Place;
  readonly stride: number;
  /** By vector of 4 floats of the root's pixel: whether it has been written. */
  readonly written: boolean[];
}

/** Where a gradient goes. */
export interface Target {
  readonly view: View;
  /** 1 when there is something to add to. */
  readonly accumulate: 0 | 1;
}

export class Gradients {
  readonly #context: Context;
  readonly #stores = new Map<Root, Store>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** For a writer of the whole of a result's gradient. */
  target(name: NodeName): Target {
    const value = this.#value(name);
    const store = this.#store(value.root);
    const range = vectors(value);
    const isFirst = range.every((at) => store.written[at] !== true);
    if (!isFirst) this.#fill(value, store);
    for (const at of range) store.written[at] = true;
    return { view: viewOf(value, store.place, store.stride), accumulate: isFirst ? 0 : 1 };
  }

  /** A result's gradient, after all of its writers. */
  source(name: NodeName): View {
    const value = this.#value(name);
    const store = this.#store(value.root);
    this.#fill(value, store);
    return viewOf(value, store.place, store.stride);
  }

  /** True when nothing has been written to a root that belongs to this result alone. */
  isFree(name: NodeName): boolean {
    const { root } = this.#value(name);
    return root.isWhole && !this.#stores.has(root);
  }

  /** Lets a view that holds a result's gradient already be the place of it. */
  adopt(name: NodeName, { place, stride }: View): void {
    invariant(this.isFree(name), `the gradient of ${name} has a place`);
    const { root } = this.#value(name);
    this.#stores.set(root, { place, stride, written: vectorsOfRoot(root).map(() => true) });
  }

  /**
   * For a writer that may write over the gradient it reads, which nobody wants any more: where that
   * lies, unless the result's gradient has a place of its own.
   */
  inPlaceOf(dy: View, name: NodeName): Target {
    if (!this.isFree(name)) return this.target(name);
    this.adopt(name, dy);
    return { view: dy, accumulate: 0 };
  }

  #value(name: NodeName): Value {
    return known(this.#context.values.get(name), name);
  }

  #store(root: Root): Store {
    const before = this.#stores.get(root);
    if (before !== undefined) return before;
    const place = this.#context.map(`gradient ${root.name}`, root);
    const store = { place, stride: root.stride, written: vectorsOfRoot(root).map(() => false) };
    this.#stores.set(root, store);
    return store;
  }

  /** Writes zeros where nobody has written yet. */
  #fill(value: Value, { place, stride, written }: Store): void {
    const missing = vectors(value).filter((at) => written[at] !== true);
    for (let i = 0; i < missing.length;) {
      const first = missing[i] ?? 0;
      let count = 1;
      while (missing[i + count] === first + count) count += 1;
      this.#context.listing.emit("zero", {
        y: ahead(place, first * 4),
        yStride: stride,
        pixels: value.root.pixels,
        channels: count * 4,
      });
      i += count;
    }
    for (const at of missing) written[at] = true;
  }
}

/** The vectors of the root's pixel that belong to a value. */
function vectors({ offset, span }: Value): readonly number[] {
  return Array.from({ length: span / 4 }, (_, at) => offset / 4 + at);
}

function vectorsOfRoot({ stride }: Root): readonly number[] {
  return Array.from({ length: stride / 4 }, (_, at) => at);
}
