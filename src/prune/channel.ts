/**
 * @file One channel of a group, looked at by itself: which channel that is of each of the group's layers,
 * and which it was before any surgery. What groups count by are classes; people count by layers.
 */
import { known } from "../core/index.ts";
import type { NodeName } from "../model/index.ts";
import { classesOf, type GroupId, type GroupTable } from "./groups.ts";
import type { Origin } from "./origins.ts";

/** A group's channel in one of its layers. */
export interface ChannelPlace {
  readonly layer: NodeName;
  /** Its channels there, ascending: mostly one, an equal slot of each group in a grouped convolution. */
  readonly channels: readonly number[];
  /** The same in the network before any surgery, in that order; −1 for one that folding made. */
  readonly origins: readonly number[];
  /** The layer's name there. */
  readonly originLayer: NodeName;
}

/**
 * Finds a group's channel in its layers, in forward order; those that have no such channel are left out.
 * @param origins — as `originsOf` the table's network says
 * @param channel — of the group, from 0
 */
export function placesOf(
  table: GroupTable,
  origins: ReadonlyMap<NodeName, Origin>,
  id: GroupId,
  channel: number,
): readonly ChannelPlace[] {
  const { start, layers } = known(table.byId.get(id), id);
  return layers.flatMap((layer): ChannelPlace[] => {
    const origin = known(origins.get(layer), layer);
    const channels: number[] = [];
    classesOf(table, layer).forEach((c, j) => {
      if (c === start + channel) channels.push(j);
    });
    if (channels.length === 0) return [];
    const before = channels.map((j) => known(origin.channels[j], "channel"));
    return [{ layer, channels, origins: before, originLayer: origin.node }];
  });
}
