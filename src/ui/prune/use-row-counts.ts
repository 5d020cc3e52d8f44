/** @file Writes into the sheet's rows how many channels stay, and marks those that a hand or a guard holds. */
import { shownOf, useWorkbench, type Layer, type StoreApi } from "../../state/index.ts";
import { isFolded, rowsWithin, type RowLayout } from "../charts/row-layout.ts";
import { count } from "../format.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useRest } from "../parts/use-rest.ts";
import type { LayerCells } from "./LayerRow.tsx";
import type { Sight } from "./use-sight.ts";

interface RowCounts {
  readonly layers: readonly Layer[];
  readonly rows: RowLayout;
  /** Of each row that is on the page. */
  readonly cellsOf: { readonly current: readonly (LayerCells | null)[] };
  readonly sight: StoreApi<Sight | null>;
}

/** Written beyond what is in sight, so that a slow scroll shows no old figure; CSS pixels. */
const MARGIN = 80;

export function useRowCounts({ layers, rows, cellsOf, sight }: RowCounts): void {
  const { slider, method } = useWorkbench();
  const write = (first: number, end: number): void => {
    const { preview } = shownOf(slider.getState());
    const hands = new Set(preview?.byHand);
    const held = new Set(preview?.guarded);
    const keptOf = (i: number): number => preview?.kept[i] ?? layers[i]?.of ?? 0;
    for (let i = first; i < end; i++) {
      const row = rows.rows[i];
      const cells = cellsOf.current[i];
      if (row === undefined || !cells) continue;
      let kept = 0;
      let isSet = false;
      for (let layer = row.first; layer < row.end; layer++) {
        kept += keptOf(layer);
        isSet ||= hands.has(layer);
      }
      setText(cells.count, count(kept));
      mark(cells.row, "hand", isSet);
      mark(cells.row, "held", !isFolded(row) && held.has(row.first));
    }
  };
  // A screen reader, or a search in the page, also comes to the rows out of sight.
  const atRest = useRest(() => write(0, rows.rows.length));
  useFrame(
    [slider, method, sight],
    () => {
      const seen = sight.getState();
      if (seen !== null) write(...rowsWithin(rows, seen.from - MARGIN, seen.to + MARGIN));
      atRest();
    },
    "odd",
  );
}

function mark(row: HTMLElement, name: "hand" | "held", is: boolean): void {
  if (row.dataset[name] !== String(is)) row.dataset[name] = String(is);
}
