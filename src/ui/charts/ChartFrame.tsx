/**
 * @file What every chart has around it: its title, the same numbers as a table, and both to take away, as
 * CSV and as SVG.
 */
import { useId, useRef, useState, type ReactNode } from "react";
import { download } from "../parts/download.ts";
import { cellText, writeCsv, type ChartTable } from "./chart-table.ts";
import styles from "./ChartFrame.module.css";
import { writeSvg } from "./write-svg.ts";

interface ChartFrameProps {
  readonly title: string;
  /** What files of it are called, without an ending. */
  readonly file: string;
  /** Made when it is asked for. */
  readonly table: () => ChartTable;
  /** The chart; its first drawing is what is saved. */
  readonly children: ReactNode;
  /** Choices of the chart's own, beside its title. */
  readonly tools?: ReactNode;
}

export function ChartFrame({ title, file, table, children, tools }: ChartFrameProps) {
  const [isTable, setIsTable] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const titleId = useId();
  const saveSvg = (): void => {
    const drawing = body.current?.querySelector("svg");
    if (drawing) saveText(`${file}.svg`, writeSvg(drawing));
  };
  return (
    <figure aria-labelledby={titleId} className={styles.frame}>
      <div className={styles.head}>
        <h3 id={titleId}>{title}</h3>
        {tools}
        <div className={styles.tools}>
          <button type="button" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
            As table
          </button>
          <SaveCsv file={file} table={table} />
          <button type="button" disabled={isTable} onClick={saveSvg} title="Save the drawing">
            SVG
          </button>
        </div>
      </div>
      <div ref={body}>{isTable ? <Numbers title={title} {...table()} /> : children}</div>
    </figure>
  );
}

export function SaveCsv({ file, table }: Pick<ChartFrameProps, "file" | "table">) {
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

function Numbers({ title, columns, rows }: ChartTable & { readonly title: string }) {
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
