/**
 * @file Batch normalization's pass over the activations: scale, shift, activate, pool. All channels of
 * four pixels at a time: memory is read in the order in which it lies, and what belongs to a channel is
 * loaded once for the four. (Going over many pixels for every four channels is as fast in the cache,
 * and half as fast outside.)
 */
import { images, scratch, shareStart } from "./control";
import { applyAffineWords as W } from "./instructions.generated";
import { pixelsToPick } from "./runs";
import { pickChannels } from "./selection";
import { activated, madd, maximum } from "./simd";

/** With a selection it takes 16 KiB and 24 bytes a channel of scratch memory. */
export function applyAffine(words: usize, thread: i32, threads: i32): void {
  if (W.gather(words) !== 0) {
    // The planes of an affine are like pixels; the first two are all that is needed.
    const sources = (<usize>W.sources(words)) << 2;
    const bytes = (<usize>W.channels(words)) << 2;
    pickChannels(
      W.affine(words),
      sources,
      2,
      W.gather(words),
      W.channels(words),
      scratch(thread),
      bytes,
    );
  }
  if (W.pool(words) !== 0) applyToRows(words, thread, threads);
  else applyToPixels(words, thread, threads);
}

/** The scales of the output's channels. */
// @ts-ignore: decorator
@inline
function scalesOf(words: usize, thread: i32): usize {
  return W.gather(words) === 0 ? <usize>W.affine(words) : scratch(thread);
}

/** Bytes from a scale to its shift. */
// @ts-ignore: decorator
@inline
function planeOf(words: usize): usize {
  return (<usize>(W.gather(words) === 0 ? W.sources(words) : W.channels(words))) << 2;
}

function applyToPixels(words: usize, thread: i32, threads: i32): void {
  const channels: usize = W.channels(words);
  const gather: usize = W.gather(words);
  const xStep = (<usize>W.xStride(words)) << 2;
  const yStep = (<usize>W.yStride(words)) << 2;
  const picked = scratch(thread) + (channels << 3);
  const scales = scalesOf(words, thread);
  const pixels = images() * W.height(words) * W.width(words);
  const end = shareStart(pixels, thread + 1, threads);
  const most = gather === 0 ? pixels : pixelsToPick(<i32>channels);
  for (let at = shareStart(pixels, thread, threads); at < end; at += most) {
    const count = min(most, end - at);
    let x = <usize>W.x(words) + <usize>at * xStep;
    let step = xStep;
    if (gather !== 0) {
      pickChannels(x, step, count, gather, channels, picked, channels << 2);
      x = picked;
      step = channels << 2;
    }
    const y = <usize>W.y(words) + <usize>at * yStep;
    apply(words, scales, x, step, y, count);
  }
}

function apply(words: usize, scales: usize, x: usize, xStep: usize, y: usize, count: i32): void {
  // As a constant, the activation leaves no choice in the loop.
  if (W.activation(words) === 1) applyAs(words, scales, x, xStep, y, count, 1);
  else applyAs(words, scales, x, xStep, y, count, W.activation(words));
}

// @ts-ignore: decorator
@inline
function applyAs(
  words: usize,
  scales: usize,
  x0: usize,
  xStep: usize,
  y0: usize,
  count: i32,
  activation: i32,
): void {
  const yStep = (<usize>W.yStride(words)) << 2;
  const bytes = (<usize>W.channels(words)) << 2;
  const shifts = scales + planeOf(words);
  for (; count > 0; count -= 4) {
    // Where pixels run out, the first one is done again.
    const x1 = count > 1 ? x0 + xStep : x0;
    const x2 = count > 2 ? x1 + xStep : x0;
    const x3 = count > 3 ? x2 + xStep : x0;
    const y1 = count > 1 ? y0 + yStep : y0;
    const y2 = count > 2 ? y1 + yStep : y0;
    const y3 = count > 3 ? y2 + yStep : y0;
    for (let c: usize = 0; c < bytes; c += 16) {
      const scale = v128.load(scales + c);
      const shift = v128.load(shifts + c);
      const z0 = activated(madd(v128.load(x0 + c), scale, shift), activation);
      const z1 = activated(madd(v128.load(x1 + c), scale, shift), activation);
      const z2 = activated(madd(v128.load(x2 + c), scale, shift), activation);
      const z3 = activated(madd(v128.load(x3 + c), scale, shift), activation);
      v128.store(y0 + c, z0);
      v128.store(y1 + c, z1);
      v128.store(y2 + c, z2);
      v128.store(y3 + c, z3);
    }
    x0 = x3 + xStep;
    y0 = y3 + yStep;
  }
}

function applyToRows(words: usize, thread: i32, threads: i32): void {
  const height = W.height(words);
  const width = W.width(words);
  const rows = height >> 1;
  const columns = width >> 1;
  const channels: usize = W.channels(words);
  const gather: usize = W.gather(words);
  const xStep = (<usize>W.xStride(words)) << 2;
  const yStep = (<usize>W.yStride(words)) << 2;
  const picked = scratch(thread) + (channels << 3);
  const most = gather === 0 ? columns : pixelsToPick(<i32>channels) >> 2;
  const end = shareStart(images() * rows, thread + 1, threads);
  for (let at = shareStart(images() * rows, thread, threads); at < end; at++) {
    const image = at / rows;
    const row = (image * height + ((at - image * rows) << 1)) * width;
    for (let column = 0; column < columns; column += most) {
      const count = min(most, columns - column);
      let upper = <usize>W.x(words) + <usize>(row + (column << 1)) * xStep;
      let lower = upper + <usize>width * xStep;
      let step = xStep;
      if (gather !== 0) {
        step = channels << 2;
        const below = picked + <usize>(count << 1) * step;
        pickChannels(upper, xStep, count << 1, gather, channels, picked, step);
        pickChannels(lower, xStep, count << 1, gather, channels, below, step);
        upper = picked;
        lower = below;
      }
      const y = <usize>W.y(words) + <usize>(at * columns + column) * yStep;
      applyPooled(words, thread, upper, lower, step, y, count);
    }
  }
}

/** `count` windows of two rows. Pools before it activates, which is the same: no activation falls. */
function applyPooled(
  words: usize,
  thread: i32,
  upper: usize,
  lower: usize,
  xStep: usize,
  y: usize,
  count: i32,
): void {
  const activation = W.activation(words);
  const yStep = (<usize>W.yStride(words)) << 2;
  const bytes = (<usize>W.channels(words)) << 2;
  const scales = scalesOf(words, thread);
  const shifts = scales + planeOf(words);
  for (; count > 0; count--) {
    const second = upper + xStep;
    const fourth = lower + xStep;
    for (let c: usize = 0; c < bytes; c += 16) {
      const scale = v128.load(scales + c);
      const shift = v128.load(shifts + c);
      const z0 = madd(v128.load(upper + c), scale, shift);
      const z1 = madd(v128.load(second + c), scale, shift);
      const z2 = madd(v128.load(lower + c), scale, shift);
      const z3 = madd(v128.load(fourth + c), scale, shift);
      const top = maximum(maximum(z0, z1), maximum(z2, z3));
      v128.store(y + c, activated(top, activation));
    }
    upper = second + xStep;
    lower = fourth + xStep;
    y += yStep;
  }
}
