/** @file A folded stage in the sheet, with its totals; a press anywhere on it unfolds it. */
import type { Columns, SheetRow } from "../charts/row-layout.ts";
import { count, plural } from "../format.ts";
import { stageId, type LayerCells } from "./LayerRow.tsx";
import { StageLabel } from "./StageLabel.tsx";
import styles from "./LayerSheet.module.css";

interface StageRowProps {
  readonly row: SheetRow;
  readonly resolution: number;
  /** Channels of all its layers. */
  readonly of: number;
  /** The same before anything was cut. */
  readonly whole: number;
  /** Among the rows. */
  readonly at: number;
  /** In its group, CSS pixels. */
  readonly top: number;
  readonly columns: Columns;
  readonly onMount: (cells: LayerCells | null) => void;
}

export function StageRow({ row, resolution, of, whole, at, top, columns, onMount }: StageRowProps) {
  const { name, count: counts } = columns;
  return (
    <div
      role="row"
      id={stageId(row.stage)}
      aria-rowindex={at + 1}
      className={styles.row}
      data-stage={row.stage}
      data-folded="true"
      style={{ top, height: row.height, lineHeight: `${row.line}px` }}
      ref={(element) => {
        const kept = element?.querySelector<HTMLElement>("b");
        onMount(element && kept ? { row: element, count: kept } : null);
      }}
    >
      <span
        role="rowheader"
        className={styles.name}
        style={{ left: name.x, width: name.width }}
        title={`${plural(row.end - row.first, "layer")} at ${resolution} × ${resolution}, folded`}
      >
        <span className={styles.nameText}>
          {columns.bar === null && <>{resolution}², </>}
          {plural(row.end - row.first, "layer")}
        </span>
      </span>
      <span
        role="gridcell"
        className={styles.count}
        style={{ left: counts.x, width: counts.width }}
      >
        <b>{count(of)}</b>
        {` / ${count(whole)}`}
      </span>
      <StageLabel stage={row.stage} resolution={resolution} columns={columns} isFolded />
    </div>
  );
}
