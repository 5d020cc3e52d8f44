/** @file What happens to a product on its way into the map: bias, addition, activation, sums for a BN. */
import { activated } from "./simd";

/**
 * Writes one pixel's `channels` (a multiple of 4), and adds them and their squares to `sums`
 * [2][channels] unless that is 0. `bias` 0 for none.
 */
// @ts-ignore: decorator
@inline
export function writeRow(
  to: usize,
  from: usize,
  channels: i32,
  bias: usize,
  activation: i32,
  accumulate: bool,
  sums: usize,
): void {
  const bytes = (<usize>channels) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    let value = v128.load(from + at);
    if (bias !== 0) value = f32x4.add(value, v128.load(bias + at));
    if (accumulate) value = f32x4.add(value, v128.load(to + at));
    value = activated(value, activation);
    v128.store(to + at, value);
    if (sums !== 0) addToSums(sums + at, bytes, value);
  }
}

/** Adds a vector and its square to the sums at `at` and `at + bytes`. */
// @ts-ignore: decorator
@inline
function addToSums(at: usize, bytes: usize, value: v128): void {
  v128.store(at, f32x4.add(v128.load(at), value));
  const squares = at + bytes;
  v128.store(squares, f32x4.add(v128.load(squares), f32x4.mul(value, value)));
}

/** Adds a block's sums to a thread's in double precision, where long sums lose nothing. */
export function flushSums(sums: usize, partials: usize, channels: i32): void {
  const end = sums + ((<usize>channels) << 3);
  while (sums < end) {
    const pair = v128.load64_zero(sums);
    v128.store(partials, f64x2.add(v128.load(partials), f64x2.promote_low_f32x4(pair)));
    sums += 8;
    partials += 16;
  }
}
