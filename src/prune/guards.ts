/**
 * @file The guard: no layer ever empties, whatever the ratio. In every layer of every group the last
 * max(1, ⌈share · width⌉) channels of the line are protected (METHODS C2). They are chosen once, before
 * any ratio is known, so that guarded plans stay nested. It guards layers and not only groups: of
 * add(concat(a, b), c) one group remains while any channel does, but then a or b might be gone.
 *
 * Example: layers a = [5, 6], b = [1, 2] in one line 1 2 5 6 → protected are 6 in a and 2 in b; when
 * two are to go, b's 2 stays, one goes, and b is reported.
 */
import { AppError, known } from "../core/index.ts";
import type { Ranking } from "./allocate/global-threshold.ts";
import { classesOf, type GroupTable } from "./groups.ts";

export interface Guards {
  /** By class: 1 where it stays at any ratio. */
  readonly isProtected: Uint8Array;
  /** The protected positions of the line, ascending. */
  readonly positions: Int32Array;
}

/**
 * Chooses what stays at any ratio.
 * @param minimumShare — of each layer's channels, in [0, 1]; at 0 one channel stays
 * @throws prune/bad-ratio when the share is out of range
 */
export function guardLayers(table: GroupTable, ranking: Ranking, minimumShare: number): Guards {
  if (!(minimumShare >= 0 && minimumShare <= 1)) {
    throw new AppError("prune/bad-ratio", {
      where: "minimum share",
      expected: "a number from 0 to 1",
      found: String(minimumShare),
      hint: "choose a share from 0 to 1",
    });
  }
  const { rank } = ranking;
  const isProtected = new Uint8Array(table.classCount);
  for (const group of table.groups) {
    if (known(rank[group.start], "rank") < 0) continue;
    for (const layer of group.layers) {
      // A grouped convolution has each class once per group; what counts is how many are left.
      const places = [...new Set(classesOf(table, layer))].map((c) => rank[c] as number);
      places.sort((a, b) => b - a);
      // The slack forgives 0.07 · 100 = 7.000000000000001.
      const least = Math.max(1, Math.ceil(minimumShare * places.length - 1e-9));
      for (const place of places.slice(0, least)) {
        isProtected[known(ranking.order[place], "class")] = 1;
      }
    }
  }
  return { isProtected, positions: ranking.rank.filter((p, c) => p >= 0 && isProtected[c]).sort() };
}
