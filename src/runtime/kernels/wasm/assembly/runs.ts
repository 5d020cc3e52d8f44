/** @file How many pixels a kernel takes at a time. */

/**
 * Pixels that may be summed up in single precision before the sum goes to a double: their squares then
 * keep five digits of their mean.
 */
export const LONGEST_SUM: i32 = 256;

/** Floats of a copy of selected channels: as many as stay in the first-level cache. */
const COPY: i32 = 4096;

/** Pixels to copy at a time, each with `channels` selected ones; a multiple of 4. */
// @ts-ignore: decorator
@inline
export function pixelsToPick(channels: i32): i32 {
  return max(4, (COPY / channels) & ~3);
}
