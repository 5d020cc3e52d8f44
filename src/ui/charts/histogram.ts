/**
 * @file Scores in bins over an axis: logarithmic where they are positive and spread, linear otherwise. On
 * a logarithmic axis what is zero or smaller than a millionth of the largest score stands in the first
 * bin: it is dead, however small.
 */

export interface Axis {
  /** The left and right ends; log₁₀ of them where the axis is logarithmic. */
  readonly low: number;
  readonly high: number;
  readonly isLinear?: boolean;
}

export interface Bins extends Axis {
  readonly counts: Int32Array;
  readonly most: number;
}

const FLOOR = 1e-6;
/** Decades between a low score and the largest from which on an axis is logarithmic. */
const SPREAD = 1.5;
/** The share of the scores below a low one: a few stragglers are no spread. */
const LOW_SHARE = 0.05;

/** The axis on which these scores are seen best. */
export function scoreAxis(sorted: ArrayLike<number>): Axis {
  const largest = sorted[sorted.length - 1] ?? 0;
  const least = sorted[0] ?? 0;
  const low = sorted[Math.floor(sorted.length * LOW_SHARE)] ?? 0;
  if (least >= 0 && largest > 0 && Math.log10(largest / Math.max(low, largest * FLOOR)) >= SPREAD) {
    return logAxis(sorted);
  }
  const margin = Math.max((largest - least) * 0.02, Math.abs(largest) * 1e-3, 1e-9);
  // From 0 where that shows more than it costs.
  const from = least >= 0 && least < 0.5 * largest ? 0 : least - margin;
  return { low: from, high: largest + margin, isLinear: true };
}

/**
 * An axis on which both are seen: that of a network and of what was cut from it are one. What was
 * logarithmic stays so.
 */
export function widenAxis(known: Axis, next: Axis): Axis {
  const isLinear = known.isLinear === true && next.isLinear === true;
  const ends = ({ low, high, isLinear: wasLinear }: Axis): readonly number[] => {
    if (isLinear || wasLinear !== true) return [low, high];
    return [low, high].filter((end) => end > 0).map(Math.log10);
  };
  const all = [...ends(known), ...ends(next)];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return isLinear ? { low, high, isLinear } : { low, high };
}

/** The ends of a logarithmic axis for these scores, a little wider than they are. */
export function logAxis(sorted: ArrayLike<number>): Axis {
  const largest = sorted[sorted.length - 1] ?? 0;
  if (!(largest > 0)) return { low: -3, high: 0 };
  let smallest = largest;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] ?? 0;
    if (value > largest * FLOOR) {
      smallest = value;
      break;
    }
  }
  const [low, high] = [Math.log10(smallest), Math.log10(largest)];
  const margin = Math.max(0.05, (high - low) * 0.02);
  return high - low < 0.5
    ? { low: high - 0.75, high: high + 0.25 }
    : { low: low - margin, high: high + margin };
}

/** Which of so many bins a score falls in. */
export function binOf(score: number, axis: Axis, bins: number): number {
  const at = Math.floor(placeOf(score, axis) * bins);
  return Math.min(bins - 1, at);
}

/** Counts the scores, in any order. */
export function countBins(scores: ArrayLike<number>, bins: number, axis: Axis): Bins {
  const counts = new Int32Array(bins);
  let most = 0;
  for (let i = 0; i < scores.length; i++) {
    const bin = binOf(scores[i] ?? 0, axis, bins);
    const n = (counts[bin] ?? 0) + 1;
    counts[bin] = n;
    if (n > most) most = n;
  }
  return { ...axis, counts, most };
}

/** The place of a score on the axis, in 0…1. */
export function placeOf(score: number, { low, high, isLinear = false }: Axis): number {
  if (!isLinear && !(score > 0)) return 0;
  const value = isLinear ? score : Math.log10(score);
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** The score at a place on the axis. */
export function scoreAt(place: number, { low, high, isLinear = false }: Axis): number {
  const value = low + Math.min(1, Math.max(0, place)) * (high - low);
  return isLinear ? value : 10 ** value;
}

/** A bin that is not empty, and between which scores it lies. */
export interface FilledBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Its place among all. */
  readonly bin: number;
}

/** @param counts — in the bins of the axis, all of them or some of their scores */
export function filledBins(counts: ArrayLike<number>, axis: Axis): readonly FilledBin[] {
  const bins = counts.length;
  return Array.from(counts).flatMap((n, bin) =>
    n === 0
      ? []
      : [{ from: scoreAt(bin / bins, axis), to: scoreAt((bin + 1) / bins, axis), count: n, bin }],
  );
}

/** Powers of ten on a logarithmic axis. */
export function decades({ low, high }: Axis): readonly number[] {
  const powers: number[] = [];
  const step = high - low > 5 ? 2 : 1;
  for (let power = Math.ceil(low - 1e-9); power <= high + 1e-9; power++) {
    if ((power - Math.floor(high)) % step === 0) powers.push(power);
  }
  return powers;
}

/** Round scores on a linear axis, about four. */
export function roundScores({ low, high }: Axis): readonly number[] {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size >= rough) ?? rough;
  const scores: number[] = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) {
    scores.push(Number((n * step).toPrecision(12)));
  }
  return scores;
}

/** The bin of every channel, by layer; its scores binned once for whatever counts them. */
export type ChannelBins = readonly Uint8Array[];

/** @param layers — scores by channel; nothing of a layer that is not to be counted */
export function binChannels(
  layers: readonly ArrayLike<number>[],
  { counts, ...axis }: Bins,
): ChannelBins {
  return layers.map((scores) =>
    Uint8Array.from(scores, (score) => binOf(score, axis, counts.length)),
  );
}

/** What of each bin goes: all of a bin but what a plan keeps of it. */
export class RemovedBins {
  readonly removed: Int32Array;
  readonly #binOf: ChannelBins;

  /** @param bins — how many there are */
  constructor(channels: ChannelBins, bins: number) {
    this.removed = new Int32Array(bins);
    this.#binOf = channels;
  }

  /**
   * Counts anew; cost O(channels).
   * @param kept — by layer, the channels that stay; nothing where a layer stays whole
   */
  count(kept: (layer: number) => Int32Array | undefined): Int32Array {
    this.removed.fill(0);
    this.#binOf.forEach((bins, layer) => {
      const stays = kept(layer);
      if (stays === undefined || stays.length === bins.length) return;
      for (const bin of bins) this.removed[bin] = (this.removed[bin] as number) + 1;
      for (const channel of stays) {
        const bin = bins[channel] as number;
        this.removed[bin] = (this.removed[bin] as number) - 1;
      }
    });
    return this.removed;
  }
}

/** The scores of every layer by itself, in the bins of all. */
export class LayerBins {
  /** By layer, then by bin. */
  readonly counts: readonly Int32Array[];
  readonly #binOf: ChannelBins;
  readonly #removed: Int32Array;

  /** @param bins — how many there are */
  constructor(channels: ChannelBins, bins: number) {
    this.#binOf = channels;
    this.counts = this.#binOf.map((own) => {
      const count = new Int32Array(bins);
      for (const bin of own) count[bin] = (count[bin] as number) + 1;
      return count;
    });
    this.#removed = new Int32Array(bins);
  }

  /**
   * What of each bin of a layer goes; borrowed until the next call, cost O(channels of the layer).
   * @param stays — its channels that stay; nothing where it stays whole
   */
  removed(layer: number, stays: Int32Array | undefined): Int32Array {
    const bins = this.#binOf[layer];
    this.#removed.fill(0);
    if (bins === undefined || stays === undefined) return this.#removed;
    this.#removed.set(this.counts[layer] ?? []);
    for (const channel of stays) {
      const bin = bins[channel] as number;
      this.#removed[bin] = (this.#removed[bin] as number) - 1;
    }
    return this.#removed;
  }
}
