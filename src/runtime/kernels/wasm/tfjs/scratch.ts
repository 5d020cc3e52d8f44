/**
 * @file How many bytes of scratch memory an instruction takes for granted: a block of gathered rows, or
 * of transformed tiles. Upper bounds; what exactly lies there is the kernels' own affair.
 */
import type { InstructionName } from "../../../spmd/instructions.ts";

/** Tables of addresses, one tile, one panel's transform, and what keeps blocks apart. */
const SMALL_BYTES = 32 * 1024;
/** Most pixels whose sources are gathered at once. */
const GATHERED_PIXELS = 128;
/** What a plane of transforms has beside its tiles. */
const PLANE_BYTES = 256;

/** Columns of a product come in panels of 8. */
export const columnsOf = (filters: number): number => Math.ceil(filters / 8) * 8;

/** Tiles of `variant` × `variant` outputs read two pixels more each way. */
export const planesOf = (variant: number): number => (variant + 2) ** 2;

/** @param of — a word of the instruction by name, 0 where it has none */
export function scratchBytes(name: InstructionName, of: (key: string) => number): number {
  const [channels, columns] = [of("channels"), columnsOf(of("filters"))];
  const sums = columns * 16;
  if (name === "convGemm" || name === "convGemmGradient") {
    const row = of("taps") * channels + columns + 16;
    return SMALL_BYTES + sums + GATHERED_PIXELS * row * 4;
  }
  if (name === "winograd" || name === "winogradGradient") {
    const tiles = of("tiles") * (channels + columns) * 4;
    // One panel's weights, where they are transformed on the way.
    const weights = channels * 32;
    return SMALL_BYTES + sums + planesOf(of("variant")) * (tiles + weights + PLANE_BYTES);
  }
  return SMALL_BYTES;
}
