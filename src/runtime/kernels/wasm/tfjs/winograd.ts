/** @file 3 × 3 convolution without a stride, and its gradients, by Winograd's algorithm, as programs. */
import type { Geometry } from "./geometry.ts";
import { inFours, inPlace, readInFours, writeInFours } from "./maps.ts";
import { Program, type Word } from "./program.ts";
import { columnsOf, planesOf } from "./scratch.ts";

/** Fewer channels than this are gathered faster than they are transformed. */
const FEWEST_CHANNELS = 8;

export function suits(g: Geometry): boolean {
  const sides = [g.filterHeight, g.filterWidth];
  const steps = [g.strideHeight, g.strideWidth, g.dilationHeight, g.dilationWidth];
  return (
    sides.every((side) => side === 3) &&
    steps.every((step) => step === 1) &&
    Math.min(g.inChannels, g.outChannels) >= FEWEST_CHANNELS
  );
}

/** Bytes of a block's transforms that stay in a core's second cache. */
const BLOCK_BYTES = 256 * 1024;
const TILES = { least: 16, most: 128, manyChannels: 64 };
/** Products of channels from which on the weights are what is read, and larger blocks pay. */
const MANY_CHANNELS = 32768;
/** The smallest map's side for which a tile of 4 × 4 outputs does not go to waste. */
const LEAST_LARGE_SIDE = 3;

/**
 * For gradients F(4×4), 1.4 times as fast, costs a digit that nothing in training notices. A forward pass
 * goes on answering to 1e-5 what it answered before, so it stays with F(2×2).
 */
const gradientVariant = (height: number, width: number): 2 | 4 =>
  Math.min(height, width) >= LEAST_LARGE_SIDE ? 4 : 2;

/** How many tiles are worked on at a time. */
function tilesOf(variant: number, channels: number, filters: number): number {
  const fitting = BLOCK_BYTES / (planesOf(variant) * (channels + columnsOf(filters)) * 4);
  const usual = Math.min(TILES.most, Math.max(TILES.least, Math.floor(fitting)));
  const tiles = channels * filters >= MANY_CHANNELS ? TILES.manyChannels : usual;
  return Math.ceil(tiles / 4) * 4;
}

/** Floats between planes: not a power of two, or all planes would fight for the same cache lines. */
const planeStrideOf = (rows: number, columns: number): number => rows * columnsOf(columns) + 16;

/** Fewer pixels than this are not worth transforming the weights, which TensorFlow.js keeps packed. */
const FEWEST_PIXELS = 64;

/** Whether forward is faster than the kernel that TensorFlow.js has. */
export function suitsForward(g: Geometry): boolean {
  return suits(g) && g.batchSize * g.outHeight * g.outWidth >= FEWEST_PIXELS;
}

/** What both directions leave out: nothing is accumulated, counted, or transformed on the way. */
const PLAIN = { accumulate: 0, partials: 0, turned: 0 };

/** What follows a convolution's products on their way into the map. */
export interface Epilogue {
  /** Address of a value for each filter; 0 without. */
  readonly bias: number;
  readonly activation: number;
}

/** A bias as kernels read it, with zeros up to a multiple of 8. */
function biasOf(program: Program, cout: number, from: number): Word {
  if (from === 0) return 0;
  const bias = program.floats(columnsOf(cout));
  program.emit("padBias", { cout, from, bias });
  return bias;
}

/** y = act(x ∗ w + bias). */
export function forward(
  g: Geometry,
  { x, w, y }: Readonly<Record<"x" | "w" | "y", number>>,
  { bias, activation }: Epilogue,
): Program {
  const program = new Program(g.batchSize);
  const [cin, cout] = [g.inChannels, g.outChannels];
  const epilogue = { bias: biasOf(program, cout, bias), activation };
  const source = readInFours(program, x, g.inHeight * g.inWidth, cin);
  const [variant, tiles] = [2, tilesOf(2, source.stride, cout)];
  const planeStride = planeStrideOf(source.stride, cout);
  const u = program.floats(planesOf(variant) * planeStride);
  const common = { w, cin, cout, cinMap: program.table(inPlace(cin)), u, planeStride, variant };
  program.emit("packWinograd", { ...common, cinPhysical: source.stride, scale: 0 });
  writeInFours(program, y, g.outHeight * g.outWidth, cout, (to) => {
    program.emit("winograd", {
      ...PLAIN,
      ...common,
      ...epilogue,
      x: source.at,
      xStride: source.stride,
      height: g.inHeight,
      width: g.inWidth,
      channels: source.stride,
      padTop: g.padInfo.top,
      padLeft: g.padInfo.left,
      rows: g.outHeight,
      columns: g.outWidth,
      y: to.at,
      yStride: to.stride,
      filters: to.stride,
      tiles,
    });
  });
  return program;
}

export function inputGradient(
  program: Program,
  g: Geometry,
  { dy, w, dx }: Readonly<Record<"dy" | "w" | "dx", number>>,
): void {
  const [cin, cout] = [g.inChannels, g.outChannels];
  const source = readInFours(program, dy, g.outHeight * g.outWidth, cout);
  const cinPhysical = inFours(cin);
  const variant = gradientVariant(g.inHeight, g.inWidth);
  const tiles = tilesOf(variant, source.stride, cinPhysical);
  const planeStride = planeStrideOf(source.stride, cinPhysical);
  const u = program.floats(planesOf(variant) * planeStride);
  const common = { w, cin, cout, cinMap: program.table(inPlace(cin)), u, planeStride, variant };
  program.emit("packWinogradTransposed", { ...common, cinPhysical, coutPhysical: source.stride });
  writeInFours(program, dx, g.inHeight * g.inWidth, cin, (to) => {
    program.emit("winograd", {
      ...PLAIN,
      ...common,
      turned: 1,
      bias: 0,
      activation: 0,
      x: source.at,
      xStride: source.stride,
      height: g.outHeight,
      width: g.outWidth,
      channels: source.stride,
      // dx[i] = Σ dy[i + pad − k]·w[k]: the window turned around starts 2 − pad before the pixel.
      padTop: 2 - g.padInfo.top,
      padLeft: 2 - g.padInfo.left,
      rows: g.inHeight,
      columns: g.inWidth,
      y: to.at,
      yStride: to.stride,
      filters: to.stride,
      tiles,
    });
  });
}

export function filterGradient(
  program: Program,
  g: Geometry,
  { x, dy, dw }: Readonly<Record<"x" | "dy" | "dw", number>>,
): void {
  const [cin, cout] = [g.inChannels, g.outChannels];
  const source = readInFours(program, x, g.inHeight * g.inWidth, cin);
  const output = readInFours(program, dy, g.outHeight * g.outWidth, cout);
  const variant = gradientVariant(g.outHeight, g.outWidth);
  const tiles = tilesOf(variant, source.stride, cout);
  const planeStride = planeStrideOf(source.stride, cout);
  const common = { channels: source.stride, sumsStride: 0, planeStride, variant };
  const sums = program.floats(planesOf(variant) * planeStride);
  program.emit("winogradGradient", {
    ...common,
    x: source.at,
    xStride: source.stride,
    height: g.inHeight,
    width: g.inWidth,
    padTop: g.padInfo.top,
    padLeft: g.padInfo.left,
    rows: g.outHeight,
    columns: g.outWidth,
    dy: output.at,
    dyStride: output.stride,
    filters: output.stride,
    sums,
    tiles,
  });
  program.emit("reduceWinogradGradient", {
    ...common,
    sums,
    cin,
    cinMap: program.table(inPlace(cin)),
    cout,
    gradient: dw,
  });
}
