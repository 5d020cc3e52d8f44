/**
 * @file How much scratch memory of its own a thread needs for an instruction. The kernels take it for
 * granted: what they put there is a block of gathered rows, or of transforms.
 */
import type { InstructionName } from "./instructions.ts";
import { panelsOf } from "./lower/task.ts";
import { planesOf } from "./lower/winograd.ts";

/** For every kernel that needs little, and to spare: tables, one pixel's sums, a run of pixels. */
const LEAST_BYTES = 1024 * 1024;
/** Most pixels that are gathered at once. */
const GATHERED_PIXELS = 128;
/** Between planes and behind tables. */
const SKEW_BYTES = 64;
const TABLE_BYTES = 4096;
/** What transforming a panel needs beside the panel. */
const PANEL_BYTES = 16 * 1024;

type Given = Readonly<Record<string, number>>;

/** One pixel's sums in single and double precision. */
function sumsOf({ filters = 0 }: Given): number {
  return panelsOf(filters) * 8 * 16 + TABLE_BYTES;
}

function gathered(words: Given): number {
  const { channels = 0, filters = 0, taps = 0 } = words;
  return GATHERED_PIXELS * (taps * channels + 16 + panelsOf(filters) * 8) * 4 + sumsOf(words);
}

function transformed(words: Given): number {
  const { channels = 0, filters = 0, tiles = 0, variant = 2 } = words;
  const planes = planesOf(variant);
  const both = tiles * (channels + panelsOf(filters) * 8 + 32) * 4 + 2 * SKEW_BYTES;
  // One panel's weights, where they are transformed on the way.
  const panel = channels * 32 + SKEW_BYTES;
  return planes * (both + panel) + PANEL_BYTES + sumsOf(words);
}

const NEEDS: Readonly<Partial<Record<InstructionName, (words: Given) => number>>> = {
  convGemm: gathered,
  convGemmGradient: gathered,
  winograd: transformed,
  winogradGradient: transformed,
};

/** Bytes a thread needs; the same whatever the batch. */
export function scratchBytes(name: InstructionName, words: Given): number {
  return LEAST_BYTES + (NEEDS[name]?.(words) ?? 0);
}
