/** @file The painter in a real worker: what is shown is the newest view, in the screen's pixels. */
import { afterEach, expect, test } from "vitest";
import type { Palette } from "../charts/ink.ts";
import { layoutColumns, layoutRows } from "../charts/row-layout.ts";
import { scaleTrellis } from "../charts/trellis-geometry.ts";
import { ZOOM_LINE, zoomRow } from "../charts/zoomed-row.ts";
import { SheetBrush, type Picture } from "./sheet-brush.ts";
import { SheetPainter } from "./sheet-painter.ts";
import type { SheetScene, SheetView } from "./sheet-scene.ts";

const LEAF = [0, 128, 0];
const INK = [0, 0, 0];
const INK_2 = [68, 68, 68];
const PALETTE: Palette = {
  ink: "#000",
  ink2: "#444",
  half: "#888",
  line: "#eee",
  sheet: "#fff",
  paper: "#fff",
  row: "#eee",
  leaf: `rgb(${LEAF.join(" ")})`,
  leafLow: "#8d8",
  leafHigh: "#040",
  clay: "#a40",
  claySoft: "#fed",
  amber: "#a80",
  dpr: 2,
};
const COLUMNS = layoutColumns(800, 5, 96);
const SCALE = scaleTrellis({
  widest: 8,
  halfWidth: COLUMNS.wires.width / 2,
  rowHeight: 34,
  scores: [0.3, 1],
});
const SCENE: SheetScene = {
  lines: [
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
  scale: SCALE,
  band: SCALE,
  zoom: null,
  palette: PALETTE,
  floor: 1,
};
const view = (kept: number): SheetView => ({
  from: 0,
  to: 34,
  width: 824,
  kept: Int32Array.of(kept),
  hovered: null,
  own: null,
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

/** Pixels of a colour in a column. */
function countIn(
  { bitmap }: Picture,
  { x, width }: { readonly x: number; readonly width: number },
  color: readonly number[],
): number {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const pen = canvas.getContext("2d");
  pen?.drawImage(bitmap, 0, 0);
  const { data } = pen?.getImageData((12 + x) * 2, 0, width * 2, bitmap.height) ?? { data: [] };
  let found = 0;
  for (let i = 0; i < data.length; i += 4) {
    // What is not painted at all is black too.
    if (data[i + 3] === 255 && color.every((value, c) => data[i + c] === value)) found++;
  }
  return found;
}

/** Green pixels in the column of bars. */
const greenOf = (picture: Picture): number =>
  countIn(picture, COLUMNS.bar ?? { x: 0, width: 0 }, LEAF);

/** A picture that needs no worker. */
function paintHere(scene: SheetScene, seen: SheetView): Picture {
  return new SheetBrush().paint({ scene, view: seen });
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

test("fills a leaf of a high score in the deep tone, and one of a low score in the pale one", () => {
  const [line] = SCENE.lines;
  if (line === undefined) throw new Error("no row");
  const scores = (score: number): SheetScene => ({
    ...SCENE,
    lines: [{ ...line, scores: new Float64Array(8).fill(score) }],
  });
  const [deep, pale] = [
    [0, 68, 0],
    [136, 221, 136],
  ];
  const seen = [1, 0.3].map((score) => {
    const picture = paintHere(scores(score), view(8));
    return [deep ?? [], pale ?? []].map((color) => countIn(picture, COLUMNS.wires, color) > 20);
  });
  expect(seen).toEqual([
    [true, false],
    [false, true],
  ]);
});

test("rings a marked leaf in ink, and no other", () => {
  const [plain, marked] = [[], [{ layer: 0, rank: 6, joints: [] }]].map((marks) =>
    countIn(paintHere(SCENE, { ...view(8), marked: marks }), COLUMNS.wires, INK),
  );
  // A ring of 5 pixels' radius and the leaf within, at two screen pixels each.
  expect((marked ?? 0) - (plain ?? 0)).toBeGreaterThan(60);
  const elsewhere = { ...view(8), marked: [{ layer: 1, rank: 6, joints: [] }] };
  expect(countIn(paintHere(SCENE, elsewhere), COLUMNS.wires, INK)).toBe(plain);
});

test("draws a stream from where it forks to where it joins, and marks the join of what is marked", () => {
  const stream = {
    kind: "sum",
    opens: true,
    closes: true,
    comesOn: false,
    goesOn: false,
    join: "add",
    channels: [8, 8],
  } as const;
  const beside = { x: COLUMNS.wires.x + COLUMNS.wires.width / 2 + 4, width: 6 };
  const scene = { ...SCENE, streams: [stream] };
  const middle = { ...view(0), from: 10, to: 24 };
  const [none, some] = [SCENE, scene].map((one) => countIn(paintHere(one, middle), beside, INK_2));
  expect([none, (some ?? 0) > 20]).toEqual([0, true]);
  const trunk = { x: beside.x - 8, width: 8 };
  const whole = { ...view(0), to: 40 };
  const joined = { ...whole, marked: [{ layer: 5, rank: 0, joints: ["add"] }] };
  const [open, filled] = [whole, joined].map((one) => countIn(paintHere(scene, one), trunk, INK));
  expect(filled ?? 0).toBeGreaterThan(open ?? 0);
});

test("paints a folded stage as one row of all its channels", () => {
  const [line] = SCENE.lines;
  if (line === undefined) throw new Error("no row");
  const both = { ...line, of: 16, scores: Float64Array.from([...line.scores, ...line.scores]) };
  const scene = { ...SCENE, lines: [both], rows: layoutRows([32, 32], new Set([0])) };
  const cut = { ...view(8), kept: Int32Array.of(2, 6) };
  const [whole, half] = [{ ...cut, kept: null }, cut].map((one) => greenOf(paintHere(scene, one)));
  expect((half ?? 0) / (whole ?? 1)).toBeCloseTo(0.5, 1);
});

test("draws what is left of a cut layer beside an outline of what it was", () => {
  const [line] = SCENE.lines;
  if (line === undefined) throw new Error("no row");
  const { x, width } = COLUMNS.bar ?? { x: 0, width: 0 };
  const gone = { x: x + width * 0.6, width: width * 0.3 };
  const half = [136, 136, 136];
  const [whole, left] = [0, 16].map((former) => {
    const picture = paintHere({ ...SCENE, lines: [{ ...line, former }] }, view(8));
    return [greenOf(picture), countIn(picture, gone, half)] as const;
  });
  expect((left?.[0] ?? 0) / (whole?.[0] ?? 1)).toBeCloseTo(0.5, 1);
  expect([whole?.[1], (left?.[1] ?? 0) > 50]).toEqual([0, true]);
});

test("paints a grown row's channels on lines of their own, and rings a channel on its line", () => {
  const [line] = SCENE.lines;
  if (line === undefined) throw new Error("no row");
  const of = 200;
  const zoom = { layer: 0, ...zoomRow(of, COLUMNS.wires.width / 2, SCALE) };
  const lines = [{ ...line, of, scores: new Float64Array(of).fill(0.9) }];
  const scene = { ...SCENE, lines, zoom, rows: layoutRows([32], new Set(), 0, zoom) };
  expect(zoom.lines).toBeGreaterThan(2);
  const second = { from: ZOOM_LINE, to: 2 * ZOOM_LINE, hovered: null };
  const seen = (kept: number, marks: SheetView["marked"] = []): Picture =>
    paintHere(scene, { ...view(kept), ...second, marked: marks });
  const clay = [170, 68, 0];
  const goes = [of, zoom.perLine].map((kept) => countIn(seen(kept), COLUMNS.wires, clay) > 100);
  expect(goes).toEqual([false, true]);
  const mark = (rank: number) => [{ layer: 0, rank, joints: [] }];
  const [none, there, elsewhere] = [[], mark(zoom.perLine + 3), mark(3)].map((marks) =>
    countIn(seen(of, marks), COLUMNS.wires, INK),
  );
  expect((there ?? 0) - (none ?? 0)).toBeGreaterThan(60);
  expect(elsewhere).toBe(none);
});

test("looks at no row that is out of sight", () => {
  const [line] = SCENE.lines;
  const looked = new Set<number>();
  const lines = new Proxy(
    Array.from({ length: 160 }, () => line),
    {
      get: (rows, name, receiver: unknown): unknown => {
        if (typeof name === "string" && /^\d+$/.test(name)) looked.add(Number(name));
        return Reflect.get(rows, name, receiver) as unknown;
      },
    },
  ) as SheetScene["lines"];
  const rows = layoutRows(Array.from({ length: 160 }, () => 32));
  const from = rows.rows[40]?.top ?? 0;
  const seen = { ...view(8), kept: null, from, to: from + 10 * 22 - 1 };
  paintHere({ ...SCENE, lines, rows, streams: Array.from({ length: 160 }, () => null) }, seen);
  expect([...looked].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 10 }, (_, i) => 40 + i),
  );
});
