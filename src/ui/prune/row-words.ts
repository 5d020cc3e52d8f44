/** @file A layer's row in words, for who listens: what stands in its cells, and not what its tools would do. Pure. */
import { count, percent, plural } from "../format.ts";

export interface RowFacts {
  readonly name: string;
  /** How many more layers go together with it. */
  readonly others: number;
  readonly kept: number;
  /** What it began with. */
  readonly whole: number;
  readonly isLocked: boolean;
  readonly isByHand: boolean;
  /** A guard stopped it. */
  readonly isHeld: boolean;
  /** How much of it can go alone before a point of accuracy is lost; null while that is not known. */
  readonly within: number | null;
}

/** Such as `conv3 keeps 12 of 28 channels, by hand, 11 % can go alone within 1 point`. */
export function spokenRow(row: RowFacts): string {
  const { name, others, kept, whole, isLocked, isByHand, isHeld, within } = row;
  const company = others === 0 ? "" : ` and ${plural(others, "more layer")}`;
  const parts = [
    `${name}${company} ${others === 0 ? "keeps" : "keep"} ${count(kept)} of ${plural(whole, "channel")}`,
    isLocked ? "locked" : "",
    isByHand ? "by hand" : "",
    isHeld ? "stopped by the guard" : "",
    within === null ? "" : `${percent(within, 0)} can go alone within 1 point`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
