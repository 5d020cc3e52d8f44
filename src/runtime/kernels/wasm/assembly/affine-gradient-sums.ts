/**
 * @file First pass of batch normalization's gradient with what stands behind it: the sums that γ, β
 * and the mean need. Neither the activation's mask nor the pooling's choice was kept: both are found
 * again from x. All channels of four pixels at a time, as in affine.ts.
 */
import { images, scratch, shareStart, zeros } from "./control";
import { affineGradientSumsWords as W } from "./instructions.generated";
import { addToDoubles, partialsOf } from "./partials";
import { LONGEST_SUM, pixelsToPick } from "./runs";
import { pickChannels } from "./selection";
import { madd, passed } from "./simd";

/** Takes 8 bytes a channel of scratch memory; with a selection 16 KiB and 16 bytes a channel more. */
export function affineGradientSums(words: usize, thread: i32, threads: i32): void {
  const channels: usize = W.channels(words);
  const partials = partialsOf(W.partials(words), thread, <i32>channels);
  memory.fill(partials, 0, channels << 4);
  memory.fill(scratch(thread), 0, channels << 3);
  if (W.pool(words) !== 0) sumRows(words, thread, threads);
  else sumPixels(words, thread, threads);
  // What is summed so far is g·(x − μ).
  const reciprocals = <usize>W.affine(words) + channels * 12;
  for (let c: usize = 0; c < channels; c++) {
    const product = partials + ((channels + c) << 3);
    store<f64>(product, load<f64>(product) * <f64>load<f32>(reciprocals + (c << 2)));
  }
}

/** Moves the sums in scratch memory, [2][channels], to the thread's partials. */
function flush(words: usize, thread: i32): void {
  const channels: usize = W.channels(words);
  const sums = scratch(thread);
  const partials = partialsOf(W.partials(words), thread, <i32>channels);
  for (let c: usize = 0; c < channels << 3; c += 16) {
    addToDoubles(partials + (c << 1), v128.load(sums + c));
    v128.store(sums + c, f32x4.splat(0));
  }
}

function sumPixels(words: usize, thread: i32, threads: i32): void {
  const channels: usize = W.channels(words);
  const inverse: usize = W.inverse(words);
  const xStep = (<usize>W.xStride(words)) << 2;
  const dyStep = (<usize>W.dyStride(words)) << 2;
  const picked = scratch(thread) + (channels << 3);
  const most = inverse === 0 ? LONGEST_SUM : min(LONGEST_SUM, pixelsToPick(<i32>channels));
  const pixels = images() * W.height(words) * W.width(words);
  const end = shareStart(pixels, thread + 1, threads);
  let summed = 0;
  for (let at = shareStart(pixels, thread, threads); at < end; at += most) {
    const count = min(most, end - at);
    const x = <usize>W.x(words) + <usize>at * xStep;
    let dy = <usize>W.dy(words) + <usize>at * dyStep;
    let step = dyStep;
    if (inverse !== 0) {
      pickChannels(dy, step, count, inverse, channels, picked, channels << 2);
      dy = picked;
      step = channels << 2;
    }
    sum(words, scratch(thread), x, dy, step, count);
    summed += count;
    if (summed + most > LONGEST_SUM) {
      flush(words, thread);
      summed = 0;
    }
  }
  flush(words, thread);
}

/** Adds Σ g and Σ g·(x − μ) to the sums in scratch memory. */
function sum(words: usize, sums: usize, x: usize, dy: usize, dyStep: usize, count: i32): void {
  // As a constant, the activation leaves no choice in the loop.
  if (W.activation(words) === 1) sumAs(words, sums, x, dy, dyStep, count, 1);
  else sumAs(words, sums, x, dy, dyStep, count, W.activation(words));
}

// @ts-ignore: decorator
@inline
function sumAs(
  words: usize,
  sums: usize,
  x0: usize,
  dy0: usize,
  dyStep: usize,
  count: i32,
  activation: i32,
): void {
  const xStep = (<usize>W.xStride(words)) << 2;
  const bytes = (<usize>W.channels(words)) << 2;
  const affine: usize = W.affine(words);
  for (; count > 0; count -= 4) {
    // Where pixels run out, the first one is looked at again with a gradient of 0.
    const x1 = count > 1 ? x0 + xStep : x0;
    const x2 = count > 2 ? x1 + xStep : x0;
    const x3 = count > 3 ? x2 + xStep : x0;
    const dy1 = count > 1 ? dy0 + dyStep : zeros();
    const dy2 = count > 2 ? dy1 + dyStep : zeros();
    const dy3 = count > 3 ? dy2 + dyStep : zeros();
    for (let c: usize = 0; c < bytes; c += 16) {
      const planes = affine + c;
      const scale = v128.load(planes);
      const shift = v128.load(planes + bytes);
      const mean = v128.load(planes + (bytes << 1));
      const v0 = v128.load(x0 + c);
      const v1 = v128.load(x1 + c);
      const v2 = v128.load(x2 + c);
      const v3 = v128.load(x3 + c);
      const g0 = passed(v128.load(dy0 + c), madd(v0, scale, shift), activation);
      const g1 = passed(v128.load(dy1 + c), madd(v1, scale, shift), activation);
      const g2 = passed(v128.load(dy2 + c), madd(v2, scale, shift), activation);
      const g3 = passed(v128.load(dy3 + c), madd(v3, scale, shift), activation);
      const to = sums + c;
      const four = f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3));
      v128.store(to, f32x4.add(v128.load(to), four));
      let products = madd(g0, f32x4.sub(v0, mean), v128.load(to + bytes));
      products = madd(g1, f32x4.sub(v1, mean), products);
      products = madd(g2, f32x4.sub(v2, mean), products);
      products = madd(g3, f32x4.sub(v3, mean), products);
      v128.store(to + bytes, products);
    }
    x0 = x3 + xStep;
    dy0 = dy3 + dyStep;
  }
}

function sumRows(words: usize, thread: i32, threads: i32): void {
  const height = W.height(words);
  const width = W.width(words);
  const rows = height >> 1;
  const columns = width >> 1;
  const channels: usize = W.channels(words);
  const inverse: usize = W.inverse(words);
  const xStep = (<usize>W.xStride(words)) << 2;
  const dyStep = (<usize>W.dyStride(words)) << 2;
  const picked = scratch(thread) + (channels << 3);
  const longest = min(LONGEST_SUM, columns);
  const most = inverse === 0 ? longest : min(longest, pixelsToPick(<i32>channels));
  const end = shareStart(images() * rows, thread + 1, threads);
  let summed = 0;
  for (let at = shareStart(images() * rows, thread, threads); at < end; at++) {
    const image = at / rows;
    const row = (image * height + ((at - image * rows) << 1)) * width;
    for (let column = 0; column < columns; column += most) {
      const count = min(most, columns - column);
      const x = <usize>W.x(words) + <usize>(row + (column << 1)) * xStep;
      let dy = <usize>W.dy(words) + <usize>(at * columns + column) * dyStep;
      let step = dyStep;
      if (inverse !== 0) {
        pickChannels(dy, step, count, inverse, channels, picked, channels << 2);
        dy = picked;
        step = channels << 2;
      }
      if (W.activation(words) === 1) sumPooled(words, thread, x, dy, step, count, 1);
      else sumPooled(words, thread, x, dy, step, count, W.activation(words));
      summed += count;
      if (summed + most > LONGEST_SUM) {
        flush(words, thread);
        summed = 0;
      }
    }
  }
  flush(words, thread);
}

/** The same for windows of two rows: only the pixel that won its window has a gradient. */
// @ts-ignore: decorator
@inline
function sumPooled(
  words: usize,
  thread: i32,
  x0: usize,
  dy: usize,
  dyStep: usize,
  count: i32,
  activation: i32,
): void {
  const xStep = (<usize>W.xStride(words)) << 2;
  const bytes = (<usize>W.channels(words)) << 2;
  const affine: usize = W.affine(words);
  const sums = scratch(thread);
  let x2 = x0 + <usize>W.width(words) * xStep;
  for (; count > 0; count--) {
    const x1 = x0 + xStep;
    const x3 = x2 + xStep;
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
      const upperX = v128.bitselect(v1, v0, f32x4.gt(z1, z0));
      const lowerX = v128.bitselect(v3, v2, f32x4.gt(z3, z2));
      const winner = v128.bitselect(lowerX, upperX, f32x4.gt(lower, upper));
      const g = passed(v128.load(dy + c), f32x4.pmax(upper, lower), activation);
      const centred = f32x4.sub(winner, v128.load(planes + (bytes << 1)));
      const to = sums + c;
      v128.store(to, f32x4.add(v128.load(to), g));
      v128.store(to + bytes, madd(g, centred, v128.load(to + bytes)));
    }
    x0 = x1 + xStep;
    x2 = x3 + xStep;
    dy += dyStep;
  }
}
