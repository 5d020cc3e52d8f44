/** @file Figures for a person at a terminal: columns, shares, counts. */

import { visible } from "./io.ts";

/** Pads rows into columns; those that hold numbers are set flush right. Cells are made visible first. */
export function table(heads: readonly string[], cells: readonly (readonly string[])[]): string[] {
  const rows = cells.map((row) => row.map(visible));
  const lines = [heads, ...rows];
  const widths = heads.map((_, c) => Math.max(...lines.map((line) => (line[c] ?? "").length)));
  const isNumeric = heads.map(
    (_, c) => rows.length > 0 && rows.every((row) => /^[\d\s.,%+-]*$/.test(row[c] ?? "")),
  );
  return lines.map((line) =>
    heads
      .map((_, c) => {
        const cell = line[c] ?? "";
        return isNumeric[c] ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** `1 234 567`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, " ");
}

/** A share in 0…1 as `12.3 %`. */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** `a of b (−c %)`, for costs before and after. */
export function change(before: number, after: number): string {
  const less = before === 0 ? 0 : 1 - after / before;
  return `${count(after)} of ${count(before)} (${percent(less)} less)`;
}
