/**
 * @file What a chart shows, as a table: the same numbers for who reads instead of looks, and as CSV for
 * who calculates on. The file has the numbers themselves, the page has them as people read them.
 */

export type Cell = string | number | null;

export interface ChartColumn {
  /** On the page, with its unit where it has one. */
  readonly title: string;
  /** In the file; words without spaces. */
  readonly name: string;
  /** A number as the page writes it. */
  readonly say?: (value: number) => string;
}

export interface ChartTable {
  readonly columns: readonly ChartColumn[];
  /** A cell for each column; null where nothing is known. */
  readonly rows: readonly (readonly Cell[])[];
}

/** A cell on the page; what is not known is a dash. */
export function cellText({ say = String }: ChartColumn, cell: Cell): string {
  if (typeof cell === "string") return cell;
  return cell === null || !Number.isFinite(cell) ? "\u2013" : say(cell);
}

/** The table as CSV (RFC 4180): comma, CRLF, a point for decimals; empty where nothing is known. */
export function writeCsv({ columns, rows }: ChartTable): string {
  const lines = [columns.map(({ name }): Cell => name), ...rows];
  return lines.map((cells) => `${cells.map(csvField).join(",")}\r\n`).join("");
}

function csvField(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
