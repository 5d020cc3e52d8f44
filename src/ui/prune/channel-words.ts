/** @file A channel in words: its name where it stands, and one quiet line about it. */
import type { ChannelFacts } from "../../state/index.ts";
import { count, score } from "../format.ts";

type Place = ChannelFacts["places"][number];

/** `channel 37`, or `channels 3, 11` where equal slots of a grouped convolution go as one. */
export function channelName({ channels }: Pick<Place, "channels">): string {
  return `${channels.length === 1 ? "channel" : "channels"} ${channels.join(", ")}`;
}

/**
 * What it was in the network that was opened first, as `61`, or `61 of stem` where the layer has another
 * name now.
 * @returns nothing where it is still the same
 */
export function originName({ layer, originLayer, channels, origins }: Place): string | null {
  const isSame = layer === originLayer && channels.every((channel, i) => channel === origins[i]);
  if (isSame) return null;
  const numbers = origins.map((origin) => (origin < 0 ? "none" : String(origin))).join(", ");
  return layer === originLayer ? numbers : `${numbers} of ${originLayer}`;
}

/** `with 3 more layers`, where a cut of it goes through others too. */
export function companyOf({ places }: Pick<ChannelFacts, "places">): string | null {
  const others = places.length - 1;
  if (others < 1) return null;
  return others === 1
    ? "together with another layer"
    : `together with ${count(others)} more layers`;
}

/** `conv9, channel 37 (61 before the cut) · 0.043, rank 12 of 96 · kept`. */
export function channelLine(facts: ChannelFacts): string {
  return partsOf(facts).join(" \u00b7 ");
}

/** The same for who listens: `conv9, channel 37, score 0.043, rank 12 of 96, kept`. */
export function channelSpoken(facts: ChannelFacts): string {
  const [channel, value, ...rest] = partsOf(facts);
  return [channel, `score ${value}`, ...rest].join(", ");
}

function partsOf(facts: ChannelFacts): readonly string[] {
  const { layer, places, rank, isKept } = facts;
  const [first] = places;
  const origin = first === undefined ? null : originName(first);
  const name = first === undefined ? "" : `, ${channelName(first)}`;
  return [
    `${layer.name}${name}${origin === null ? "" : ` (${origin} before the cut)`}`,
    `${score(facts.score)}, rank ${count(rank + 1)} of ${count(layer.of)}`,
    isKept ? "kept" : "removed",
    companyOf(facts),
  ].filter((part) => part !== null);
}

/** More than these are not named. */
const NAMED = 3;

/** Which other layers lose the same channel, in a sentence. */
export function coupledWords({ places }: Pick<ChannelFacts, "places">): string {
  const others = places.slice(1);
  const named = others.slice(0, NAMED).map((place) => `${place.layer}, ${channelName(place)}`);
  const rest = others.length - named.length;
  const more = rest > 0 ? `; and ${count(rest)} more` : "";
  return `Goes together with ${named.join("; ")}${more}. Drawn is the first layer\u2019s.`;
}
