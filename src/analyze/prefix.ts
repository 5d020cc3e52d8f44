/**
 * @file The values of a network's early part for a set of images, worked out once. What comes after
 * can then be asked many times, cut in many ways, without running the early part again. It
 * moves forward node by node, each time from where it stands.
 */
import { channelsOf, invariant, known, sizeOf } from "../core/index.ts";
import { dominators, factsOfNode, partOf } from "../model/index.ts";
import type { Kept, Network, NodeName } from "../model/index.ts";
import { compile, type Backend } from "../runtime/index.ts";
import { eachBatch, type Watch } from "./evaluate.ts";
import type { Feed } from "./feed.ts";

/** Most that is held; deeper maps are smaller, so a network soon gets below it. */
const MOST_BYTES = 384e6;

export class Prefix {
  readonly #network: Network;
  readonly #backend: Backend;
  readonly #batch: number;
  readonly #images: Feed;
  readonly #stops: readonly NodeName[];
  #at: NodeName;
  #feed: Feed;

  /** @param images — borrowed for as long as the prefix is used */
  constructor(network: Network, backend: Backend, images: Feed, batch: number) {
    this.#network = network;
    this.#backend = backend;
    this.#batch = batch;
    this.#images = images;
    this.#stops = dominators(network);
    this.#at = known(this.#stops[0], "input");
    this.#feed = images;
  }

  /**
   * Moves to the last node before all of `readers` that everything goes through and whose values
   * can be held.
   * @returns where it stands: `suffixOf` a cut network from here on, fed with `feed`, is that network
   */
  async moveBefore(readers: readonly NodeName[], watch: Watch = {}): Promise<NodeName> {
    const target = this.#stopBefore(readers);
    if (target === this.#at) return target;
    const place = (name: NodeName): number => this.#stops.indexOf(name);
    if (place(target) < place(this.#at)) {
      this.#at = known(this.#stops[0], "input");
      this.#feed = this.#images;
    }
    if (target !== this.#at) await this.#run(target, watch);
    return target;
  }

  /** The values at the node where it stands, with the named channels only; borrowed. */
  feed(kept: Kept): Feed {
    const channels = channelsOf(factsOfNode(this.#network, this.#at).shape);
    const { count } = this.#feed;
    if (kept.length === channels) return this.#feed;
    // One for all batches: new memory costs more than what is written into it.
    let room = new Float32Array();
    return {
      count,
      slice: (start, end) => {
        const { images, labels } = this.#feed.slice(start, end);
        const size = (images.length / channels) * kept.length;
        if (room.length < size) room = new Float32Array(size);
        return { images: gather(images, channels, kept, room.subarray(0, size)), labels };
      },
    };
  }

  /** The channels at the node where it stands that are zero for every image: 1 where so. */
  silentChannels(): Uint8Array {
    const channels = channelsOf(factsOfNode(this.#network, this.#at).shape);
    const { count } = this.#feed;
    // Those that have said nothing yet: most speak in the first image.
    let quiet = Array.from({ length: channels }, (_, channel) => channel);
    for (let start = 0; start < count; start += this.#batch) {
      const { images } = this.#feed.slice(start, Math.min(start + this.#batch, count));
      for (let at = 0; at < images.length && quiet.length > 0; at += channels) {
        const base = at;
        if (quiet.some((channel) => images[base + channel] !== 0)) {
          quiet = quiet.filter((channel) => images[base + channel] === 0);
        }
      }
    }
    const silent = new Uint8Array(channels);
    for (const channel of quiet) silent[channel] = 1;
    return silent;
  }

  #stopBefore(readers: readonly NodeName[]): NodeName {
    const order = new Map(this.#network.nodes.map(({ name }, at) => [name, at]));
    const first = Math.min(...readers.map((name) => known(order.get(name), name)));
    const bytes = (name: NodeName): number =>
      this.#images.count * sizeOf(factsOfNode(this.#network, name).shape) * 4;
    const [input, ...later] = this.#stops.slice(0, -1);
    const held = later.filter((name) => known(order.get(name), name) < first);
    return held.findLast((name) => bytes(name) <= MOST_BYTES) ?? known(input, "input");
  }

  async #run(target: NodeName, watch: Watch): Promise<void> {
    const program = compile(partOf(this.#network, this.#at, target), this.#backend, this.#batch);
    const parts: { readonly images: Float32Array; readonly labels: Int32Array }[] = [];
    const take = (images: Float32Array, labels: Int32Array): void => {
      parts.push({ images, labels });
    };
    await eachBatch(program, this.#feed, watch, take).finally(() => program.dispose());
    const { count } = this.#feed;
    const { batch } = program;
    this.#at = target;
    this.#feed = {
      count,
      slice: (start, end) => {
        invariant(start % batch === 0 && end - start <= batch, `values ${start} to ${end}`);
        return known(parts[start / batch], "values");
      },
    };
  }
}

/** The part of a network from a node on; see `Prefix.moveBefore`. */
export function suffixOf(network: Network, from: NodeName): Network {
  return partOf(network, from, network.output);
}

/**
 * Some channels of packed values.
 * @param gathered — filled
 */
function gather(
  values: Float32Array,
  channels: number,
  kept: Kept,
  gathered: Float32Array,
): Float32Array {
  const pixels = values.length / channels;
  const width = kept.length;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let i = 0; i < width; i++) {
      gathered[pixel * width + i] = values[pixel * channels + (kept[i] as number)] as number;
    }
  }
  return gathered;
}
