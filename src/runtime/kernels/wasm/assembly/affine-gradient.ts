/**
 * @file Second pass of batch normalization's gradient with what stands behind it: dx, from the
 * coefficients that the first pass' sums became. All channels of two pixels at a time, as in affine.ts.
 */
import { images, scratch, shareStart } from "./control";
import { affineGradientWords as W } from "./instructions.generated";
import { pixelsToPick } from "./runs";
import { pickChannels } from "./selection";
import { madd, passed } from "./simd";

/** With a selection it takes 16 KiB and 16 bytes a channel of scratch memory. */
export function affineGradient(words: usize, thread: i32, threads: i32): void {
  if (W.pool(words) !== 0) gradientOfRows(words, thread, threads);
  else gradientOfPixels(words, thread, threads);
}

function gradientOfPixels(words: usize, thread: i32, threads: i32): void {
  const channels: usize = W.channels(words);
  const inverse: usize = W.inverse(words);
  const xStep = (<usize>W.xStride(words)) << 2;
  const dyStep = (<usize>W.dyStride(words)) << 2;
  const dxStep = (<usize>W.dxStride(words)) << 2;
  const pixels = images() * W.height(words) * W.width(words);
  const most = inverse === 0 ? pixels : pixelsToPick(<i32>channels);
  const end = shareStart(pixels, thread + 1, threads);
  for (let at = shareStart(pixels, thread, threads); at < end; at += most) {
    const count = min(most, end - at);
    const x = <usize>W.x(words) + <usize>at * xStep;
    const dx = <usize>W.dx(words) + <usize>at * dxStep;
    let dy = <usize>W.dy(words) + <usize>at * dyStep;
    let step = dyStep;
    if (inverse !== 0) {
      pickChannels(dy, step, count, inverse, channels, scratch(thread), channels << 2);
      dy = scratch(thread);
      step = channels << 2;
    }
    gradient(words, x, dy, step, dx, count);
  }
}

function gradient(words: usize, x: usize, dy: usize, dyStep: usize, dx: usize, count: i32): void {
  // As constants, what can be chosen leaves no choice in the loop.
  const accumulate = W.accumulate(words) !== 0;
  if (W.activation(words) === 1 && !accumulate) {
    gradientAs(words, x, dy, dyStep, dx, count, 1, false);
  } else {
    gradientAs(words, x, dy, dyStep, dx, count, W.activation(words), accumulate);
  }
}

// @ts-ignore: decorator
@inline
function gradientAs(
  words: usize,
  x0: usize,
  dy0: usize,
  dyStep: usize,
  dx0: usize,
  count: i32,
  activation: i32,
  accumulate: bool,
): void {
  const xStep = (<usize>W.xStride(words)) << 2;
  const dxStep = (<usize>W.dxStride(words)) << 2;
  const bytes = (<usize>W.channels(words)) << 2;
  const affine: usize = W.affine(words);
  const coefficients: usize = W.coefficients(words);
  for (; count > 0; count -= 2) {
    // Where pixels run out, the first one is done again.
    const x1 = count > 1 ? x0 + xStep : x0;
    const dy1 = count > 1 ? dy0 + dyStep : dy0;
    const dx1 = count > 1 ? dx0 + dxStep : dx0;
    for (let c: usize = 0; c < bytes; c += 16) {
      const planes = affine + c;
      const scale = v128.load(planes);
      const shift = v128.load(planes + bytes);
      const mean = v128.load(planes + (bytes << 1));
      const factors = coefficients + c;
      const outer = v128.load(factors);
      const slope = v128.load(factors + bytes);
      const constant = v128.load(factors + (bytes << 1));
      const v0 = v128.load(x0 + c);
      const v1 = v128.load(x1 + c);
      const g0 = passed(v128.load(dy0 + c), madd(v0, scale, shift), activation);
      const g1 = passed(v128.load(dy1 + c), madd(v1, scale, shift), activation);
      let to0 = madd(g0, outer, madd(f32x4.sub(v0, mean), slope, constant));
      let to1 = madd(g1, outer, madd(f32x4.sub(v1, mean), slope, constant));
      if (accumulate) {
        // Both before either is written: they may be the same pixel.
        to0 = f32x4.add(to0, v128.load(dx0 + c));
        to1 = f32x4.add(to1, v128.load(dx1 + c));
      }
      v128.store(dx0 + c, to0);
      v128.store(dx1 + c, to1);
    }
    x0 = x1 + xStep;
    dy0 = dy1 + dyStep;
    dx0 = dx1 + dxStep;
  }
}

function gradientOfRows(words: usize, thread: i32, threads: i32): void {
  const height = W.height(words);
  const width = W.width(words);
  const rows = height >> 1;
  const columns = width >> 1;
  const channels: usize = W.channels(words);
  const inverse: usize = W.inverse(words);
  const xStep = (<usize>W.xStride(words)) << 2;
  const dyStep = (<usize>W.dyStride(words)) << 2;
  const dxStep = (<usize>W.dxStride(words)) << 2;
  const most = inverse === 0 ? columns : min(columns, pixelsToPick(<i32>channels));
  // A last row without a partner counts as a pair.
  const pairs = (height + 1) >> 1;
  const end = shareStart(images() * pairs, thread + 1, threads);
  for (let at = shareStart(images() * pairs, thread, threads); at < end; at++) {
    const image = at / pairs;
    const pair = at - image * pairs;
    const first = (image * height + (pair << 1)) * width;
    const x = <usize>W.x(words) + <usize>first * xStep;
    const dx = <usize>W.dx(words) + <usize>first * dxStep;
    if (pair === rows) {
      gradientOfRest(words, x, dx, width);
      continue;
    }
    for (let column = 0; column < columns; column += most) {
      const count = min(most, columns - column);
      const window = (image * rows + pair) * columns + column;
      let dy = <usize>W.dy(words) + <usize>window * dyStep;
      let step = dyStep;
      if (inverse !== 0) {
        pickChannels(dy, step, count, inverse, channels, scratch(thread), channels << 2);
        dy = scratch(thread);
        step = channels << 2;
      }
      const pixel = <usize>(column << 1);
      gradientOfPooled(words, x + pixel * xStep, dy, step, dx + pixel * dxStep, count);
    }
    if ((width & 1) !== 0) {
      const last = <usize>(width - 1);
      const next = <usize>width;
      gradientOfRest(words, x + last * xStep, dx + last * dxStep, 1);
      gradientOfRest(words, x + (last + next) * xStep, dx + (last + next) * dxStep, 1);
    }
  }
}

// @ts-ignore: decorator
@inline
function write(dx: usize, value: v128, accumulate: bool): void {
  v128.store(dx, accumulate ? f32x4.add(v128.load(dx), value) : value);
}

/** Windows of two rows: the gradient of each goes to the pixel that won it. */
function gradientOfPooled(
  words: usize,
  x0: usize,
  dy: usize,
  dyStep: usize,
  dx0: usize,
  count: i32,
): void {
  const activation = W.activation(words);
  const accumulate = W.accumulate(words) !== 0;
  const xStep = (<usize>W.xStride(words)) << 2;
  const dxStep = (<usize>W.dxStride(words)) << 2;
  const bytes = (<usize>W.channels(words)) << 2;
  const affine: usize = W.affine(words);
  const coefficients: usize = W.coefficients(words);
  let x2 = x0 + <usize>W.width(words) * xStep;
  let dx2 = dx0 + <usize>W.width(words) * dxStep;
  for (; count > 0; count--) {
    const x1 = x0 + xStep;
    const x3 = x2 + xStep;
    const dx1 = dx0 + dxStep;
    const dx3 = dx2 + dxStep;
    for (let c: usize = 0; c < bytes; c += 16) {
      const planes = affine + c;
      const scale = v128.load(planes);
      const shift = v128.load(planes + bytes);
      const v0 = v128.load(x0 + c);
      const v1 = v128.load(x1 + c);
      const v2 = v128.load(x2 + c);
      const v3 = v128.load(x3 + c);
      const z0 = madd(v0, scale, shift);
      const z1 = madd(v1, scale, shift);
      const z2 = madd(v2, scale, shift);
      const z3 = madd(v3, scale, shift);
      // Only what is greater takes over: ties stay with the first pixel.
      const upper = f32x4.pmax(z0, z1);
      const lower = f32x4.pmax(z2, z3);
      const isSecond = f32x4.gt(z1, z0);
      const isFourth = f32x4.gt(z3, z2);
      const isLower = f32x4.gt(lower, upper);
      const factors = coefficients + c;
      const open = passed(v128.load(dy + c), f32x4.pmax(upper, lower), activation);
      const g = f32x4.mul(open, v128.load(factors));
      const above = v128.andnot(g, isLower);
      const below = v128.and(g, isLower);
      const mean = v128.load(planes + (bytes << 1));
      const slope = v128.load(factors + bytes);
      const constant = v128.load(factors + (bytes << 1));
      const rest0 = madd(f32x4.sub(v0, mean), slope, constant);
      const rest1 = madd(f32x4.sub(v1, mean), slope, constant);
      const rest2 = madd(f32x4.sub(v2, mean), slope, constant);
      const rest3 = madd(f32x4.sub(v3, mean), slope, constant);
      write(dx0 + c, f32x4.add(rest0, v128.andnot(above, isSecond)), accumulate);
      write(dx1 + c, f32x4.add(rest1, v128.and(above, isSecond)), accumulate);
      write(dx2 + c, f32x4.add(rest2, v128.andnot(below, isFourth)), accumulate);
      write(dx3 + c, f32x4.add(rest3, v128.and(below, isFourth)), accumulate);
    }
    x0 = x1 + xStep;
    x2 = x3 + xStep;
    dx0 = dx1 + dxStep;
    dx2 = dx3 + dxStep;
    dy += dyStep;
  }
}

/** Pixels that no window looks at: only the statistics depend on them. */
function gradientOfRest(words: usize, x: usize, dx: usize, count: i32): void {
  const accumulate = W.accumulate(words) !== 0;
  const bytes = (<usize>W.channels(words)) << 2;
  const means = <usize>W.affine(words) + (bytes << 1);
  const slopes = <usize>W.coefficients(words) + bytes;
  for (; count > 0; count--) {
    for (let c: usize = 0; c < bytes; c += 16) {
      const centred = f32x4.sub(v128.load(x + c), v128.load(means + c));
      const rest = madd(centred, v128.load(slopes + c), v128.load(slopes + bytes + c));
      write(dx + c, rest, accumulate);
    }
    x += (<usize>W.xStride(words)) << 2;
    dx += (<usize>W.dxStride(words)) << 2;
  }
}
