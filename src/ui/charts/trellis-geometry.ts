/**
 * @file The trellis in numbers. Every layer is a wire, every channel a leaf; channels stand right and
 * left of the trunk in turn, the largest score nearest to it, every second one below the wire. A leaf's
 * length and tone follow the logarithm of its score. Where a network is too wide for a leaf per channel, a leaf
 * stands for `each` channels, and the page says so.
 */

/** One scale for all wires, so that widths compare. */
export interface TrellisScale {
  /** Channels that one leaf stands for. */
  readonly each: number;
  /** Distance of neighbours on one side, in pixels. */
  readonly pitch: number;
  /** Between the trunk and the first leaf. */
  readonly gap: number;
  readonly longest: number;
  readonly shortest: number;
  /** Log scores at the shortest and the longest leaf. */
  readonly low: number;
  readonly high: number;
}

/** What says where leaves stand. */
type Placing = Pick<TrellisScale, "pitch" | "gap">;

export interface Leaf {
  /** From the trunk, positive to the right. */
  readonly x: number;
  readonly side: 1 | -1;
  /** −1 above the wire, 1 below. */
  readonly lift: 1 | -1;
}

export const PITCH = 5;
/** Where there is more room than that, leaves stand a little farther apart. */
const MOST_PITCH = 6;
const LEAST_PITCH = 2.5;
const LONGEST = 14.5;
const SHORTEST = 2.6;
/** Between the trunk and the first leaf, and where a stream runs there too. */
const GAP = 4;
const STREAM_GAP = 12;
/** Leaves lean this far from the wire. */
export const LEAN = (50 * Math.PI) / 180;
export const COS = Math.cos(LEAN);
export const SIN = Math.sin(LEAN);
/** Scores below this share of the largest are all drawn shortest. */
const FLOOR = 1e-3;
/** Bends the scale, so that the kept scores, which are all large, still differ in size. */
const BEND = 1.5;
/** The same for their tones, which have no length to help them. */
const TONE_BEND = 2.5;

export interface TrellisMeasures {
  /** Channels of the widest layer. */
  readonly widest: number;
  /** Of a wire, CSS pixels. */
  readonly halfWidth: number;
  /** Leaves stay within it. */
  readonly rowHeight: number;
  /** Of the network. */
  readonly scores: readonly [least: number, most: number];
  /** Leaves room for a stream beside the trunk. */
  readonly hasStreams?: boolean | undefined;
}

/** Chooses pitch and leaf size. */
export function scaleTrellis({
  widest,
  halfWidth,
  rowHeight,
  scores,
  hasStreams = false,
}: TrellisMeasures): TrellisScale {
  const gap = hasStreams ? STREAM_GAP : GAP;
  const room = Math.max(LEAST_PITCH, halfWidth - gap - 6);
  const side = Math.max(1, Math.ceil(widest / 2));
  const each = Math.max(1, Math.ceil((side * LEAST_PITCH) / room));
  const pitch = Math.min(MOST_PITCH, room / Math.ceil(side / each));
  const byPitch = 0.45 + 0.55 * (pitch / PITCH);
  const byRow = (0.5 * rowHeight) / (LONGEST * Math.sin(LEAN) + 3);
  const size = Math.min(byPitch, byRow, 1);
  const most = Math.max(scores[1], Number.MIN_VALUE);
  const high = Math.log(most);
  const low = Math.min(high - 1, Math.log(Math.max(scores[0], most * FLOOR, Number.MIN_VALUE)));
  return { each, pitch, gap, longest: LONGEST * size, shortest: SHORTEST * size, low, high };
}

/** Where leaf `index` of a wire grows, counted from the largest score. */
export function placeLeaf(index: number, { pitch, gap }: Placing): Leaf {
  const side = index % 2 === 0 ? 1 : -1;
  const along = index >> 1;
  return { x: side * (gap + along * pitch), side, lift: along % 2 === 0 ? -1 : 1 };
}

/** A leaf's length for a score. */
export function leafLength(score: number, scale: TrellisScale): number {
  const { shortest, longest } = scale;
  return shortest + (longest - shortest) * shareOf(score, scale) ** BEND;
}

/** A leaf's tone for a score, of `tones`, from 0 for the lowest scores up. */
export function leafTone(score: number, scale: TrellisScale, tones: number): number {
  return Math.min(tones - 1, Math.floor(shareOf(score, scale) ** TONE_BEND * tones));
}

/** The place of a score between the lowest and the highest, in 0…1. */
function shareOf(score: number, { low, high }: TrellisScale): number {
  const log = score > 0 ? Math.log(score) : low;
  return Math.min(1, Math.max(0, (log - low) / (high - low)));
}

/** How many leaves a wire of `channels` has, and how many of them stay when `kept` channels do. */
export function leavesOf(
  channels: number,
  kept: number,
  each: number,
): { readonly leaves: number; readonly green: number } {
  return { leaves: Math.ceil(channels / each), green: Math.ceil(kept / each) };
}

/** How far from the trunk the wire's leaves reach on each side, in pixels. */
export function reachOf(leaves: number, { pitch, gap }: Placing): number {
  return leaves === 0 ? 0 : gap + Math.ceil(leaves / 2) * pitch;
}

/** A point beside the trunk, CSS pixels: x from the trunk, positive to the right; y from the wire, downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The middle of a leaf of that length: its own point. */
export function middleOf(index: number, length: number, scale: Placing): Point {
  const { x, side, lift } = placeLeaf(index, scale);
  return { x: x + side * COS * (length / 2), y: lift * SIN * (length / 2) };
}

/** So near to the wire nobody can tell what grows above it from what grows below, CSS pixels. */
const ON_WIRE = 1.2;
/** A point farther than this many pitches from every leaf is beside them all. */
const REACH = 1.5;

/**
 * The leaf at a point, the inverse of `placeLeaf`: the point is moved back to the wire along the leaves'
 * lean, and the nearest leaf of its side that leans its way has it.
 * @param leaves — of the wire
 * @returns its index; null where no leaf is near
 */
export function hitLeaf({ x, y }: Point, leaves: number, { pitch, gap }: Placing): number | null {
  const isLeft = x < 0;
  const onSide = isLeft ? leaves >> 1 : (leaves + 1) >> 1;
  const along = (Math.abs(x) - Math.abs(y) * (COS / SIN) - gap) / pitch;
  const near = (every: 1 | 2, from: number): number | null => {
    const most = from + every * Math.floor((onSide - 1 - from) / every);
    if (most < from) return null;
    const k = Math.min(most, Math.max(from, from + every * Math.round((along - from) / every)));
    return Math.abs(k - along) <= REACH ? k : null;
  };
  const leaning = Math.abs(y) < ON_WIRE ? null : near(2, y < 0 ? 0 : 1);
  const place = leaning ?? near(1, 0);
  return place === null ? null : 2 * place + (isLeft ? 1 : 0);
}

/**
 * The channel beside another one in the drawing, where ranks count from the largest score.
 * @param step — 1 to the right, −1 to the left
 * @param each — channels that one leaf stands for
 * @returns its rank; the same one at either end of the wire
 */
export function besideRank(
  rank: number,
  step: 1 | -1,
  { of, each }: { readonly of: number; readonly each: number },
): number {
  const leaf = Math.floor(rank / each);
  // Outwards the ranks rise, on either side.
  const isOutward = (leaf % 2 === 0) === step > 0;
  const next = isOutward ? rank + 1 : rank - 1;
  if (next >= 0 && Math.floor(next / each) === leaf && next < of) return next;
  if (!isOutward && leaf < 2) {
    // Across the trunk, to the first of the other side.
    const first = leaf === 0 ? each : 0;
    return first < of ? first : rank;
  }
  const there = isOutward ? (leaf + 2) * each : (leaf - 1) * each - 1;
  return there < of ? there : rank;
}

/** Of a band's leaves, as a share of a row's. */
const BAND = 0.7;

/**
 * The scale of folded stages: many layers' channels on one wire, as densely as leaves can stand.
 * @param widest — channels of the largest folded stage
 */
export function bandScale(scale: TrellisScale, widest: number, halfWidth: number): TrellisScale {
  const room = Math.max(LEAST_PITCH, halfWidth - scale.gap - 6);
  const each = Math.max(1, Math.ceil(((widest / 2) * LEAST_PITCH) / room));
  return { ...scale, each, pitch: LEAST_PITCH, longest: scale.longest * BAND };
}
