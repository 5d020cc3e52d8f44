/**
 * @file Where streams run beside the rows: for every row the branch that it is in, and whether the stream
 * forks off above it, joins below it, or has come from the row before.
 */
import type { Branch } from "./engine.ts";

/** The stream beside one row. */
export interface StreamRow {
  readonly kind: "sum" | "concat";
  /** True on the first row of the branch. */
  readonly opens: boolean;
  /** True on its last row. */
  readonly closes: boolean;
  /** Whether the row above ends where this one begins, so that a growing stream goes on. */
  readonly comesOn: boolean;
  /** The same for the row below. */
  readonly goesOn: boolean;
  /** Where it joins. */
  readonly join: string;
  /** Channels of the stream beside the row, and behind the join. */
  readonly channels: readonly [before: number, after: number];
}

/**
 * For every row its stream, or null beside none. A row within several branches is in the smallest.
 * @param rows — the layer that each row is named after; null for a row that stands for several
 */
export function streamRows(
  branches: readonly Branch[],
  rows: readonly (string | null)[],
): readonly (StreamRow | null)[] {
  const bySize = branches.toSorted((a, b) => a.inside.size - b.inside.size);
  const branchOf = rows.map((row) =>
    row === null ? undefined : bySize.find(({ inside }) => inside.has(row)),
  );
  return branchOf.map((branch, i): StreamRow | null => {
    if (branch === undefined) return null;
    const [above, below] = [branchOf[i - 1], branchOf[i + 1]];
    const { kind, join, channels } = branch;
    return {
      kind,
      join,
      channels,
      opens: above !== branch,
      closes: below !== branch,
      comesOn: above !== branch && above?.join === branch.fork,
      goesOn: below !== branch && below?.fork === branch.join,
    };
  });
}
