/** @file Pooling over windows of any size, with padding that counts for nothing. */
import { images, shareStart } from "./control";
import {
  averagePoolGradientWords,
  averagePoolWords,
  maxPoolGradientWords,
  maxPoolWords,
} from "./instructions.generated";
import { clearChannels, maximum } from "./simd";

/** First pixel of window `at` that is really there. */
// @ts-ignore: decorator
@inline
function windowStart(at: i32, stride: i32, pad: i32): i32 {
  return max(0, at * stride - pad);
}

/** First pixel behind window `at`, of `pixels` that are there. */
// @ts-ignore: decorator
@inline
function windowEnd(at: i32, stride: i32, pad: i32, kernel: i32, pixels: i32): i32 {
  return min(pixels, at * stride - pad + kernel);
}

export function maxPool(words: usize, thread: i32, threads: i32): void {
  const height = maxPoolWords.height(words);
  const width = maxPoolWords.width(words);
  const rows = maxPoolWords.rows(words);
  const columns = maxPoolWords.columns(words);
  const bytes = (<usize>maxPoolWords.channels(words)) << 2;
  const xStep = (<usize>maxPoolWords.xStride(words)) << 2;
  const yStep = (<usize>maxPoolWords.yStride(words)) << 2;
  const strideX = maxPoolWords.strideX(words);
  const padLeft = maxPoolWords.padLeft(words);
  const kernelWidth = maxPoolWords.kernelWidth(words);
  const end = shareStart(images() * rows, thread + 1, threads);
  for (let at = shareStart(images() * rows, thread, threads); at < end; at++) {
    const image = at / rows;
    const row = at - image * rows;
    const strideY = maxPoolWords.strideY(words);
    const padTop = maxPoolWords.padTop(words);
    const top = windowStart(row, strideY, padTop);
    const bottom = windowEnd(row, strideY, padTop, maxPoolWords.kernelHeight(words), height);
    const from = <usize>maxPoolWords.x(words) + <usize>((image * height + top) * width) * xStep;
    let y = <usize>maxPoolWords.y(words) + <usize>(at * columns) * yStep;
    for (let column = 0; column < columns; column++) {
      const left = windowStart(column, strideX, padLeft);
      const right = windowEnd(column, strideX, padLeft, kernelWidth, width);
      const x = from + <usize>left * xStep;
      for (let c: usize = 0; c < bytes; c += 16) {
        v128.store(y + c, highestOf(x + c, xStep, width, bottom - top, right - left));
      }
      y += yStep;
    }
  }
}

/** @param width — of the whole map, whose pixels are `step` bytes apart */
// @ts-ignore: decorator
@inline
function highestOf(x: usize, step: usize, width: i32, rows: i32, columns: i32): v128 {
  let top = f32x4.splat(-Infinity);
  for (let row = 0; row < rows; row++) {
    let at = x + <usize>(row * width) * step;
    for (let column = 0; column < columns; column++) {
      top = maximum(top, v128.load(at));
      at += step;
    }
  }
  return top;
}

/** A cache line of channels. */
const LINE: i32 = 16;

/** Windows may overlap, so a thread takes whole images, or blocks of channels if those are too few. */
export function maxPoolGradient(words: usize, thread: i32, threads: i32): void {
  const rows = maxPoolGradientWords.rows(words);
  const columns = maxPoolGradientWords.columns(words);
  const channels = maxPoolGradientWords.channels(words);
  const pixels = maxPoolGradientWords.height(words) * maxPoolGradientWords.width(words);
  const accumulate = maxPoolGradientWords.accumulate(words) !== 0;
  const xStep = (<usize>maxPoolGradientWords.xStride(words)) << 2;
  const dxStep = (<usize>maxPoolGradientWords.dxStride(words)) << 2;
  const dyStep = (<usize>maxPoolGradientWords.dyStride(words)) << 2;
  const block = images() < threads ? LINE : channels;
  const blocks = (channels + block - 1) / block;
  const end = shareStart(images() * blocks, thread + 1, threads);
  for (let at = shareStart(images() * blocks, thread, threads); at < end; at++) {
    const image = at / blocks;
    const first = (at - image * blocks) * block;
    const bytes = (<usize>min(block, channels - first)) << 2;
    const offset = (<usize>first) << 2;
    const x = <usize>maxPoolGradientWords.x(words) + <usize>(image * pixels) * xStep + offset;
    const dx = <usize>maxPoolGradientWords.dx(words) + <usize>(image * pixels) * dxStep + offset;
    let dy = <usize>maxPoolGradientWords.dy(words) + offset;
    dy += <usize>(image * rows * columns) * dyStep;
    if (!accumulate) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        clearChannels(dx + <usize>pixel * dxStep, bytes);
      }
    }
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        routeWindow(words, x, dx, dy, bytes, row, column);
        dy += dyStep;
      }
    }
  }
}

/** Adds the gradient of one window to the first of its pixels that is the maximum. */
function routeWindow(
  words: usize,
  x: usize,
  dx: usize,
  dy: usize,
  bytes: usize,
  row: i32,
  column: i32,
): void {
  const height = maxPoolGradientWords.height(words);
  const width = maxPoolGradientWords.width(words);
  const xStep = (<usize>maxPoolGradientWords.xStride(words)) << 2;
  const dxStep = (<usize>maxPoolGradientWords.dxStride(words)) << 2;
  const strideY = maxPoolGradientWords.strideY(words);
  const strideX = maxPoolGradientWords.strideX(words);
  const padTop = maxPoolGradientWords.padTop(words);
  const padLeft = maxPoolGradientWords.padLeft(words);
  const top = windowStart(row, strideY, padTop);
  const left = windowStart(column, strideX, padLeft);
  const kernelHeight = maxPoolGradientWords.kernelHeight(words);
  const kernelWidth = maxPoolGradientWords.kernelWidth(words);
  const bottom = windowEnd(row, strideY, padTop, kernelHeight, height);
  const right = windowEnd(column, strideX, padLeft, kernelWidth, width);
  for (let c: usize = 0; c < bytes; c += 16) {
    let best = f32x4.splat(-Infinity);
    // Pixels are numbered in the map, which no window can confuse.
    let winner = i32x4.splat(top * width + left);
    for (let h = top; h < bottom; h++) {
      for (let pixel = h * width + left; pixel < h * width + right; pixel++) {
        const value = v128.load(x + <usize>pixel * xStep + c);
        const wins = v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
        best = v128.bitselect(value, best, wins);
        winner = v128.bitselect(i32x4.splat(pixel), winner, wins);
      }
    }
    const g = v128.load(dy + c);
    for (let h = top; h < bottom; h++) {
      for (let pixel = h * width + left; pixel < h * width + right; pixel++) {
        const to = dx + <usize>pixel * dxStep + c;
        const share = v128.and(g, i32x4.eq(winner, i32x4.splat(pixel)));
        v128.store(to, f32x4.add(v128.load(to), share));
      }
    }
  }
}

export function averagePool(words: usize, thread: i32, threads: i32): void {
  const height = averagePoolWords.height(words);
  const width = averagePoolWords.width(words);
  const rows = averagePoolWords.rows(words);
  const columns = averagePoolWords.columns(words);
  const bytes = (<usize>averagePoolWords.channels(words)) << 2;
  const xStep = (<usize>averagePoolWords.xStride(words)) << 2;
  const yStep = (<usize>averagePoolWords.yStride(words)) << 2;
  const strideY = averagePoolWords.strideY(words);
  const strideX = averagePoolWords.strideX(words);
  const padTop = averagePoolWords.padTop(words);
  const padLeft = averagePoolWords.padLeft(words);
  const kernelHeight = averagePoolWords.kernelHeight(words);
  const kernelWidth = averagePoolWords.kernelWidth(words);
  const end = shareStart(images() * rows * columns, thread + 1, threads);
  for (let at = shareStart(images() * rows * columns, thread, threads); at < end; at++) {
    const line = at / columns;
    const column = at - line * columns;
    const image = line / rows;
    const row = line - image * rows;
    const top = windowStart(row, strideY, padTop);
    const left = windowStart(column, strideX, padLeft);
    const down = windowEnd(row, strideY, padTop, kernelHeight, height) - top;
    const across = windowEnd(column, strideX, padLeft, kernelWidth, width) - left;
    const pixel = (image * height + top) * width + left;
    const x = <usize>averagePoolWords.x(words) + <usize>pixel * xStep;
    const y = <usize>averagePoolWords.y(words) + <usize>at * yStep;
    const share = f32x4.splat(1 / <f32>max(1, down * across));
    for (let c: usize = 0; c < bytes; c += 16) {
      v128.store(y + c, f32x4.mul(sumOf(x + c, xStep, width, down, across), share));
    }
  }
}

/** As highestOf. */
// @ts-ignore: decorator
@inline
function sumOf(x: usize, step: usize, width: i32, rows: i32, columns: i32): v128 {
  let sum = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    let at = x + <usize>(row * width) * step;
    for (let column = 0; column < columns; column++) {
      sum = f32x4.add(sum, v128.load(at));
      at += step;
    }
  }
  return sum;
}

/** Every pixel collects from the windows that cover it, so that no two threads write one. */
export function averagePoolGradient(words: usize, thread: i32, threads: i32): void {
  const width = averagePoolGradientWords.width(words);
  const columns = averagePoolGradientWords.columns(words);
  const height = averagePoolGradientWords.height(words);
  const rows = averagePoolGradientWords.rows(words);
  const bytes = (<usize>averagePoolGradientWords.channels(words)) << 2;
  const dyStep = (<usize>averagePoolGradientWords.dyStride(words)) << 2;
  const dxStep = (<usize>averagePoolGradientWords.dxStride(words)) << 2;
  const strideX = averagePoolGradientWords.strideX(words);
  const padLeft = averagePoolGradientWords.padLeft(words);
  const kernelWidth = averagePoolGradientWords.kernelWidth(words);
  const strideY = averagePoolGradientWords.strideY(words);
  const padTop = averagePoolGradientWords.padTop(words);
  const kernelHeight = averagePoolGradientWords.kernelHeight(words);
  const accumulate = averagePoolGradientWords.accumulate(words) !== 0;
  const end = shareStart(images() * height, thread + 1, threads);
  for (let at = shareStart(images() * height, thread, threads); at < end; at++) {
    const image = at / height;
    const h = at - image * height;
    const firstRow = firstCovering(h, strideY, padTop, kernelHeight);
    const lastRow = min(rows - 1, (h + padTop) / strideY);
    for (let w = 0; w < width; w++) {
      const dx = <usize>averagePoolGradientWords.dx(words) + <usize>(at * width + w) * dxStep;
      let adds = accumulate;
      const firstColumn = firstCovering(w, strideX, padLeft, kernelWidth);
      const lastColumn = min(columns - 1, (w + padLeft) / strideX);
      for (let row = firstRow; row <= lastRow; row++) {
        const top = windowStart(row, strideY, padTop);
        const down = windowEnd(row, strideY, padTop, kernelHeight, height) - top;
        for (let column = firstColumn; column <= lastColumn; column++) {
          const left = windowStart(column, strideX, padLeft);
          const across = windowEnd(column, strideX, padLeft, kernelWidth, width) - left;
          const window = (image * rows + row) * columns + column;
          const dy = <usize>averagePoolGradientWords.dy(words) + <usize>window * dyStep;
          const share = f32x4.splat(1 / <f32>(down * across));
          for (let c: usize = 0; c < bytes; c += 16) {
            const g = f32x4.mul(v128.load(dy + c), share);
            v128.store(dx + c, adds ? f32x4.add(v128.load(dx + c), g) : g);
          }
          adds = true;
        }
      }
      if (!adds) clearChannels(dx, bytes);
    }
  }
}

/** The first window that covers pixel `at`. */
// @ts-ignore: decorator
@inline
function firstCovering(at: i32, stride: i32, pad: i32, kernel: i32): i32 {
  const before = at + pad - kernel;
  return before < 0 ? 0 : before / stride + 1;
}
