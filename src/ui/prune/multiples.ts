/** @file Where the small histograms of the layers stand: one row each, names left, counts right. Pure. */
import type { Layer } from "../../state/index.ts";

/** Height of one, CSS pixels. */
export const MULTIPLE = 28;
/** Width of a letter or a digit of its words, CSS pixels. */
const LETTER = 7.6;
/** What names may take of the width. */
const MOST_NAME = 0.36;

/** Where the axis is, beside names and counts. */
export function layoutMultiples(
  layers: readonly Pick<Layer, "name" | "of">[],
  width: number,
): { readonly x: number; readonly width: number } {
  const longest = layers.reduce((most, { name }) => Math.max(most, name.length), 0);
  const digits = layers.reduce((most, { of }) => Math.max(most, String(of).length), 0);
  const x = Math.min(Math.ceil(longest * LETTER) + 10, Math.floor(width * MOST_NAME));
  const count = Math.ceil((2 * digits + 3) * LETTER) + 6;
  return { x, width: Math.max(0, width - x - count) };
}

/** The rows of which anything is in sight, [first, end). */
export function multiplesWithin(
  rows: number,
  top: number,
  height: number,
): readonly [first: number, end: number] {
  const first = Math.max(0, Math.floor(top / MULTIPLE));
  return [Math.min(rows, first), Math.min(rows, Math.ceil((top + height) / MULTIPLE))];
}
