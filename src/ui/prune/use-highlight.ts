/** @file Which row of the sheet is highlighted: that of the layer which is pointed at, or that of a folded stage. */
import { useState } from "react";
import { createStore, useCommands, useWorkbench, type StoreApi } from "../../state/index.ts";
import { isFolded, rowOfLayer, type RowLayout } from "../charts/row-layout.ts";

export interface Highlight {
  /** The folded stage that is highlighted, if one is. */
  readonly stage: StoreApi<{ readonly at: number | null }>;
  /** The highlighted row; −1 for none. */
  row(): number;
  /** Highlights a row, and a channel of its layer. */
  point(row: number | null, rank?: number | null): void;
  /** Highlights a stage that is about to be folded. */
  pointAtStage(stage: number): void;
  /** Highlights a layer of a stage that is about to be unfolded. */
  pointAtLayer(layer: number): void;
}

export function useHighlight(rows: RowLayout): Highlight {
  const { slider } = useWorkbench();
  const { hover } = useCommands();
  const [stage] = useState(() => createStore<{ readonly at: number | null }>(() => ({ at: null })));
  return {
    stage,
    row: () => {
      const { at } = stage.getState();
      if (at === null) return rowOfLayer(rows, slider.getState().hovered);
      return rows.rows.findIndex((one) => one.stage === at);
    },
    point: (index, rank = null) => {
      const place = rows.rows[index ?? -1];
      const folded = place !== undefined && isFolded(place);
      if (stage.getState().at !== (folded ? place.stage : null)) {
        stage.setState({ at: folded ? place.stage : null });
      }
      hover(place === undefined || folded ? null : place.first, rank);
    },
    pointAtStage: (at) => {
      hover(null);
      stage.setState({ at });
    },
    pointAtLayer: (layer) => {
      stage.setState({ at: null });
      hover(layer);
    },
  };
}
