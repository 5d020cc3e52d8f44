/** @file 3 × 3 convolution without a stride, by Winograd's algorithm; see `winograd`. */
import type { Window } from "../../../model/index.ts";
import { ACTIVATIONS } from "../instructions.ts";
import { padded } from "../layout.ts";
import type { Word } from "../listing.ts";
import { panelsOf, type Method } from "./task.ts";

/** True when a convolution can be done this way. */
export function suitsWinograd({ size, stride }: Window): boolean {
  return size.every((side) => side === 3) && stride.every((step) => step === 1);
}

/** How a convolution is cut up. */
export interface Tiling {
  /** 2 for F(2×2), 4 for F(4×4). */
  readonly variant: 2 | 4;
  /** Tiles of a block. */
  readonly tiles: number;
  /** Transforms the weights on the way instead of beforehand, when they serve for one batch only. */
  readonly isDirect: boolean;
  /** One copy of the gradient's sums, each thread making its rows, instead of a copy for each. */
  readonly isShared: boolean;
}

/** Bytes of a block's transforms that stay in a core's second cache. */
const BLOCK_BYTES = 256 * 1024;
const TILES = { least: 16, most: 128, manyChannels: 64 };
/** The smallest map's side for which a tile of 4 × 4 outputs does not go to waste. */
const LEAST_LARGE_SIDE = 3;
/** Products of channels from which on the weights are what is read, and larger blocks pay. */
const MANY_CHANNELS = 32768;
/** Products of channels from which on planes of weights, or of their gradient, leave the cache. */
const HEAVY_CHANNELS = { weights: 65536, gradient: 16384 };
/** Most tiles that one thread transforms whole, to make the weights of its filters on the way. */
const FEW_TILES = 128;
/** Channels a thread must have for a share of the gradient's rows to be worth the tiles made twice. */
const CHANNELS_A_THREAD = 16;

/** What the choice depends on. */
export interface Size {
  /** Of the input, physical. */
  readonly channels: number;
  /** Of the output. */
  readonly filters: number;
  /** Of the output. */
  readonly height: number;
  readonly width: number;
  readonly batch: number;
  readonly threads: number;
}

/** Chooses the variant and the block; the figures are measured, see docs/performance.md. */
export function winogradTiles(size: Size): Tiling {
  const { channels, filters, height, width, batch, threads } = size;
  const variant = Math.min(height, width) >= LEAST_LARGE_SIDE ? 4 : 2;
  const all = batch * Math.ceil(height / variant) * Math.ceil(width / variant);
  const products = channels * filters;
  const isDirect = products >= HEAVY_CHANNELS.weights && all <= FEW_TILES;
  const isShared = products >= HEAVY_CHANNELS.gradient && channels >= CHANNELS_A_THREAD * threads;
  const columns = panelsOf(filters) * 8;
  const fitting = Math.floor(BLOCK_BYTES / (planesOf(variant) * (channels + columns) * 4));
  const usual = Math.min(TILES.most, Math.max(TILES.least, fitting));
  const tiles = isDirect ? all : products >= MANY_CHANNELS ? TILES.manyChannels : usual;
  return { variant, tiles: Math.ceil(tiles / 4) * 4, isDirect, isShared };
}

/** Planes of a transform. */
export function planesOf(variant: number): number {
  return variant === 4 ? 36 : 16;
}

/** Floats between planes: not a power of two, or all planes would fight for the same cache lines. */
function planeStrideOf(rows: number, columns: number): number {
  return rows * panelsOf(columns) * 8 + 16;
}

export const winograd: Method = {
  forward(context, task, { scale, bias, activation, partials }) {
    const { name, cin, cout, weights, x, y, window } = task;
    const { blocks, preparation, listing, batch, threads } = context;
    const channels = x.layout.physical;
    const { height, width } = y;
    const size = { channels, filters: cout, height, width, batch, threads };
    const { variant, tiles, isDirect } = winogradTiles(size);
    const planeStride = planeStrideOf(channels, cout);
    const cinMap = blocks.table(x.layout.map);
    let u: Word = 0;
    if (!isDirect || preparation !== listing) {
      u = context.prepared(`planes ${name}`, planesOf(variant) * planeStride * 4);
      const packed = { cin, cout, cinMap, cinPhysical: channels, planeStride, variant };
      preparation.emit("packWinograd", { w: weights, scale, u, ...packed });
    }
    listing.emit("winograd", {
      x: x.place,
      xStride: x.stride,
      height: x.height,
      width: x.width,
      channels,
      padTop: window.padding[0],
      padLeft: window.padding[2],
      rows: y.height,
      columns: y.width,
      y: y.place,
      yStride: y.stride,
      filters: padded(cout),
      u,
      planeStride,
      bias,
      activation: ACTIVATIONS[activation],
      accumulate: 0,
      partials,
      tiles,
      variant,
      w: weights,
      cin,
      cout,
      cinMap,
      turned: 0,
    });
  },

  inputGradient({ blocks, listing, batch, threads }, task, dy, dx, accumulate) {
    const { name, cin, cout, weights, window } = task;
    const coutPhysical = padded(cout);
    const cinPhysical = dx.layout.physical;
    const { height, width } = dx;
    const size = { channels: coutPhysical, filters: cinPhysical, height, width, batch, threads };
    const { variant, tiles, isDirect } = winogradTiles(size);
    const planeStride = planeStrideOf(coutPhysical, cinPhysical);
    const cinMap = blocks.table(dx.layout.map);
    let u: Word = 0;
    if (!isDirect) {
      u = blocks.passing(`turned planes ${name}`, planesOf(variant) * planeStride * 4);
      const packed = { cin, cout, cinMap, cinPhysical, coutPhysical, planeStride, variant };
      listing.emit("packWinogradTransposed", { w: weights, u, ...packed });
    }
    listing.emit("winograd", {
      x: dy.place,
      xStride: dy.stride,
      height: dy.height,
      width: dy.width,
      channels: coutPhysical,
      // dx[i] = Σ dy[i + pad − k]·w[k]: the window turned around starts 2 − pad before the pixel.
      padTop: 2 - window.padding[0],
      padLeft: 2 - window.padding[2],
      rows: dx.height,
      columns: dx.width,
      y: dx.place,
      yStride: dx.stride,
      filters: cinPhysical,
      u,
      planeStride,
      bias: 0,
      activation: ACTIVATIONS.linear,
      accumulate,
      partials: 0,
      tiles,
      variant,
      w: weights,
      cin,
      cout,
      cinMap,
      turned: 1,
    });
  },

  weightGradient({ blocks, listing, threads, batch }, task, dy, gradient) {
    const { name, cin, cout, x, window } = task;
    const channels = x.layout.physical;
    const { height, width } = dy;
    const size = { channels, filters: cout, height, width, batch, threads };
    const { variant, tiles, isShared } = winogradTiles(size);
    const planeStride = planeStrideOf(channels, cout);
    const copyBytes = planesOf(variant) * planeStride * 4;
    const sums = blocks.passing(`sums ${name}`, copyBytes * (isShared ? 1 : threads));
    // Bytes from one thread's sums to the next one's.
    const sumsStride = isShared ? 0 : copyBytes;
    listing.emit("winogradGradient", {
      x: x.place,
      xStride: x.stride,
      height: x.height,
      width: x.width,
      channels,
      padTop: window.padding[0],
      padLeft: window.padding[2],
      rows: dy.height,
      columns: dy.width,
      dy: dy.place,
      dyStride: dy.stride,
      filters: padded(cout),
      sums,
      sumsStride,
      planeStride,
      tiles,
      variant,
    });
    listing.emit("reduceWinogradGradient", {
      sums,
      sumsStride,
      planeStride,
      channels,
      cin,
      cinMap: blocks.table(x.layout.map),
      cout,
      gradient,
      variant,
    });
  },
};
