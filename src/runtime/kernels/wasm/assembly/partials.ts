/**
 * @file Sums by channel that threads collect apart: [threads][2][channels] doubles. What goes in are
 * short sums in single precision, a few hundred values each, so that rounding does not add up.
 */

/** Where a thread's block begins. */
// @ts-ignore: decorator
@inline
export function partialsOf(partials: usize, thread: i32, channels: i32): usize {
  return partials + ((<usize>thread * <usize>channels) << 4);
}

/** Adds four floats to the four doubles at `at`. */
// @ts-ignore: decorator
@inline
export function addToDoubles(at: usize, values: v128): void {
  const high = v128.shuffle<f32>(values, values, 2, 3, 2, 3);
  v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(values)));
  v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** Adds one channel's sums up over all threads; `which` is 0 or 1. */
export function totalOf(
  partials: usize,
  which: i32,
  channel: i32,
  channels: i32,
  threads: i32,
): f64 {
  let total: f64 = 0;
  let at = partials + ((<usize>(which * channels + channel)) << 3);
  for (let thread = 0; thread < threads; thread++) {
    total += load<f64>(at);
    at += (<usize>channels) << 4;
  }
  return total;
}
