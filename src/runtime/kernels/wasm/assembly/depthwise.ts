/**
 * @file Depthwise convolution, forward and the input's gradient. Both slide a row of taps over a row of
 * pixels: forward reads a pixel further right with every tap and `strideX` further with every output,
 * the gradient reads an output further left with every tap that meets its pixel.
 */
import { images, shareStart } from "./control";
import {
  depthwiseInputWords as I,
  depthwiseWords as W,
  packDepthwiseWords as P,
} from "./instructions.generated";
import { addToDoubles, partialsOf } from "./partials";
import { placeOf } from "./selection";
import { madd } from "./simd";
import { slideRow } from "./slide";

export function packDepthwise(words: usize, thread: i32, threads: i32): void {
  const w: usize = P.w(words);
  const map: usize = P.map(words);
  const scale: usize = P.scale(words);
  const channels = P.channels(words);
  const physical = P.physical(words);
  const start = shareStart(physical, thread, threads);
  const end = shareStart(physical, thread + 1, threads);
  for (let tap = 0; tap < P.taps(words); tap++) {
    const to = <usize>P.packed(words) + ((<usize>(tap * physical)) << 2);
    for (let place = start; place < end; place++) store<f32>(to + ((<usize>place) << 2), 0);
    const from = w + ((<usize>(tap * channels)) << 2);
    for (let c = 0; c < channels; c++) {
      const place = placeOf(map, c);
      if (place < start || place >= end) continue;
      const at = (<usize>c) << 2;
      const factor = scale === 0 ? <f32>1 : load<f32>(scale + at);
      store<f32>(to + ((<usize>place) << 2), load<f32>(from + at) * factor);
    }
  }
}

/** `bias` is physical, as `w` is. */
export function depthwise(words: usize, thread: i32, threads: i32): void {
  const height = W.height(words);
  const width = W.width(words);
  const rows = W.rows(words);
  const columns = W.columns(words);
  const channels = W.channels(words);
  const padTop = W.padTop(words);
  const kernelWidth = W.kernelWidth(words);
  const xStep = (<usize>W.xStride(words)) << 2;
  const yStep = (<usize>W.yStride(words)) << 2;
  const plane = (<usize>channels) << 2;
  const hasPartials = W.partials(words) !== 0;
  const partials = partialsOf(W.partials(words), thread, channels);
  if (hasPartials) memory.fill(partials, 0, (<usize>channels) << 4);
  const end = shareStart(images() * rows, thread + 1, threads);
  for (let at = shareStart(images() * rows, thread, threads); at < end; at++) {
    const image = at / rows;
    const top = (at - image * rows) * W.strideY(words) - padTop;
    const firstTap = max(0, -top);
    const taps = min(W.kernelHeight(words), height - top) - firstTap;
    const x = <usize>W.x(words) + <usize>((image * height + top + firstTap) * width) * xStep;
    const w = <usize>W.w(words) + <usize>(firstTap * kernelWidth) * plane;
    const y = <usize>W.y(words) + <usize>(at * columns) * yStep;
    slideRow(
      x,
      <isize>(<usize>width * xStep),
      xStep,
      taps,
      w,
      <usize>kernelWidth * plane,
      plane,
      kernelWidth,
      -W.padLeft(words),
      W.strideX(words),
      1,
      width,
      y,
      yStep,
      columns,
      plane,
      W.bias(words),
      W.activation(words),
      false,
    );
    if (hasPartials) {
      for (let c: usize = 0; c < plane; c += 16) {
        addRow(y + c, yStep, columns, partials + (c << 1), channels);
      }
    }
  }
}

/** Adds a row's sums and sums of squares of four channels to their partials. */
function addRow(y: usize, step: usize, count: i32, partials: usize, channels: i32): void {
  let sum = f32x4.splat(0);
  let squares = f32x4.splat(0);
  for (; count > 0; count--) {
    const value = v128.load(y);
    sum = f32x4.add(sum, value);
    squares = madd(value, value, squares);
    y += step;
  }
  addToDoubles(partials, sum);
  addToDoubles(partials + ((<usize>channels) << 3), squares);
}

/**
 * Pixel p of dx meets tap k of output o where p + pad = o·stride + k. So the taps that a pixel meets
 * are `stride` apart, beginning at (p + pad) mod stride, with an output less each time; and the pixels
 * of a row that meet the same ones are `stride` apart as well, with an output more each time.
 */
export function depthwiseInput(words: usize, thread: i32, threads: i32): void {
  const height = I.height(words);
  const width = I.width(words);
  const rows = I.rows(words);
  const columns = I.columns(words);
  const strideY = I.strideY(words);
  const strideX = I.strideX(words);
  const padLeft = I.padLeft(words);
  const kernelWidth = I.kernelWidth(words);
  const dyStep = (<usize>I.dyStride(words)) << 2;
  const dxStep = (<usize>I.dxStride(words)) << 2;
  const plane = (<usize>I.channels(words)) << 2;
  const end = shareStart(images() * height, thread + 1, threads);
  for (let at = shareStart(images() * height, thread, threads); at < end; at++) {
    const image = at / height;
    const inside = at - image * height + I.padTop(words);
    const lastRow = inside / strideY;
    const firstTap = inside - lastRow * strideY;
    // Tap number n, firstTap + n·strideY, meets row lastRow − n.
    const skipped = max(0, lastRow - rows + 1);
    const taps = min(lastRow + 1, tapsFrom(firstTap, I.kernelHeight(words), strideY)) - skipped;
    const row = image * rows + lastRow - skipped;
    const dy = <usize>I.dy(words) + <usize>(row * columns) * dyStep;
    const tap = firstTap + skipped * strideY;
    const w = <usize>I.w(words) + <usize>(tap * kernelWidth) * plane;
    for (let phase = 0; phase < min(strideX, width); phase++) {
      const firstColumn = (phase + padLeft) / strideX;
      const firstTapX = phase + padLeft - firstColumn * strideX;
      const dx = <usize>I.dx(words) + <usize>(at * width + phase) * dxStep;
      slideRow(
        dy,
        -(<isize>(<usize>columns * dyStep)),
        dyStep,
        taps,
        w + <usize>firstTapX * plane,
        <usize>(strideY * kernelWidth) * plane,
        <usize>strideX * plane,
        tapsFrom(firstTapX, kernelWidth, strideX),
        firstColumn,
        1,
        -1,
        columns,
        dx,
        <usize>strideX * dxStep,
        (width - phase + strideX - 1) / strideX,
        plane,
        0,
        0,
        I.accumulate(words) !== 0,
      );
    }
  }
}

/** Taps of a kernel from `first` on, `stride` apart. */
// @ts-ignore: decorator
@inline
function tapsFrom(first: i32, kernel: i32, stride: i32): i32 {
  return first < kernel ? (kernel - first + stride - 1) / stride : 0;
}
