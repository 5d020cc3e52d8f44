/**
 * @file A chart that the page paints on a canvas, as an SVG file of its own: bars with the hatch of what is
 * removed, lines and words, on the page's own ground and in the theme that the page has now.
 */
import type { Bars, Rect } from "./bars.ts";
import type { Palette } from "./ink.ts";

export interface DrawnLine {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  /** Which of the palette's colours. */
  readonly color: "ink" | "half" | "line";
}

export interface DrawnText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor?: "middle" | "end";
  readonly isStrong?: boolean;
}

/** A filled rectangle, more or less dark. */
export interface DrawnCell extends Rect {
  readonly color: "ink" | "amber";
  /** In 0…1. */
  readonly shade: number;
}

/** CSS pixels throughout. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly bars: readonly Bars[];
  readonly cells?: readonly DrawnCell[];
  readonly lines: readonly DrawnLine[];
  readonly texts: readonly DrawnText[];
}

/** Around the drawing. */
const MARGIN = 12;

export function writeDrawing(drawing: Drawing, palette: Palette): string {
  const { width, height, bars, cells = [], lines, texts } = drawing;
  const [w, h] = [width + 2 * MARGIN, height + 2 * MARGIN];
  const { paper, ink, ink2, leaf, clay, claySoft } = palette;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(w)}" height="${n(h)}" viewBox="${-MARGIN} ${-MARGIN} ${n(w)} ${n(h)}" font-family="system-ui, sans-serif" font-size="12">`,
    `<defs><pattern id="removed" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="${claySoft}"/><path d="M-1 6L6 -1M-1 1L1 -1M4 6L6 4" stroke="${clay}" stroke-width="1.1"/></pattern></defs>`,
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${n(w)}" height="${n(h)}" fill="${paper}"/>`,
    ...cells
      .filter(({ shade }) => shade > 0)
      .map((one) => `${rect(one)} fill="${palette[one.color]}" fill-opacity="${n(one.shade)}"/>`),
    ...bars.flatMap(({ kept, removed }) => [
      ...removed.map(
        (one) => `${rect(one)} fill="url(#removed)" stroke="${clay}" stroke-width="0.9"/>`,
      ),
      ...kept.map((one) => `${rect(one)} fill="${leaf}"/>`),
    ]),
    ...lines.map(
      ({ from, to, color }) =>
        `<line x1="${n(from[0])}" y1="${n(from[1])}" x2="${n(to[0])}" y2="${n(to[1])}" stroke="${palette[color]}" stroke-width="${color === "ink" ? 1.5 : 1}"/>`,
    ),
    ...texts.map(
      ({ x, y, text, anchor = "start", isStrong = false }) =>
        `<text x="${n(x)}" y="${n(y)}" text-anchor="${anchor}" fill="${isStrong ? ink : ink2}"${isStrong ? ' font-weight="600"' : ""}>${escaped(text)}</text>`,
    ),
    "</svg>\n",
  ];
  return parts.join("\n");
}

function rect({ x, y, width, height }: Rect): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"`;
}

const n = (value: number): string => String(Number(value.toFixed(2)));

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
