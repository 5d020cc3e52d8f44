/**
 * @file Where every channel of a cut network came from. Layers that lost channels carry a list in the
 * network's metadata; what all other nodes say follows from it by the coupling rules, as the groups do.
 *
 * Example: conv of 4 channels, of which 0 and 3 are left, joined behind another whole one of 2. The
 * concatenation's channels 0 1 2 3 came from 0 1 2 5.
 */
import { channelsOf, known } from "../core/index.ts";
import {
  definitionOf,
  factsOf,
  type Network,
  type NodeFacts,
  type NodeName,
  type RecordedOrigin,
} from "../model/index.ts";

/** Where a node's channels came from. */
export interface Origin {
  /** The node in the network before any surgery. */
  readonly node: NodeName;
  /** How many channels it had there. */
  readonly of: number;
  /** By channel: its place there; −1 for one of zeros that folding made. */
  readonly channels: Int32Array;
}

/** The origin of every node; cost O(channels of all nodes). */
export function originsOf(network: Network): ReadonlyMap<NodeName, Origin> {
  const recorded = network.metadata.surgery?.origins ?? {};
  const origins = new Map<NodeName, Origin>();
  for (const facts of factsOf(network).values()) {
    const { name, inputs } = facts.node;
    const sources = inputs.map((input) => known(origins.get(input), input));
    const own = Object.hasOwn(recorded, name) ? recorded[name] : undefined;
    origins.set(name, own === undefined ? derived(facts, sources) : read(own));
  }
  return origins;
}

const read = ({ node, of, kept }: RecordedOrigin): Origin => ({
  node,
  of,
  channels: Int32Array.from(kept),
});

function derived({ node, inputs, shape }: NodeFacts, sources: readonly Origin[]): Origin {
  const width = channelsOf(shape);
  const [first] = sources;
  const coupling = definitionOf(node.op).coupling(node.op, inputs);
  const made = (of: number, channelAt: (j: number) => number): Origin => ({
    node: node.name,
    of,
    channels: Int32Array.from({ length: width }, (_, j) => channelAt(j)),
  });
  if (first === undefined) return made(width, (j) => j);
  const c = first.channels.length;
  const from = (i: number): number => known(first.channels[i], "channel");
  switch (coupling.kind) {
    // A layer without a list is whole: also a depthwise one, as a grouped one may have become by a cut.
    case "fixed":
    case "opens":
    case "repeats":
      return made(width, (j) => j);
    case "passes":
    case "ties":
      return { ...first, node: node.name };
    case "tiles":
      return made((width / c) * first.of, (j) =>
        from(j % c) < 0 ? -1 : Math.floor(j / c) * first.of + from(j % c),
      );
    case "joins": {
      let before = 0;
      const places = sources.flatMap(({ of, channels }) => {
        const start = before;
        before += of;
        return Array.from(channels, (channel) => (channel < 0 ? -1 : start + channel));
      });
      return made(before, (j) => known(places[j], "channel"));
    }
    default:
      return coupling satisfies never;
  }
}
