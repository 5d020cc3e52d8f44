/**
 * @file The input gradient of a convolution with a stride, taken apart by the pixels' remainder: pixel i
 * takes part in the windows at (i + pad − k) / stride, for those taps k where that is whole. All pixels
 * of one remainder have the same taps, so that each remainder is a convolution without a stride.
 *
 * Example: 3 taps, stride 2, pad 1. Even pixels have tap 1 alone (window i/2); odd ones have tap 0
 * (window (i+1)/2) and tap 2 (window (i−1)/2).
 */

/** The pixels of one remainder, along one axis. */
export interface Phase {
  /** First pixel; the others follow `stride` apart. */
  readonly first: number;
  readonly count: number;
  /** The window that the first pixel's tap belongs to; the next pixel's is the next one. */
  readonly taps: readonly { readonly tap: number; readonly window: number }[];
}

/** The remainders that the axis has pixels of. */
export function phasesOf(
  size: number,
  stride: number,
  padBefore: number,
  pixels: number,
): readonly Phase[] {
  return Array.from({ length: Math.min(stride, pixels) }, (_, first) => ({
    first,
    count: Math.ceil((pixels - first) / stride),
    taps: Array.from({ length: size }, (__, tap) => tap)
      .filter((tap) => (first + padBefore - tap) % stride === 0)
      .map((tap) => ({ tap, window: (first + padBefore - tap) / stride })),
  }));
}
