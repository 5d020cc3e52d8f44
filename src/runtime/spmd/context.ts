/** @file What the lowering of every op is given: sizes, places, and the listings to write into. */
import { known } from "../../core/index.ts";
import type { NodeName } from "../../model/index.ts";
import type { Blocks, Place } from "./blocks.ts";
import type { Listing } from "./listing.ts";
import { bytesOf, pixelsOf, viewOf, type View } from "./views.ts";
import type { Root, Values } from "./values.ts";
import type { Layout } from "./layout.ts";

export interface Setting {
  /** Most images in a call. */
  readonly batch: number;
  readonly threads: number;
  readonly blocks: Blocks;
  readonly values: Values;
  /** What runs for every batch. */
  readonly listing: Listing;
  /** What runs when weights have changed: while training, the same. */
  readonly preparation: Listing;
  /** A node's weight or running statistic. */
  readonly weight: (node: NodeName, slot: string) => Place;
}

export class Context implements Setting {
  readonly batch: number;
  readonly threads: number;
  readonly blocks: Blocks;
  readonly values: Values;
  readonly listing: Listing;
  readonly preparation: Listing;
  readonly weight: (node: NodeName, slot: string) => Place;
  readonly #activations = new Map<Root, Place>();

  constructor(setting: Setting) {
    this.batch = setting.batch;
    this.threads = setting.threads;
    this.blocks = setting.blocks;
    this.values = setting.values;
    this.listing = setting.listing;
    this.preparation = setting.preparation;
    this.weight = setting.weight;
  }

  /** A unit's result. */
  view(name: NodeName): View {
    const value = known(this.values.get(name), name);
    const start = this.#activations.get(value.root) ?? this.map(`map ${name}`, value.root);
    this.#activations.set(value.root, start);
    return viewOf(value, start);
  }

  /** Bytes for a root's maps. */
  map(name: string, { stride, pixels }: Root): Place {
    return this.blocks.passing(name, stride * pixels * this.batch * 4);
  }

  /** A map beside the planned ones, as large as `like`. */
  temporary(name: string, like: View, layout: Layout): View {
    const place = this.blocks.passing(name, bytesOf(layout, pixelsOf(like), this.batch));
    return { ...like, place, stride: layout.physical, layout };
  }

  /** What the preparation makes: it must last until the next one where that is another program. */
  prepared(name: string, bytes: number): Place {
    return this.preparation === this.listing
      ? this.blocks.passing(name, bytes)
      : this.blocks.keep(name, bytes);
  }

  /** Each thread's sums and sums of squares by channel. */
  partials(name: string, channels: number): Place {
    return this.blocks.passing(name, this.threads * 2 * channels * 8);
  }
}
