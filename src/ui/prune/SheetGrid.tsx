/** @file The rows as one grid and one stop for the keyboard, whose arrows move the highlight from row to row. */
import type { ReactNode, RefObject } from "react";
import type { RowLayout } from "../charts/row-layout.ts";
import type { RowListeners } from "./use-row-events.ts";
import styles from "./LayerSheet.module.css";

interface SheetGridProps {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly rows: RowLayout;
  readonly listeners: RowListeners;
  readonly children: ReactNode;
}

/** The rows' id: where the keyboard goes back to. */
export const GRID_ID = "layer-rows";

const KEYS_ID = "sheet-keys";

export function SheetGrid({ box, rows, listeners, children }: SheetGridProps) {
  return (
    <div
      className={styles.rows}
      ref={box}
      id={GRID_ID}
      role="grid"
      aria-label="Layers"
      aria-describedby={KEYS_ID}
      aria-rowcount={rows.rows.length}
      tabIndex={0}
      style={{ height: rows.height }}
      {...listeners}
    >
      {children}
    </div>
  );
}

/** What the keys do on the rows, for a screen reader. */
export function SheetKeys() {
  return (
    <p id={KEYS_ID} hidden>
      Up and Down go from layer to layer, Left and Right from channel to channel; Enter looks into
      the channel, or sets how many stay where none is marked, as K does; Tab goes to the handle by
      which that is dragged, Backspace gives it back to the method; L locks, D says what goes
      together, and why the guard stopped it, F folds the stage, Z grows the row to a leaf per
      channel.
    </p>
  );
}
