/** @file A grown row has every channel once, where it can be pointed at. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { layoutRows } from "./row-layout.ts";
import { leafLength, middleOf, scaleTrellis } from "./trellis-geometry.ts";
import { hitZoomed, lineOf, placeZoomed, ZOOM_LINE, zoomRow } from "./zoomed-row.ts";

const halfWidths = fc.integer({ min: 40, max: 500 });
const channels = fc.integer({ min: 1, max: 2048 });

it("finds each channel again where its leaf is, and stays within the wire", () => {
  fc.assert(
    fc.property(channels, halfWidths, fc.nat(), (of, halfWidth, nth) => {
      const coarse = scaleTrellis({ widest: of, halfWidth, rowHeight: 22, scores: [0.01, 1] });
      const zoom = zoomRow(of, halfWidth, coarse);
      const rank = nth % of;
      const { line, index } = placeZoomed(rank, zoom);
      const middle = middleOf(index, leafLength(1, zoom.scale), zoom.scale);
      const at = { x: middle.x, y: middle.y + (line + 0.5) * ZOOM_LINE };
      expect(hitZoomed(at, of, zoom)).toBe(rank);
      if (halfWidth > 60) expect(Math.abs(at.x)).toBeLessThanOrEqual(halfWidth);
      expect(Math.abs(middle.y)).toBeLessThan(ZOOM_LINE / 2);
    }),
  );
});

it("has every channel on one line", () => {
  fc.assert(
    fc.property(channels, halfWidths, (of, halfWidth) => {
      const coarse = scaleTrellis({ widest: of, halfWidth, rowHeight: 34, scores: [0, 1] });
      const zoom = zoomRow(of, halfWidth, coarse);
      const lines = Array.from({ length: zoom.lines }, (_, line) => lineOf(line, of, zoom));
      expect(lines.flatMap(([first, end]) => end - first).every((n) => n > 0)).toBe(true);
      expect(lines.reduce((sum, [first, end]) => sum + end - first, 0)).toBe(of);
    }),
  );
});

it("grows one row and moves the rows below it, which keep their height", () => {
  const resolutions = [32, 32, 16, 16];
  const plain = layoutRows(resolutions);
  const grown = layoutRows(resolutions, new Set(), 0, { layer: 1, lines: 3 });
  const heights = (rows: typeof plain) => rows.rows.map(({ height }) => height);
  expect(heights(grown)).toEqual(heights(plain).map((h, i) => (i === 1 ? 3 * ZOOM_LINE : h)));
  expect(grown.height - plain.height).toBe(3 * ZOOM_LINE - (plain.rows[1]?.height ?? 0));
  // A folded stage has no row of the layer's own.
  expect(layoutRows(resolutions, new Set([0]), 0, { layer: 1, lines: 3 })).toEqual(
    layoutRows(resolutions, new Set([0])),
  );
});
