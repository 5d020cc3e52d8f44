/** @file What was found for each file, as lines or as a table. */

import { quantile } from "../machine.ts";

/** One file that was dropped; times in milliseconds. */
export interface Opening {
  readonly file: string;
  /** Until it is open, by the clock. */
  readonly open: number;
  /** Of the workers' processor, until then. */
  readonly work: number;
  /** The page's longest task meanwhile, by the clock. */
  readonly longest: number;
  /** After a cancel, until the page is calm; null where none was made. */
  readonly calm: number | null;
}

/** The median of each figure, over the rounds of one file. */
export function medianOf(rounds: readonly Opening[]): Opening {
  const [first] = rounds;
  if (first === undefined) throw new Error("no rounds");
  const of = (pick: (one: Opening) => number): number => quantile(rounds.map(pick), 0.5);
  return {
    file: first.file,
    open: of(({ open }) => open),
    work: of(({ work }) => work),
    longest: of(({ longest }) => longest),
    calm: first.calm === null ? null : of(({ calm }) => calm ?? 0),
  };
}

/** A table for docs/performance.md. */
export function markdownOf(openings: readonly Opening[]): string {
  const rows = openings.map(({ file, open, work, longest, calm }) =>
    [file, ...[open, work, longest].map(whole), calm === null ? "" : whole(calm)].join(" | "),
  );
  return [
    "| file | open by the clock, ms | workers' processor, ms | longest task of the page, ms | calm after a cancel, ms |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

function whole(ms: number): string {
  return ms.toFixed(0);
}
