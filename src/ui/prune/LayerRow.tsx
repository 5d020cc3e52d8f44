/** @file A layer's names and numbers in the sheet. A drag writes into its cells without rendering. */
import { useSensitivity, within, type Layer } from "../../state/index.ts";
import type { Columns, SheetRow } from "../charts/row-layout.ts";
import { count, percentValue, THIN } from "../format.ts";
import styles from "./LayerSheet.module.css";

/** What is written without rendering. */
export interface LayerCells {
  /** In bold under the pointer. */
  readonly name: HTMLElement;
  /** Channels that stay. */
  readonly count: HTMLElement;
}

interface LayerRowProps {
  readonly layer: Layer;
  readonly row: SheetRow;
  /** In its group, CSS pixels. */
  readonly top: number;
  readonly columns: Columns;
  /** Gives the cells, and null when they go. */
  readonly onMount: (cells: LayerCells | null) => void;
}

export function LayerRow({ layer, row, top, columns, onMount }: LayerRowProps) {
  return (
    <div
      role="row"
      className={styles.row}
      style={{ top, height: row.height }}
      ref={(element) => {
        const name = element?.querySelector<HTMLElement>("[role=rowheader]");
        const kept = element?.querySelector<HTMLElement>("b");
        onMount(name && kept ? { name, count: kept } : null);
      }}
    >
      {columns.resolution.width > 0 && (
        <span className={styles.resolution} aria-hidden="true">
          {row.isFirst ? <>{layer.resolution}²</> : null}
        </span>
      )}
      <span
        role="rowheader"
        className={styles.name}
        style={{ left: columns.name.x, width: columns.name.width }}
        title={layer.name}
      >
        {layer.name}
      </span>
      <span
        role="gridcell"
        className={styles.count}
        style={{ left: columns.count.x, width: columns.count.width }}
      >
        <b>{count(layer.of)}</b>
        {` / ${count(layer.of)}`}
      </span>
      {columns.within !== null && (
        <Within name={layer.name} x={columns.within.x} width={columns.within.width} />
      )}
    </div>
  );
}

interface WithinProps {
  readonly name: string;
  readonly x: number;
  readonly width: number;
}

/** How much of one layer can go alone before a point of accuracy is lost. */
function Within({ name, x, width }: WithinProps) {
  const samples = useSensitivity((state) => state.curves.get(name));
  const base = useSensitivity((state) => state.base);
  const safe = samples === undefined || base === null ? null : within(samples, base, 0.01);
  return (
    <span role="gridcell" className={styles.within} style={{ left: x, width }}>
      {safe === null ? "" : `${percentValue(safe, 0)}${THIN}%`}
    </span>
  );
}
