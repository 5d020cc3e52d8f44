/**
 * @file Where things stand in a chart of points: the front as a line, which point is meant by a pointer or a
 * key, and which names have room. Pure numbers in CSS pixels.
 */

/** How far below the best accuracy the axis goes for positions that collapsed. */
const MOST_BELOW = 0.15;

/**
 * The accuracies that the axis has to hold: all runs, and of the other positions those that have not
 * collapsed; the rest stands at the foot and says so.
 */
export function accuracyRange(
  points: readonly { readonly accuracy: number; readonly run: number | null }[],
): readonly [number, number] {
  const all = points.map(({ accuracy }) => accuracy);
  const high = Math.max(...all);
  const runs = points.filter(({ run }) => run !== null).map(({ accuracy }) => accuracy);
  const floor = Math.min(high - MOST_BELOW, ...runs);
  const low = Math.min(...all.filter((accuracy) => accuracy >= floor));
  return [Math.max(0, Math.min(low, high - 0.01)), Math.min(1, high)];
}

/** A point of the drawing. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The front as a line: what accuracy can be had at a cost, up to the right edge. */
export function frontPath(front: readonly Spot[], right: number): string {
  const [first, ...others] = front;
  if (first === undefined) return "";
  const steps = others.map(({ x, y }) => `H${round(x)}V${round(y)}`);
  return `M${round(first.x)} ${round(first.y)}${steps.join("")}H${round(right)}`;
}

const round = (value: number): number => Number(value.toFixed(1));

/** The index of the spot next to a place, at most `most` away; null when there is none. */
export function nearestSpot(spots: readonly Spot[], { x, y }: Spot, most: number): number | null {
  let [best, least] = [-1, most];
  spots.forEach((spot, i) => {
    const distance = Math.hypot(spot.x - x, spot.y - y);
    if (distance > least) return;
    [best, least] = [i, distance];
  });
  return best < 0 ? null : best;
}

/** Where a key leads among points that are sorted from left to right; null for any other key. */
export function nextIndex(key: string, at: number, length: number): number | null {
  if (length === 0) return null;
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return Math.min(length - 1, at + 1);
    case "ArrowLeft":
    case "ArrowDown":
      return Math.max(0, at - 1);
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return null;
  }
}

/** A name that wants to stand beside its point. */
export interface Label extends Spot {
  readonly text: string;
}

export interface PlacedLabel extends Label {
  /** On which side of the point. */
  readonly anchor: "start" | "end";
}

const LETTER = 6.4;
const LINE = 14;
const AWAY = 10;
/** Clear of the front, which leaves a point to the right. */
const ABOVE = 7;

/**
 * The names that have room, in order of importance: beside their points, within the drawing's width,
 * and over no other name.
 */
export function placeLabels(labels: readonly Label[], right: number): readonly PlacedLabel[] {
  const taken: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  const placed: PlacedLabel[] = [];
  for (const { x, y, text } of labels) {
    const width = text.length * LETTER;
    const isRight = x + AWAY + width <= right;
    const from = isRight ? x + AWAY : x - AWAY - width;
    const box = { from, to: from + width, y };
    const isFree = taken.every(
      (other) => other.to < box.from || other.from > box.to || Math.abs(other.y - y) >= LINE,
    );
    if (from < 0 || !isFree) continue;
    taken.push(box);
    placed.push({
      text,
      x: isRight ? x + AWAY : x - AWAY,
      y: y - ABOVE,
      anchor: isRight ? "start" : "end",
    });
  }
  return placed;
}
