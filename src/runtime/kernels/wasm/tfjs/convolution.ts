/**
 * @file The two gradients of convolution as programs: by gathering rows and multiplying, or for 3 × 3
 * without a stride by Winograd's algorithm in `winograd.ts`. Addresses are those of tensors.
 */
import type { Engine } from "./engine.ts";
import type { Geometry } from "./geometry.ts";
import { inPlace, writeInFours } from "./maps.ts";
import { Program, type Word } from "./program.ts";
import { columnsOf } from "./scratch.ts";
import * as winograd from "./winograd.ts";

const tapsOf = (g: Geometry): number => g.filterHeight * g.filterWidth;

/** The source pixel of each tap, beside the one of the window's corner: y, x, y, x, … */
function offsetsOf(g: Geometry): number[] {
  const offsets: number[] = [];
  for (let ky = 0; ky < g.filterHeight; ky++) {
    for (let kx = 0; kx < g.filterWidth; kx++) {
      offsets.push(ky * g.dilationHeight - g.padInfo.top, kx * g.dilationWidth - g.padInfo.left);
    }
  }
  return offsets;
}

/** The words that say what rows are gathered from x. */
function sourceOf(program: Program, g: Geometry, x: number) {
  return {
    x,
    xStride: g.inChannels,
    height: g.inHeight,
    width: g.inWidth,
    channels: g.inChannels,
    taps: tapsOf(g),
    offsets: program.table(offsetsOf(g)),
    strideY: g.strideHeight,
    strideX: g.strideWidth,
    rows: g.outHeight,
    columns: g.outWidth,
  };
}

/** dW[ky, kx, ci, co] = Σ x[n, i·s + ky − p, j·s + kx − p, ci] · dy[n, i, j, co]. */
export function filterGradient(
  engine: Engine,
  g: Geometry,
  { x, dy, dw }: Readonly<Record<"x" | "dy" | "dw", number>>,
): Program {
  const program = new Program(g.batchSize);
  if (winograd.suits(g)) {
    winograd.filterGradient(program, g, { x, dy, dw });
    return program;
  }
  const [cin, cout, taps] = [g.inChannels, g.outChannels, tapsOf(g)];
  const size = g.batchSize * g.outHeight * g.outWidth * cout;
  const sums = program.floats(taps * cin * columnsOf(cout));
  program.emit("convGemmGradient", {
    ...sourceOf(program, g, x),
    dy: readableBehind(engine, program, dy, size),
    dyStride: cout,
    filters: cout,
    sums,
    sumsStride: 0,
  });
  program.emit("reduceGemmGradient", {
    sums,
    sumsStride: 0,
    taps,
    channels: cin,
    cin,
    cinMap: program.table(inPlace(cin)),
    filters: cout,
    gradient: dw,
    rowStride: cout,
  });
  return program;
}

/** The same values where reading a vector beyond their end is allowed. */
function readableBehind(engine: Engine, program: Program, from: number, count: number): Word {
  if (engine.isReadableBehind(from + count * 4)) return from;
  const to = program.floats(count);
  program.emit("copy", { from, to, count });
  return to;
}

/** Pixels with the same remainder by the stride: `first`, then each `stride` further. */
interface Phase {
  readonly first: number;
  readonly count: number;
  /** The taps that meet them, and the window whose tap meets the first. */
  readonly taps: readonly { readonly tap: number; readonly window: number }[];
}

/**
 * Pixel p meets tap k of window (p + pad − k) / stride where that is whole, so that the pixels of one
 * remainder have the same taps and together are a convolution of dy without a stride.
 */
function phasesOf(size: number, stride: number, pad: number, pixels: number): Phase[] {
  return Array.from({ length: Math.min(stride, pixels) }, (_, first) => ({
    first,
    count: Math.ceil((pixels - first) / stride),
    taps: inPlace(size)
      .filter((tap) => (first + pad - tap) % stride === 0)
      .map((tap) => ({ tap, window: (first + pad - tap) / stride })),
  }));
}

/** dx: every pixel sums over the windows and taps that met it. */
export function inputGradient(
  g: Geometry,
  addresses: Readonly<Record<"dy" | "w" | "dx", number>>,
): Program {
  const program = new Program(g.batchSize);
  if (winograd.suits(g)) {
    winograd.inputGradient(program, g, addresses);
    return program;
  }
  const { dy, w, dx } = addresses;
  const cinMap = program.table(inPlace(g.inChannels));
  const vertical = phasesOf(g.filterHeight, g.strideHeight, g.padInfo.top, g.inHeight);
  const horizontal = phasesOf(g.filterWidth, g.strideWidth, g.padInfo.left, g.inWidth);
  writeInFours(program, dx, g.inHeight * g.inWidth, g.inChannels, (to) => {
    for (const rows of vertical) {
      for (const columns of horizontal) {
        const panels = turnedPanels(program, g, w, cinMap, rows, columns);
        const offsets = rows.taps.flatMap((y) => columns.taps.flatMap((x) => [y.window, x.window]));
        program.emit("convGemm", {
          x: dy,
          xStride: g.outChannels,
          height: g.outHeight,
          width: g.outWidth,
          channels: g.outChannels,
          // None: pixels that no window sees, which become zero.
          taps: offsets.length / 2,
          offsets: program.table(offsets),
          strideY: 1,
          strideX: 1,
          rows: rows.count,
          columns: columns.count,
          y: to.at,
          yStride: to.stride,
          yHeight: g.inHeight,
          yWidth: g.inWidth,
          yTop: rows.first,
          yLeft: columns.first,
          yStepY: g.strideHeight,
          yStepX: g.strideWidth,
          filters: g.inChannels,
          panels,
          bias: 0,
          activation: 0,
          accumulate: 0,
          partials: 0,
        });
      }
    }
  });
  return program;
}

/** The weights of one phase's taps, input and output exchanged. */
function turnedPanels(
  program: Program,
  g: Geometry,
  w: number,
  cinMap: Word,
  rows: Phase,
  columns: Phase,
): Word {
  const tapList = rows.taps.flatMap((y) => columns.taps.map((x) => y.tap * g.filterWidth + x.tap));
  if (tapList.length === 0) return 0;
  const panels = program.floats(columnsOf(g.inChannels) * tapList.length * g.outChannels);
  program.emit("packGemmTransposed", {
    w,
    tapList: program.table(tapList),
    taps: tapList.length,
    cin: g.inChannels,
    cout: g.outChannels,
    rowStride: g.outChannels,
    cinMap,
    cinPhysical: g.inChannels,
    coutPhysical: g.outChannels,
    panels,
  });
  return panels;
}
