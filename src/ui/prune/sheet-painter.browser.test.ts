/** @file The painter in a real worker: what is shown is the newest view, in the screen's pixels. */
import { afterEach, expect, test } from "vitest";
import type { Palette } from "../charts/ink.ts";
import { layoutColumns, layoutRows } from "../charts/row-layout.ts";
import { scaleTrellis } from "../charts/trellis-geometry.ts";
import type { Picture } from "./sheet-brush.ts";
import { SheetPainter } from "./sheet-painter.ts";
import type { SheetScene, SheetView } from "./sheet-scene.ts";

const LEAF = [0, 128, 0];
const PALETTE: Palette = {
  ink: "#000",
  ink2: "#444",
  half: "#888",
  line: "#eee",
  sheet: "#fff",
  paper: "#fff",
  row: "#eee",
  leaf: `rgb(${LEAF.join(" ")})`,
  clay: "#a40",
  claySoft: "#fed",
  amber: "#a80",
  dpr: 2,
};
const COLUMNS = layoutColumns(800, 5, 96);
const SCENE: SheetScene = {
  layers: [
    {
      of: 8,
      scores: Float64Array.from({ length: 8 }, (_, i) => 1 - i / 10),
      former: 0,
      curve: null,
    },
  ],
  streams: [null],
  rows: layoutRows([32]),
  columns: COLUMNS,
  scale: scaleTrellis({
    widest: 8,
    halfWidth: COLUMNS.wires.width / 2,
    rowHeight: 34,
    scores: [0.3, 1],
  }),
  palette: PALETTE,
  floor: 1,
};
const view = (kept: number): SheetView => ({
  from: 0,
  to: 34,
  width: 824,
  kept: Int32Array.of(kept),
  hovered: null,
  marked: [],
});

let painter: SheetPainter | null = null;
afterEach(() => painter?.close());

/** Orders the views at once. @returns the pictures up to the last view's */
function paintAll(views: readonly SheetView[]): Promise<readonly Picture[]> {
  const pictures: Picture[] = [];
  return new Promise((resolve) => {
    painter = new SheetPainter((picture) => {
      pictures.push(picture);
      if (picture.view.kept?.[0] === views.at(-1)?.kept?.[0]) resolve(pictures);
    });
    for (const each of views) painter.paint(SCENE, each);
  });
}

/** Green pixels in the column of bars. */
function greenOf({ bitmap }: Picture): number {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const pen = canvas.getContext("2d");
  pen?.drawImage(bitmap, 0, 0);
  const { x, width } = COLUMNS.bar ?? { x: 0, width: 0 };
  const { data } = pen?.getImageData((12 + x) * 2, 0, width * 2, 68) ?? { data: [] };
  let green = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (LEAF.every((value, c) => data[i + c] === value)) green++;
  }
  return green;
}

test("skips the views that newer ones have overtaken, and ends at the newest", async () => {
  const pictures = await paintAll([8, 7, 6, 5, 4].map(view));
  expect(pictures.map(({ view: { kept } }) => kept?.[0])).toEqual([8, 4]);
  const [whole, half] = pictures.map(greenOf);
  expect(whole).toBeGreaterThan(0);
  expect((half ?? 0) / (whole ?? 1)).toBeCloseTo(0.5, 1);
});

test("paints in the screen's pixels", async () => {
  const [picture] = await paintAll([view(8)]);
  expect([picture?.bitmap.width, picture?.bitmap.height]).toEqual([1648, 68]);
});
