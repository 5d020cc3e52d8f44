/** @file The rows' names and numbers, in groups that a browser can leave out whole. */
import { groupsOf, isFolded, type SheetRow } from "../charts/row-layout.ts";
import { LayerRow, type LayerCells } from "./LayerRow.tsx";
import { wholeOf, type SheetModel } from "./sheet-scene.ts";
import { StageRow } from "./StageRow.tsx";
import type { Folds } from "./use-folds.ts";
import styles from "./LayerSheet.module.css";

interface SheetRowsProps {
  readonly model: SheetModel;
  readonly folds: Folds;
  /** Takes each row's cells by its place among the rows, and null when they go. */
  readonly cellsOf: { readonly current: (LayerCells | null)[] };
}

export function SheetRows({ model, folds, cellsOf }: SheetRowsProps) {
  const { rows } = model;
  return groupsOf(rows).map(({ first, end, top, height }) => (
    <div key={first} role="rowgroup" className={styles.group} style={{ top, height }}>
      {rows.rows.slice(first, end).map((row, i) => (
        <Row
          // A layer keeps its row when stages above it fold.
          key={`${row.first}-${row.end}`}
          model={model}
          row={row}
          at={first + i}
          top={row.top - top}
          canFold={folds.canFold(row.stage)}
          onMount={(cells) => {
            cellsOf.current[first + i] = cells;
          }}
        />
      ))}
    </div>
  ));
}

interface RowProps {
  readonly model: SheetModel;
  readonly row: SheetRow;
  readonly at: number;
  readonly top: number;
  readonly canFold: boolean;
  readonly onMount: (cells: LayerCells | null) => void;
}

function Row({ model: { layers, columns, former }, canFold, ...placed }: RowProps) {
  const { row } = placed;
  const own = layers.slice(row.first, row.end);
  const [layer] = own;
  if (layer === undefined) return null;
  if (isFolded(row)) {
    const of = own.reduce((sum, one) => sum + one.of, 0);
    const whole = own.reduce((sum, one) => sum + wholeOf(one, former), 0);
    const { resolution } = layer;
    return <StageRow {...placed} columns={columns} resolution={resolution} of={of} whole={whole} />;
  }
  return (
    <LayerRow
      {...placed}
      columns={columns}
      layer={layer}
      whole={wholeOf(layer, former)}
      index={row.first}
      canFold={canFold}
    />
  );
}
