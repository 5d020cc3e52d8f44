/**
 * @file The tokens' colours for canvases: a palette is read from the page once per theme, and ink, which
 * has the hatch for what is removed, is mixed from it wherever there is something to draw on.
 */

/** A 2D context, on the page or off it. */
export type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Plain, so that it can be sent to a worker. */
export interface Palette {
  readonly ink: string;
  readonly ink2: string;
  readonly half: string;
  readonly line: string;
  readonly sheet: string;
  readonly paper: string;
  readonly row: string;
  readonly leaf: string;
  /** The leaf of the lowest score and of the highest one. */
  readonly leafLow: string;
  readonly leafHigh: string;
  readonly clay: string;
  readonly claySoft: string;
  readonly amber: string;
  /** Screen pixels in a CSS pixel. */
  readonly dpr: number;
}

export interface Ink extends Palette {
  /** Clay lines on soft clay, for one device pixel ratio. */
  readonly hatch: CanvasPattern | string;
  /** Leaves by score, from the lowest up. */
  readonly leaves: readonly string[];
}

/** So many greens as an eye tells apart on leaves of this size. */
export const LEAF_TONES = 8;

/** One hue at even steps of lightness, in words that a style sheet and a canvas both take. */
export function leafTones(low: string, high: string): readonly string[] {
  return Array.from(
    { length: LEAF_TONES },
    (_, i) => `color-mix(in oklab, ${high} ${Math.round((100 * i) / (LEAF_TONES - 1))}%, ${low})`,
  );
}

const palettes = new Map<string, Palette>();

/** The colours of the theme that the page has now; the same object for the same theme. */
export function readPalette(): Palette {
  const root = document.documentElement;
  const dpr = window.devicePixelRatio || 1;
  const theme = `${root.dataset["mantineColorScheme"] ?? ""} ${dpr}`;
  const known = palettes.get(theme);
  if (known !== undefined) return known;
  const style = getComputedStyle(root);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const palette: Palette = {
    ink: color("ink"),
    ink2: color("ink-2"),
    half: color("half"),
    line: color("line"),
    sheet: color("sheet"),
    paper: color("paper"),
    row: color("row"),
    leaf: color("leaf"),
    leafLow: color("leaf-low"),
    leafHigh: color("leaf-high"),
    clay: color("clay"),
    claySoft: color("clay-soft"),
    amber: color("amber"),
    dpr,
  };
  palettes.set(theme, palette);
  return palette;
}

const inks = new WeakMap<Palette, Ink>();

export function mixInk(palette: Palette): Ink {
  const known = inks.get(palette);
  if (known !== undefined) return known;
  const { clay, claySoft, leafLow, leafHigh, dpr } = palette;
  const hatch = makeHatch(clay, claySoft, dpr);
  const ink: Ink = { ...palette, hatch, leaves: leafTones(leafLow, leafHigh) };
  inks.set(palette, ink);
  return ink;
}

/** Ink in the colours of the theme that the page has now. */
export function readInk(): Ink {
  return mixInk(readPalette());
}

/** Spacing of the hatch's lines along the bar, CSS pixels. */
const HATCH_PITCH = 5;

function makeHatch(clay: string, soft: string, dpr: number): CanvasPattern | string {
  const side = Math.round(HATCH_PITCH * dpr);
  const tile = new OffscreenCanvas(side, side);
  // In memory: a few pixels are not worth the graphics card, which takes milliseconds to begin with.
  const ctx = tile.getContext("2d", { willReadFrequently: true });
  if (ctx === null) return soft;
  ctx.fillStyle = soft;
  ctx.fillRect(0, 0, side, side);
  ctx.strokeStyle = clay;
  ctx.lineWidth = 1.1 * dpr;
  ctx.beginPath();
  for (const shift of [-side, 0, side]) {
    ctx.moveTo(shift - 1, side + 1);
    ctx.lineTo(shift + side + 1, -1);
  }
  ctx.stroke();
  const pattern = ctx.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / dpr));
  return pattern ?? soft;
}

/** Sizes a canvas for the screen's pixels and clears it. @returns a context in CSS pixels */
export function beginPaint(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const dpr = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * dpr), Math.round(height * dpr)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const ctx = canvas.getContext("2d");
  if (ctx === null) return null;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return ctx;
}

/** What a context says of a font that it was given. */
const fonts = new Map<string, string>();

/** Sets a context's font only when it has another: setting it resolves the faces anew, even the same ones. */
export function setFont(ctx: Pen, font: string): void {
  if (ctx.font === fonts.get(font)) return;
  ctx.font = font;
  fonts.set(font, ctx.font);
}
