/** @file What can be done with a chart's numbers: read them as a table, and take them away as CSV or SVG. */
import { download } from "../parts/download.ts";
import { cellText, writeCsv, type ChartTable } from "./chart-table.ts";
import styles from "./ChartFrame.module.css";

interface ChartToolsProps {
  /** What files of it are called, without an ending. */
  readonly file: string;
  /** Made when it is asked for. */
  readonly table: () => ChartTable;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
  /** The drawing as a file; null while there is none to save. */
  readonly svg: (() => string | null) | null;
}

export function ChartTools({ file, table, isTable, onTable, svg }: ChartToolsProps) {
  return (
    <div className={styles.tools}>
      <button type="button" className={styles.view} onClick={() => onTable(!isTable)}>
        {isTable ? "As chart" : "As table"}
      </button>
      <SaveCsv file={file} table={table} />
      <button
        type="button"
        disabled={svg === null}
        onClick={() => {
          const text = svg?.() ?? null;
          if (text !== null) saveText(`${file}.svg`, text);
        }}
        title="Save the drawing"
      >
        SVG
      </button>
    </div>
  );
}

export function SaveCsv({ file, table }: Pick<ChartToolsProps, "file" | "table">) {
  return (
    <button
      type="button"
      className={styles.save}
      title="Save the numbers"
      onClick={() => saveText(`${file}.csv`, writeCsv(table()))}
    >
      CSV
    </button>
  );
}

function saveText(name: string, text: string): void {
  download({ name, bytes: new TextEncoder().encode(text) });
}

/** The table that a chart is made of. */
export function Numbers({ title, columns, rows }: ChartTable & { readonly title: string }) {
  return (
    // A long table is scrolled by keyboard too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.numbers} role="region" aria-label={`${title}, numbers`} tabIndex={0}>
      <table aria-label={title}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col">
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, i) => (
            // Rows have no names of their own and are never moved.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={i}>
              {columns.map((column, at) => (
                <td key={column.name}>{cellText(column, cells[at] ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
