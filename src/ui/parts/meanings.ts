/** @file Explanations with figures of the moment in them: where a cut is free, and where a guard holds. */
import { count, percent, score } from "../format.ts";
import type { Meaning } from "./terms.ts";

interface GapFigures {
  /** Up to where a cut is free, in 0…1. */
  readonly gap: number;
  /** Rankings that are cut each by itself. */
  readonly pools: number;
}

export function gapMeaning({ gap, pools }: GapFigures): Meaning {
  const where = pools > 1 ? ", in whichever pool has the fewest of them" : "";
  return {
    means: `The free ratio: up to ${percent(gap, 1, true)} only channels go whose scores lie below a gap of at least a factor of ten${where}. They are as good as dead.`,
    paper: "Sparse training gathers scales near 0: Liu et al. 2017, Network Slimming, section 5.",
  };
}

const THEIR_THRESHOLD =
  "Liu et al. 2017, Network Slimming, section 4.4: one threshold for all can remove a whole layer.";

interface GuardFigures {
  /** The largest ratio at which no guard holds, in 0…1. */
  readonly guard: number;
  /** Of each layer; 0 for one channel. */
  readonly least: number;
}

export function guardMeaning({ guard, least }: GuardFigures): Meaning {
  const kept = least > 0 ? `${percent(least, 1, true)} of every layer` : "its last channel";
  return {
    means: `The largest safe ratio: above ${percent(guard, 1, true)} some layer would lose more than it can spare, so a guard keeps ${kept} and less goes than was asked for.`,
    paper: THEIR_THRESHOLD,
  };
}

/** A layer at which the guard held. */
export interface HeldLayer {
  readonly name: string;
  readonly kept: number;
  readonly of: number;
  /** The largest score in it. */
  readonly largest: number;
  /** Up to which scores go, where one threshold says so. */
  readonly threshold: number | null;
  /** The least share of a layer that was asked for; 0 for one channel. */
  readonly least: number;
}

/** Why a layer stopped at so many channels. */
export function heldMeaning({ name, kept, of, largest, threshold, least }: HeldLayer): Meaning {
  const few = kept === 1 ? "1 channel" : `${count(kept)} channels`;
  const why =
    threshold !== null && largest <= threshold
      ? `Even the largest score of its ${count(of)}, ${score(largest)}, is not above the threshold ${score(threshold)}.`
      : `By their scores more of its ${count(of)} would have to go.`;
  const rule =
    least > 0
      ? `The guard keeps ${percent(least, 1, true)} of every layer, as it was told to.`
      : "The guard keeps the last channel: a layer without any would cut the network in two.";
  return { means: `${name} stopped at ${few}. ${why} ${rule}`, paper: THEIR_THRESHOLD };
}

/** All of them in a few words: "conv8 and conv9 stopped …". */
export function heldLayersMeaning(held: readonly HeldLayer[]): Meaning {
  const [first] = held;
  if (first === undefined)
    return { means: "No layer is held by the guard.", paper: THEIR_THRESHOLD };
  if (held.length === 1) return heldMeaning(first);
  const names = held.map(({ name, kept }) => `${name} at ${count(kept)}`).join(", ");
  const rule =
    first.least > 0
      ? `The guard keeps ${percent(first.least, 1, true)} of every layer.`
      : "The guard keeps the last channel of each: a layer without any would cut the network in two.";
  return { means: `Layers stopped by the guard: ${names}. ${rule}`, paper: THEIR_THRESHOLD };
}
