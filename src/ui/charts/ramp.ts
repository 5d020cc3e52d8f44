/**
 * @file The layers' one colour ramp, from the input's side to the output's: ink-like greys to leaf and
 * back to clay would say "kept" and "removed", so it runs through hues that mean nothing else, at one
 * lightness per theme (the mix with the ink keeps it readable on paper and on moss).
 */

/** The colour of layer `index` of `count`. */
export function rampColor(index: number, count: number): string {
  const share = count < 2 ? 0 : index / (count - 1);
  const hue = Math.round(205 + 110 * share);
  return `color-mix(in oklab, oklch(0.62 0.11 ${hue}) 80%, var(--ink))`;
}
