/**
 * @file The values of a network's early part for a set of images, worked out once. What comes after
 * can then be asked many times, cut in many ways, without running the early part again. It
 * moves forward node by node, each time from where it stands.
 */
import { channelsOf, invariant, known, sizeOf } from "../core/index.ts";
import { dominators, factsOfNode, partOf } from "../model/index.ts";
import type { Kept, Network, Node, NodeName } from "../model/index.ts";
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

  /** The values at the node where it stands, and how many channels it has there; borrowed. */
  get values(): { readonly feed: Feed; readonly channels: number } {
    const channels = channelsOf(factsOfNode(this.#network, this.#at).shape);
    return { feed: this.#feed, channels };
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

/**
 * The part of a cut network from a node on, which takes what the prefix of the whole network says there: it
 * selects the channels that are left by itself, as its threads do that sooner than this one could.
 * @param kept — of the channels that the whole network has at that node
 */
export function suffixOf(
  cut: Network,
  from: NodeName,
  { channels, kept }: { readonly channels: number; readonly kept: Kept },
): Network {
  const suffix = partOf(cut, from, cut.output);
  if (kept.length === channels) return suffix;
  const [input, ...rest] = suffix.nodes;
  const { shape } = factsOfNode(suffix, from);
  const whole = `${from} whole`;
  const nodes: readonly Node[] = [
    { name: whole, op: { kind: "input", shape: [...shape.slice(0, -1), channels] }, inputs: [] },
    { name: from, op: { kind: "channelSelect", indices: [...kept] }, inputs: [whole] },
    ...rest,
  ];
  invariant(input?.name === from, `${from} is not where the suffix begins`);
  return { ...suffix, nodes };
}
