/** @file One repaint of the sheet: the rows in sight, from the highlight to the curves. Needs no page. */
import { drawBar, drawCurve, drawCurveToCome, drawTick } from "../charts/draw-rows.ts";
import { drawMarks, drawTrellis, type Wire } from "../charts/draw-trellis.ts";
import { drawStreams, type Beside } from "../charts/draw-streams.ts";
import { mixInk, type Pen } from "../charts/ink.ts";
import { isFolded, rowsWithin, type SheetRow } from "../charts/row-layout.ts";
import { lineOf, ZOOM_LINE, type ZoomedRow } from "../charts/zoomed-row.ts";
import type { SheetScene, SheetView } from "./sheet-scene.ts";

/** The drawing reaches this far over the rows on either side, for the highlight's ends. */
export const OVERHANG = 12;
/** The trunk reaches this far above and below the rows. */
export const TRUNK_ENDS = 16;

/** @param pen — of a surface of the view's size, in CSS pixels, clear */
export function paintSheet(pen: Pen, scene: SheetScene, view: SheetView): void {
  const { lines, rows, columns, scale, band: bandScale, floor } = scene;
  const ink = mixInk(scene.palette);
  const [first, end] = rowsWithin(rows, view.from, view.to);
  pen.translate(OVERHANG, -view.from);
  const x = columns.wires.x + columns.wires.width / 2;
  const band = view.hovered === null ? undefined : rows.rows[view.hovered];
  if (band !== undefined) {
    pen.fillStyle = ink.row;
    pen.beginPath();
    pen.roundRect(-OVERHANG, band.top, view.width, band.height, 6);
    pen.fill();
  }
  const wires: Wire[] = [];
  for (let i = first; i < end; i++) {
    const [line, row] = [lines[i], rows.rows[i]];
    if (line === undefined || row === undefined) continue;
    const y = row.top + row.line / 2;
    const kept = keptIn(row, view.kept) ?? line.of;
    const { scores, former } = line;
    if (isFolded(row)) wires.push({ y, scores, kept, former, scale: bandScale });
    else {
      const marks = view.marked.filter(({ layer }) => layer === row.first);
      const marked = marks.flatMap(({ rank }) => rank ?? []);
      const wire = { y, scores, kept, former, marked };
      if (scene.zoom?.layer === row.first) wires.push(...linesOf(wire, scene.zoom));
      else wires.push(wire);
    }
    const { bar, curve } = columns;
    if (bar !== null) {
      drawBar(pen, { kept, of: line.of, former }, { ...bar, y, ink });
      const own = keptIn(row, view.own) ?? kept;
      const whole = Math.max(line.of, former);
      if (own !== kept) drawTick(pen, bar.x + (own / whole) * bar.width, y, ink);
    }
    if (curve !== null && !isFolded(row)) {
      const place = { ...curve, y, height: row.line, floor, ink };
      if (line.curve === null) drawCurveToCome(pen, place);
      else drawCurve(pen, line.curve, place);
    }
  }
  const frame = { x, halfWidth: columns.wires.width / 2, scale, ink };
  drawTrellis(pen, wires, frame);
  for (const wire of wires) drawMarks(pen, wire, frame);
  pen.fillStyle = ink.ink;
  pen.fillRect(x - 1, -TRUNK_ENDS, 2, rows.height + 2 * TRUNK_ENDS);
  drawStreams(pen, besideOf(scene, view, [first, end]), { x, most: widestOf(scene), ink });
}

/** A grown row's wire, line by line. */
function linesOf(wire: Wire, zoom: ZoomedRow): readonly Wire[] {
  const { scores, kept, marked = [] } = wire;
  return Array.from({ length: zoom.lines }, (_, line) => {
    const [first, end] = lineOf(line, scores.length, zoom);
    return {
      y: wire.y + line * ZOOM_LINE,
      scores: scores.subarray(first, end),
      kept: Math.min(end, Math.max(first, kept)) - first,
      // What is gone stands on no line of its own.
      former: 0,
      marked: marked.filter((rank) => rank >= first && rank < end).map((rank) => rank - first),
      scale: zoom.scale,
    };
  });
}

/** Channels that stay in the layers of a row; nothing where all do. */
function keptIn({ first, end }: SheetRow, kept: Int32Array | null): number | undefined {
  return kept?.subarray(first, end).reduce((sum, n) => sum + n, 0);
}

/** The streams beside the rows in sight, and beside the row above, whose join may still show. */
function besideOf(
  { streams, rows }: SheetScene,
  { marked }: SheetView,
  [first, end]: readonly [number, number],
): readonly Beside[] {
  const joints = new Set(marked.flatMap((mark) => mark.joints));
  const beside: Beside[] = [];
  for (let i = Math.max(0, first - 1); i < end; i++) {
    const [stream, row, next] = [streams[i], rows.rows[i], rows.rows[i + 1]];
    if (!stream || row === undefined) continue;
    const bottom = next?.top ?? row.top + row.height;
    beside.push({ stream, top: row.top, bottom, isMarked: joints.has(stream.join) });
  }
  return beside;
}

const widest = new WeakMap<SheetScene, number>();

/** Channels of the widest stream, counted once a scene. */
function widestOf(scene: SheetScene): number {
  const known = widest.get(scene);
  if (known !== undefined) return known;
  const most = scene.streams.reduce(
    (large, stream) => Math.max(large, stream?.channels[1] ?? 0),
    1,
  );
  widest.set(scene, most);
  return most;
}
