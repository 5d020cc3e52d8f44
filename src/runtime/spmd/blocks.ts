/**
 * @file Memory that has no address yet. Lowering speaks of blocks and places in them; when all
 * instructions are known, `link.ts` gives each block its bytes. Nobody says when a block is needed:
 * a passing block lives from the first instruction that names it to the last.
 */

export interface Block {
  /** For messages and tests. */
  readonly name: string;
  readonly bytes: number;
  /** Kept blocks have bytes of their own for good; constants are kept and never written. */
  readonly kind: "passing" | "kept" | "constant";
}

/** A byte in a block. */
export interface Place {
  readonly block: Block;
  readonly offset: number;
}

/** The start of a block. */
export function startOf(block: Block): Place {
  return { block, offset: 0 };
}

/** So many floats further on. */
export function ahead({ block, offset }: Place, floats: number): Place {
  return { block, offset: offset + floats * 4 };
}

/** A constant block's values. */
export interface Constant {
  readonly block: Block;
  readonly values: Int32Array;
}

/** All blocks of one memory. */
export class Blocks {
  readonly kept: Block[] = [];
  readonly #constants = new Map<string, Constant>();

  passing(name: string, bytes: number): Place {
    return startOf({ name, bytes, kind: "passing" });
  }

  keep(name: string, bytes: number): Place {
    const block: Block = { name, bytes, kind: "kept" };
    this.kept.push(block);
    return startOf(block);
  }

  /** Whole numbers that kernels look up. Equal tables share a block. */
  table(values: readonly number[]): Place {
    const key = values.join();
    const before = this.#constants.get(key);
    if (before !== undefined) return startOf(before.block);
    const block: Block = { name: `table ${key}`, bytes: values.length * 4, kind: "constant" };
    this.#constants.set(key, { block, values: Int32Array.from(values) });
    return startOf(block);
  }

  get constants(): readonly Constant[] {
    return [...this.#constants.values()];
  }
}
