/** @file Where channels came from, when a selection is folded away. */
import { known } from "../core/index.ts";
import type { Metadata, Network, NodeName } from "../model/index.ts";
import { originsOf } from "../prune/index.ts";

/** A selection that goes. */
export interface GoneSelection {
  readonly network: Network;
  readonly name: NodeName;
  readonly indices: readonly number[];
}

/**
 * The metadata without the selection; the writer that computes what was selected has its channels from
 * where the selection took them, −1 where it made one of zeros.
 * @param writer — the layer that the selection was pushed back into, if it was
 */
export function metadataWithout(
  { network, name, indices }: GoneSelection,
  writer: NodeName | undefined,
): Metadata {
  const { surgery } = network.metadata;
  if (surgery === undefined) return network.metadata;
  const origins = new Map(Object.entries(surgery.origins));
  origins.delete(name);
  if (writer !== undefined) {
    const { node, of, channels } = known(originsOf(network).get(writer), writer);
    const kept = indices.map((index) => (index < 0 ? -1 : known(channels[index], "channel")));
    origins.set(writer, { node, of, kept });
  }
  return { ...network.metadata, surgery: { ...surgery, origins: Object.fromEntries(origins) } };
}
