/** @file What is open over a row: its number as a field, its details, or why it was not locked. */
import type { Layer } from "../../state/index.ts";
import { rowOfLayer, type Columns, type RowLayout } from "../charts/row-layout.ts";
import { CountField } from "./CountField.tsx";
import { Refused } from "./Refused.tsx";
import { RowDetails } from "./RowDetails.tsx";
import type { Folds } from "./use-folds.ts";
import type { RowTools } from "./use-row-tools.ts";
import styles from "./LayerSheet.module.css";

interface RowOverlayProps {
  readonly tools: RowTools;
  readonly layers: readonly Layer[];
  readonly rows: RowLayout;
  readonly columns: Columns;
  readonly folds: Folds;
}

export function RowOverlay({ tools, layers, rows, columns, folds }: RowOverlayProps) {
  const { open, close } = tools;
  const layer = layers[open?.index ?? -1];
  const row = rows.rows[rowOfLayer(rows, open?.index ?? null)];
  if (open === null || layer === undefined || row === undefined) return null;
  const { top, height, stage } = row;
  if (open.kind === "details") {
    return (
      <RowDetails
        key={layer.name}
        layer={layer}
        index={open.index}
        top={top}
        height={height}
        left={columns.name.x}
        onClose={close}
        onFold={folds.canFold(stage) ? () => folds.toggle(stage) : undefined}
      />
    );
  }
  const { x, width } = columns.count;
  return (
    <div
      key={layer.name}
      className={styles.editing}
      style={{ top, height, right: `calc(100% - ${x + width}px)` }}
    >
      {open.kind === "count" ? (
        <CountField isInPlace layer={layer} index={open.index} onDone={close} />
      ) : (
        <Refused text={open.text ?? ""} onDismiss={close} />
      )}
    </div>
  );
}
