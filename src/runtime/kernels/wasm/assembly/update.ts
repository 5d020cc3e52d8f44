/** @file The update: copies, SGD over a flat arena, what is held at zero, and the look for what is not finite. */
import { barrier, shareStart } from "./control";
import {
  CONTROL_LEARNING_RATE,
  CONTROL_MOMENTUM,
  CONTROL_NOT_FINITE,
  CONTROL_PROXIMAL,
  CONTROL_SPARSITY,
  CONTROL_STAGE,
  CONTROL_WEIGHT_DECAY,
  checkFiniteWords,
  copyWords as W,
  freezeWords,
  sgdWords,
} from "./instructions.generated";
import { madd } from "./simd";

export function copy(words: usize, thread: i32, threads: i32): void {
  const count = W.count(words);
  const start = shareStart(count, thread, threads);
  const end = shareStart(count, thread + 1, threads);
  memory.copy(
    <usize>W.to(words) + ((<usize>start) << 2),
    <usize>W.from(words) + ((<usize>start) << 2),
    (<usize>(end - start)) << 2,
  );
}

/** Floats of a cache line, so that no two threads write one. */
const LINE: i32 = 16;

/** As shareStart, but at the beginning of a cache line. */
// @ts-ignore: decorator
@inline
function lineStart(count: i32, thread: i32, threads: i32): i32 {
  return min(count, shareStart((count + LINE - 1) / LINE, thread, threads) * LINE);
}

/**
 * PyTorch's SGD: g ← g + wd·w; v ← m·v + g; w ← w − lr·v. On the ranges in `scales`,
 * which ascend and do not overlap, the subgradient of s·|w| is added to g first, with sign(0) = 0
 * (Liu et al. 2017); or the step ends with w ← sign(w)·max(|w| − lr·s, 0) (Parikh & Boyd 2014, §6.5.2).
 *
 * Weights and velocities are all in `shadow` before the stage says that they change, and changed
 * before it says so: whoever finds stage 1 in the memory of workers that are gone can take `shadow`.
 */
export function sgd(words: usize, thread: i32, threads: i32): void {
  const count = sgdWords.count(words);
  const start = lineStart(count, thread, threads);
  const end = lineStart(count, thread + 1, threads);
  const shadow = <usize>sgdWords.shadow(words) + ((<usize>start) << 2);
  const bytes = (<usize>(end - start)) << 2;
  memory.copy(shadow, <usize>sgdWords.weights(words) + ((<usize>start) << 2), bytes);
  memory.copy(
    shadow + ((<usize>count) << 2),
    <usize>sgdWords.velocities(words) + ((<usize>start) << 2),
    bytes,
  );
  barrier(threads);
  store<i32>(CONTROL_STAGE, 1);
  const sparsity = load<f32>(CONTROL_SPARSITY);
  const isProximal = load<i32>(CONTROL_PROXIMAL) !== 0;
  const pull: f32 = isProximal ? 0 : sparsity;
  const threshold: f32 = isProximal ? load<f32>(CONTROL_LEARNING_RATE) * sparsity : 0;
  let at = start;
  let areFinite = true;
  const pairs: usize = sgdWords.scales(words);
  for (let pair = 0; pair < sgdWords.scaleCount(words) && at < end; pair++) {
    const from = min(end, max(at, load<i32>(pairs + ((<usize>pair) << 3))));
    const to = min(end, max(from, load<i32>(pairs + ((<usize>pair) << 3), 4)));
    if (!updateRange(words, at, from, 0, 0)) areFinite = false;
    if (!updateRange(words, from, to, pull, threshold)) areFinite = false;
    at = to;
  }
  if (!updateRange(words, at, end, 0, 0)) areFinite = false;
  if (!areFinite) store<i32>(CONTROL_NOT_FINITE, 1);
  barrier(threads);
  if (thread === 0) store<i32>(CONTROL_STAGE, 2);
}

/** @returns whether all of the new weights [start, end) are finite */
function updateRange(words: usize, start: i32, end: i32, pull: f32, threshold: f32): bool {
  const rate = f32x4.splat(-load<f32>(CONTROL_LEARNING_RATE));
  const momentum = f32x4.splat(load<f32>(CONTROL_MOMENTUM));
  const decay = f32x4.splat(load<f32>(CONTROL_WEIGHT_DECAY));
  const isPlain = pull === 0 && threshold === 0;
  const weights = <usize>sgdWords.weights(words) + ((<usize>start) << 2);
  const gradients = <usize>sgdWords.gradients(words) + ((<usize>start) << 2);
  const velocities = <usize>sgdWords.velocities(words) + ((<usize>start) << 2);
  // 0 times a weight is 0, or NaN when the weight is not finite.
  let traces = f32x4.splat(0);
  const bytes = (<usize>(end - start)) << 2;
  const whole = bytes & ~15;
  for (let at: usize = 0; at < whole; at += 16) {
    const old = v128.load(weights + at);
    let g = v128.load(gradients + at);
    if (!isPlain) g = f32x4.add(g, withSignOf(old, f32x4.splat(pull)));
    const v = madd(momentum, v128.load(velocities + at), madd(decay, old, g));
    let w = madd(rate, v, old);
    if (!isPlain) w = shrunk(w, f32x4.splat(threshold));
    v128.store(velocities + at, v);
    v128.store(weights + at, w);
    traces = madd(w, f32x4.splat(0), traces);
  }
  let areFinite = areNumbers(traces);
  for (let at = whole; at < bytes; at += 4) {
    const old = v128.load32_zero(weights + at);
    let g = v128.load32_zero(gradients + at);
    if (!isPlain) g = f32x4.add(g, withSignOf(old, f32x4.splat(pull)));
    const v = madd(momentum, v128.load32_zero(velocities + at), madd(decay, old, g));
    let w = madd(rate, v, old);
    if (!isPlain) w = shrunk(w, f32x4.splat(threshold));
    v128.store32_lane(velocities + at, v, 0);
    v128.store32_lane(weights + at, w, 0);
    if (!areNumbers(f32x4.mul(w, f32x4.splat(0)))) areFinite = false;
  }
  return areFinite;
}

/** The magnitude with the sign of x, 0 where x is. */
// @ts-ignore: decorator
@inline
function withSignOf(x: v128, magnitude: v128): v128 {
  const sign = v128.and(x, f32x4.splat(-0.0));
  return v128.and(v128.or(magnitude, sign), f32x4.ne(x, f32x4.splat(0)));
}

/** sign(x)·max(|x| − threshold, 0). */
// @ts-ignore: decorator
@inline
function shrunk(x: v128, threshold: v128): v128 {
  const rest = f32x4.pmax(f32x4.sub(f32x4.abs(x), threshold), f32x4.splat(0));
  return v128.or(rest, v128.and(x, f32x4.splat(-0.0)));
}

// @ts-ignore: decorator
@inline
function areNumbers(x: v128): bool {
  return !v128.any_true(f32x4.ne(x, x));
}

/** Gradients of weights that are held at zero become 0, whatever they were. */
export function freeze(words: usize, thread: i32, threads: i32): void {
  const values: usize = freezeWords.values(words);
  const alive: usize = freezeWords.alive(words);
  const count = freezeWords.count(words);
  const end = lineStart(count, thread + 1, threads);
  let at = lineStart(count, thread, threads);
  for (; at + 4 <= end; at += 4) {
    const bytes = v128.load32_zero(alive + <usize>at);
    const marks = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
    const place = values + ((<usize>at) << 2);
    const lives = i32x4.ne(marks, i32x4.splat(0));
    v128.store(place, v128.and(v128.load(place), lives));
  }
  for (; at < end; at++) {
    if (load<u8>(alive + <usize>at) === 0) store<f32>(values + ((<usize>at) << 2), 0);
  }
}

export function checkFinite(words: usize, thread: i32, threads: i32): void {
  const values: usize = checkFiniteWords.values(words);
  const count = checkFiniteWords.count(words);
  const end = (<usize>lineStart(count, thread + 1, threads)) << 2;
  let at = (<usize>lineStart(count, thread, threads)) << 2;
  let traces = f32x4.splat(0);
  for (; at + 16 <= end; at += 16) {
    traces = madd(v128.load(values + at), f32x4.splat(0), traces);
  }
  for (; at < end; at += 4) {
    traces = madd(v128.load32_zero(values + at), f32x4.splat(0), traces);
  }
  if (!areNumbers(traces)) store<i32>(CONTROL_NOT_FINITE, 1);
}
