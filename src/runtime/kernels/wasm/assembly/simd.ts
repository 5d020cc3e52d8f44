/** @file The few vector operations that depend on the build, and activations with their gradients. */

/** a·b + c; fused where the build has it. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * Applies an activation: 0 none, 1 ReLU, 2 ReLU6. NaN stays NaN: `pmax` and `pmin` keep their first
 * operand when the comparison fails, and are one machine instruction where `max` and `min` are eight.
 */
// @ts-ignore: decorator
@inline
export function activated(x: v128, activation: i32): v128 {
  if (activation === 0) return x;
  const y = f32x4.pmax(x, f32x4.splat(0));
  return activation === 2 ? f32x4.pmin(y, f32x4.splat(6)) : y;
}

/**
 * The greater one, NaN when one of them is: `pmax` keeps a NaN in front, the comparison adds one
 * behind. `max` would do the same in eight instructions.
 */
// @ts-ignore: decorator
@inline
export function maximum(a: v128, b: v128): v128 {
  return v128.or(f32x4.pmax(a, b), f32x4.ne(b, b));
}

/**
 * Keeps a gradient where ReLU (1) or ReLU6 (2) lets it through; the derivative at 0 and at 6 is 0.
 * `z` may be what went into the activation or what came out of it.
 */
// @ts-ignore: decorator
@inline
export function passed(gradient: v128, z: v128, activation: i32): v128 {
  if (activation === 0) return gradient;
  const open = v128.and(gradient, f32x4.gt(z, f32x4.splat(0)));
  return activation === 2 ? v128.and(open, f32x4.lt(z, f32x4.splat(6))) : open;
}

/** Zeroes a few channels; memory.fill, a call, only pays for many. `bytes` is a multiple of 16. */
// @ts-ignore: decorator
@inline
export function clearChannels(at: usize, bytes: usize): void {
  for (let c: usize = 0; c < bytes; c += 16) v128.store(at + c, f32x4.splat(0));
}
