/**
 * @file The activations that bend: 1 ELU, 2 leaky ReLU, 3 swish, 4 tanh. All give 0 for 0, so that pads
 * stay zero; all keep NaN, and swish of −∞ is NaN, being −∞·0.
 */
import { images, shareStart } from "./control";
import { exponential, exponentialLess1 } from "./exponential";
import { curveGradientWords, curveWords } from "./instructions.generated";

export function curve(words: usize, thread: i32, threads: i32): void {
  const channels = curveWords.channels(words);
  const xStride = curveWords.xStride(words);
  const yStride = curveWords.yStride(words);
  const kind = curveWords.kind(words);
  const alpha = f32x4.splat(curveWords.alpha(words));
  const pixels = images() * curveWords.pixels(words);
  const start = shareStart(pixels, thread, threads);
  let count = shareStart(pixels, thread + 1, threads) - start;
  let length = channels;
  // Pixels without gaps are one long pixel.
  if (xStride === channels && yStride === channels) {
    length = count * channels;
    count = min(count, 1);
  }
  let x: usize = curveWords.x(words) + ((start * xStride) << 2);
  let y: usize = curveWords.y(words) + ((start * yStride) << 2);
  for (; count > 0; count--) {
    for (let at: usize = 0; at < (<usize>length) << 2; at += 16) {
      v128.store(y + at, curved(v128.load(x + at), kind, alpha));
    }
    x += (<usize>xStride) << 2;
    y += (<usize>yStride) << 2;
  }
}

export function curveGradient(words: usize, thread: i32, threads: i32): void {
  const channels = curveGradientWords.channels(words);
  const zStride = curveGradientWords.zStride(words);
  const dyStride = curveGradientWords.dyStride(words);
  const dxStride = curveGradientWords.dxStride(words);
  const kind = curveGradientWords.kind(words);
  const alpha = f32x4.splat(curveGradientWords.alpha(words));
  const accumulate = curveGradientWords.accumulate(words) !== 0;
  const pixels = images() * curveGradientWords.pixels(words);
  const start = shareStart(pixels, thread, threads);
  let count = shareStart(pixels, thread + 1, threads) - start;
  let length = channels;
  if (zStride === channels && dyStride === channels && dxStride === channels) {
    length = count * channels;
    count = min(count, 1);
  }
  let z: usize = curveGradientWords.z(words) + ((start * zStride) << 2);
  let dy: usize = curveGradientWords.dy(words) + ((start * dyStride) << 2);
  let dx: usize = curveGradientWords.dx(words) + ((start * dxStride) << 2);
  for (; count > 0; count--) {
    for (let at: usize = 0; at < (<usize>length) << 2; at += 16) {
      const g = f32x4.mul(v128.load(dy + at), slope(v128.load(z + at), kind, alpha));
      v128.store(dx + at, accumulate ? f32x4.add(v128.load(dx + at), g) : g);
    }
    z += (<usize>zStride) << 2;
    dy += (<usize>dyStride) << 2;
    dx += (<usize>dxStride) << 2;
  }
}

// @ts-ignore: decorator
@inline
function curved(x: v128, kind: i32, alpha: v128): v128 {
  if (kind === 3) return f32x4.mul(x, sigmoid(x));
  if (kind === 4) return tanh(x);
  const below = f32x4.mul(alpha, kind === 1 ? exponentialLess1(x) : x);
  return v128.bitselect(x, below, f32x4.gt(x, f32x4.splat(0)));
}

/** The slope, by swish's input or the other curves' output; at 0 that of the side below. */
// @ts-ignore: decorator
@inline
function slope(z: v128, kind: i32, alpha: v128): v128 {
  const one = f32x4.splat(1);
  if (kind === 3) {
    const away = f32x4.mul(z, sigmoid(f32x4.neg(z)));
    return f32x4.mul(sigmoid(z), f32x4.add(one, away));
  }
  if (kind === 4) return f32x4.sub(one, f32x4.mul(z, z));
  const below = kind === 1 ? f32x4.add(z, alpha) : alpha;
  return v128.bitselect(one, below, f32x4.gt(z, f32x4.splat(0)));
}

/** 1 / (1 + e⁻ˣ), by the power that is at most 1: eˣ / (1 + eˣ) below 0. */
// @ts-ignore: decorator
@inline
function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exponential(f32x4.neg(f32x4.abs(x)));
  const above = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(above, f32x4.add(one, e));
}

/** tanh|x| = −m / (2 + m) with m = exp(−2|x|) − 1, under the sign of x. */
// @ts-ignore: decorator
@inline
function tanh(x: v128): v128 {
  const m = exponentialLess1(f32x4.mul(f32x4.abs(x), f32x4.splat(-2)));
  const size = f32x4.div(m, f32x4.add(f32x4.splat(2), m));
  return v128.bitselect(x, size, f32x4.splat(-0.0));
}
