/**
 * @file The guard: no layer ever empties, whatever the ratio. In every layer of every group the last
 * max(1, ⌈share · width⌉) channels of the line are protected (ours). They are chosen once, before
 * any ratio is known, so that guarded plans stay nested. It guards layers and not only groups: of
 * add(concat(a, b), c) one group remains while any channel does, but then a or b might be gone.
 *
 * Example: layers a = [5, 6], b = [1, 2] in one line 1 2 5 6 → protected are 6 in a and 2 in b; when
 * two are to go, b's 2 stays, one goes, and b is reported.
 */
import { AppError } from "../core/index.ts";
import { classesOf, type Group, type GroupTable } from "./groups.ts";

/**
 * Refuses what is no share.
 * @throws prune/bad-ratio
 */
export function checkShare(share: number): void {
  if (share >= 0 && share <= 1) return;
  throw new AppError("prune/bad-ratio", {
    where: "minimum share",
    expected: "a number from 0 to 1",
    found: String(share),
    hint: "choose a share from 0 to 1",
  });
}

/**
 * Marks the channels of one group that stay at any ratio.
 * @param rank — by class: higher stays longer
 * @param minimumShare — of each layer's channels, in [0, 1]; at 0 one channel stays
 * @returns by channel, 1 where it is protected
 */
export function protectedIn(
  table: GroupTable,
  { start, size, layers }: Group,
  rank: Int32Array,
  minimumShare: number,
): Uint8Array {
  const isProtected = new Uint8Array(size);
  for (const layer of layers) {
    // A grouped convolution has each class once per group; what counts is how many are left.
    const classes = Int32Array.from(new Set(classesOf(table, layer)));
    classes.sort((a, b) => (rank[b] as number) - (rank[a] as number));
    // The slack forgives 0.07 · 100 = 7.000000000000001.
    const least = Math.max(1, Math.ceil(minimumShare * classes.length - 1e-9));
    for (const c of classes.subarray(0, least)) isProtected[c - start] = 1;
  }
  return isProtected;
}
