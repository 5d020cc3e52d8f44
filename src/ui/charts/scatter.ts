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
  readonly anchor: "start" | "middle" | "end";
}

/** A line that is drawn, along one of the axes. */
export interface Line {
  readonly from: Spot;
  readonly to: Spot;
}

/** What names have to mind. */
export interface Surroundings {
  /** The drawing's edges, CSS pixels. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** A name may cross these where it must. */
  readonly lines: readonly Line[];
  readonly spots: readonly Spot[];
}

/** The front as the lines that {@link frontPath} draws. */
export function frontLines(front: readonly Spot[], right: number): readonly Line[] {
  return front.flatMap((from, i) => {
    const next = front[i + 1];
    if (next === undefined) return [{ from, to: { x: right, y: from.y } }];
    const corner = { x: next.x, y: from.y };
    return [
      { from, to: corner },
      { from: corner, to: next },
    ];
  });
}

const LETTER = 6.4;
/** Of a name, above and below its line. */
const [ASCENT, DESCENT] = [11, 3];
const GAP = 2;
/** Of a point's mark, the baseline's ring among them. */
const MARK = 10;
/** Of the ring around a run that is pointed at, which its own name stands clear of. */
const HALO = 14;
const AWAY = HALO + GAP;

interface Box {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/**
 * The names that have room, in order of importance: beside their points, over no other name, within the
 * drawing; of the places that a name may have, the first over the fewest points and lines.
 */
export function placeLabels(
  labels: readonly Label[],
  around: Surroundings,
): readonly PlacedLabel[] {
  const taken: Box[] = [];
  const placed: PlacedLabel[] = [];
  for (const label of labels) {
    const free = placesOf(label)
      .map((place) => ({ place, box: boxOf(place) }))
      .filter(({ box }) => isInside(box, around) && !taken.some((other) => meets(box, other)));
    const costs = free.map(({ box }) => costOf(box, label, around));
    const best = free[costs.indexOf(Math.min(...costs))];
    if (best === undefined) continue;
    taken.push(best.box);
    placed.push(best.place);
  }
  return placed;
}

/** Above and below, on the right, on the left, then in the middle. */
function placesOf({ x, y, text }: Label): readonly PlacedLabel[] {
  const [above, below] = [y - ASCENT + 4, y + ASCENT + 5];
  return [
    { text, x: x + AWAY, y: above, anchor: "start" },
    { text, x: x + AWAY, y: below, anchor: "start" },
    { text, x: x - AWAY, y: above, anchor: "end" },
    { text, x: x - AWAY, y: below, anchor: "end" },
    { text, x, y: y - HALO - DESCENT - GAP, anchor: "middle" },
    { text, x, y: y + HALO + ASCENT + GAP, anchor: "middle" },
  ];
}

function boxOf({ x, y, text, anchor }: PlacedLabel): Box {
  const width = text.length * LETTER;
  const x0 = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
  return { x0, x1: x0 + width, y0: y - ASCENT, y1: y + DESCENT };
}

function isInside({ x0, x1, y0, y1 }: Box, { left, right, top, bottom }: Surroundings): boolean {
  return x0 >= left && x1 <= right && y0 >= top && y1 <= bottom;
}

function meets(a: Box, b: Box): boolean {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

/** A point under a name is worse than a line, and its own point is beside it anyway. */
function costOf(box: Box, own: Spot, { lines, spots }: Surroundings): number {
  const covered = spots.filter(
    ({ x, y }) =>
      (x !== own.x || y !== own.y) &&
      meets(box, { x0: x - MARK, x1: x + MARK, y0: y - MARK, y1: y + MARK }),
  );
  const crossed = lines.filter(({ from, to }) =>
    meets(box, {
      x0: Math.min(from.x, to.x) - GAP,
      x1: Math.max(from.x, to.x) + GAP,
      y0: Math.min(from.y, to.y) - GAP,
      y1: Math.max(from.y, to.y) + GAP,
    }),
  );
  return covered.length * 2 + crossed.length;
}
