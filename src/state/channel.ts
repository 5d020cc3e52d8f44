/** @file One channel of a row: which it is of which layers, what it scores, and whether it stays. */
import type { ChannelPlace } from "./engine.ts";
import type { Layer, Preview, Pruning } from "./planning.ts";

export interface ChannelFacts {
  readonly layer: Layer;
  /** Of the layer among the rows. */
  readonly index: number;
  /** 0 for the largest score. */
  readonly rank: number;
  /** Of the group, as in `Layer.own`. */
  readonly channel: number;
  readonly score: number;
  /** By the plan on the page. */
  readonly isKept: boolean;
  /** Where it is in each of the layers that go together. */
  readonly places: readonly ChannelPlace[];
}

/** @returns null where there is no such channel, as after a change of the method */
export function channelFacts(
  pruning: Pruning,
  preview: Pick<Preview, "plan"> | null,
  index: number,
  rank: number,
): ChannelFacts | null {
  const layer = pruning.layers[index];
  const channel = layer?.order[rank];
  if (layer === undefined || channel === undefined) return null;
  const kept = preview?.plan.kept.get(layer.name);
  return {
    layer,
    index,
    rank,
    channel,
    score: layer.own[channel] ?? 0,
    isKept: kept === undefined || kept.includes(channel),
    places: pruning.placesOf(index, channel),
  };
}
