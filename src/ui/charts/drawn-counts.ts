/** @file What stands beside the bars of a histogram that is saved: lines at round counts, and of what they are. Pure. */
import { count } from "../format.ts";
import { countTicks, shareOfMost, type BarsOf, type Rect } from "./bars.ts";
import type { Drawing } from "./write-drawing.ts";

/** Left of the bars, for the counts, CSS pixels. */
export const COUNTS = 44;
/** Above the highest bar, for the word over the counts and half of the count beside it. */
export const OVER = 12;

/** @param place — of the bars, `COUNTS` from the left and `OVER` from the top at least */
export function drawnCounts(
  { most, isLog }: Pick<BarsOf, "most" | "isLog">,
  { x, y: top, width, height }: Rect,
): Pick<Drawing, "lines" | "texts"> {
  const ticks = countTicks(most, isLog).map((n) => ({
    n,
    y: top + height * (1 - shareOfMost(n, most, isLog)),
  }));
  return {
    lines: ticks.map(({ y }) => ({ from: [x, y], to: [x + width, y], color: "line" })),
    texts: [
      { x: 0, y: 0, text: "channels" },
      ...ticks.map(({ n, y }) => ({ x: x - 6, y: y + 4, text: count(n), anchor: "end" as const })),
    ],
  };
}
