/**
 * @file Disjoint sets over 0 … n−1. The representative of a set is always its smallest member, so
 * that "first in forward order" is a property of the structure and not of the order of the unions.
 */
import { known } from "../core/index.ts";

/** Disjoint sets, all singletons at first. */
export class UnionFind {
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, i) => i);
  }

  /** The smallest member of the set that `item` is in; amortized near O(1) by path halving. */
  find(item: number): number {
    const parent = this.#parent;
    let at = item;
    for (;;) {
      const up = known(parent[at], "parent");
      if (up === at) return at;
      const top = parent[up] as number;
      parent[at] = top;
      at = top;
    }
  }

  /** Makes one set of two. */
  union(a: number, b: number): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    if (rootA < rootB) this.#parent[rootB] = rootA;
    else this.#parent[rootA] = rootB;
  }
}
