/** @file The gradient of a depthwise convolution's weights: each thread's share, then their sum. */
import { images, shareStart } from "./control";
import {
  depthwiseGradientWords as W,
  reduceDepthwiseGradientWords as R,
} from "./instructions.generated";
import { placeOf } from "./selection";
import { madd } from "./simd";

export function depthwiseGradient(words: usize, thread: i32, threads: i32): void {
  const height = W.height(words);
  const width = W.width(words);
  const rows = W.rows(words);
  const columns = W.columns(words);
  const strideX = W.strideX(words);
  const padLeft = W.padLeft(words);
  const kernelHeight = W.kernelHeight(words);
  const kernelWidth = W.kernelWidth(words);
  const xStep = (<usize>W.xStride(words)) << 2;
  const dyStep = (<usize>W.dyStride(words)) << 2;
  const plane = (<usize>W.channels(words)) << 2;
  const sums = <usize>W.sums(words) + <usize>thread * <usize>W.sumsStride(words);
  memory.fill(sums, 0, <usize>(kernelHeight * kernelWidth) * plane);
  // Outputs before `border` read no column behind the last.
  const room = width + padLeft - kernelWidth;
  const border = min(columns, room < 0 ? 0 : room / strideX + 1);
  const end = shareStart(images() * rows, thread + 1, threads);
  for (let at = shareStart(images() * rows, thread, threads); at < end; at++) {
    const image = at / rows;
    const top = (at - image * rows) * W.strideY(words) - W.padTop(words);
    const firstTap = max(0, -top);
    const taps = min(kernelHeight, height - top) - firstTap;
    const row = <usize>W.x(words) + <usize>((image * height + top + firstTap) * width) * xStep;
    const to = sums + <usize>(firstTap * kernelWidth) * plane;
    let dy = <usize>W.dy(words) + <usize>(at * columns) * dyStep;
    for (let n = 0; n < columns;) {
      const column = n * strideX - padLeft;
      if (column >= 0 && n + 4 <= border) {
        const x = row + <usize>column * xStep;
        addFour(words, x, dy, to, taps);
        dy += dyStep << 2;
        n += 4;
        continue;
      }
      // Taps [first, last) read a column that is there.
      const first = max(0, -column);
      const last = min(kernelWidth, width - column);
      const x = row + <usize>(column + first) * xStep;
      addOne(words, x, dy, to + <usize>first * plane, taps, last - first);
      dy += dyStep;
      n += 1;
    }
  }
}

/** Adds the products of one output's gradient with what its taps see. */
function addOne(words: usize, x: usize, dy: usize, to: usize, rowTaps: i32, taps: i32): void {
  const xStep = (<usize>W.xStride(words)) << 2;
  const xRow = <usize>W.width(words) * xStep;
  const plane = (<usize>W.channels(words)) << 2;
  const row = <usize>W.kernelWidth(words) * plane;
  for (let c: usize = 0; c < plane; c += 16) {
    const g = v128.load(dy + c);
    for (let r = 0; r < rowTaps; r++) {
      let from = x + <usize>r * xRow + c;
      let sum = to + <usize>r * row + c;
      for (let t = 0; t < taps; t++) {
        v128.store(sum, madd(v128.load(from), g, v128.load(sum)));
        from += xStep;
        sum += plane;
      }
    }
  }
}

/** As addOne, for four outputs that see all of their taps. */
function addFour(words: usize, x: usize, dy: usize, to: usize, rowTaps: i32): void {
  const xStep = (<usize>W.xStride(words)) << 2;
  const xRow = <usize>W.width(words) * xStep;
  const plane = (<usize>W.channels(words)) << 2;
  const taps = W.kernelWidth(words);
  const row = <usize>taps * plane;
  const dyStep = (<usize>W.dyStride(words)) << 2;
  const step = <usize>W.strideX(words) * xStep;
  for (let c: usize = 0; c < plane; c += 16) {
    const g0 = v128.load(dy + c);
    const g1 = v128.load(dy + dyStep + c);
    const g2 = v128.load(dy + (dyStep << 1) + c);
    const g3 = v128.load(dy + dyStep * 3 + c);
    for (let r = 0; r < rowTaps; r++) {
      let x0 = x + <usize>r * xRow + c;
      let x2 = x0 + (step << 1);
      let at = to + <usize>r * row + c;
      for (let t = 0; t < taps; t++) {
        let sum = madd(v128.load(x0), g0, v128.load(at));
        sum = madd(v128.load(x0 + step), g1, sum);
        sum = madd(v128.load(x2), g2, sum);
        v128.store(at, madd(v128.load(x2 + step), g3, sum));
        x0 += xStep;
        x2 += xStep;
        at += plane;
      }
    }
  }
}

export function reduceDepthwiseGradient(words: usize, thread: i32, threads: i32): void {
  const logical = R.logical(words);
  const channels = R.channels(words);
  const map: usize = R.map(words);
  const step = <usize>R.sumsStride(words);
  const total = R.taps(words) * logical;
  const end = shareStart(total, thread + 1, threads);
  for (let at = shareStart(total, thread, threads); at < end; at++) {
    const tap = at / logical;
    const place = placeOf(map, at - tap * logical);
    let from = <usize>R.sums(words) + ((<usize>(tap * channels + place)) << 2);
    let sum: f32 = 0;
    for (let t = 0; t < threads; t++) {
      sum += load<f32>(from);
      from += step;
    }
    store<f32>(<usize>R.gradient(words) + ((<usize>at) << 2), sum);
  }
}
