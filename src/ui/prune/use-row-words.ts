/**
 * @file Names the sheet's rows for who listens: the one that the keyboard comes to at once, all others once the ratio
 * rests. Their cells would say what their tools do, too.
 */
import { useRef } from "react";
import { shownOf, useWorkbench, within, type Layer } from "../../state/index.ts";
import { isFolded, rowOfLayer, type RowLayout } from "../charts/row-layout.ts";
import { useFrame } from "../parts/use-frame.ts";
import { useRest } from "../parts/use-rest.ts";
import type { LayerCells } from "./LayerRow.tsx";
import { spokenRow } from "./row-words.ts";
import { wholeOf } from "./sheet-scene.ts";

interface RowWords {
  readonly layers: readonly Layer[];
  readonly rows: RowLayout;
  /** Channels before an earlier cut, by the layer's name. */
  readonly former: ReadonlyMap<string, number>;
  /** Of each row that is on the page. */
  readonly cellsOf: { readonly current: readonly (LayerCells | null)[] };
}

export function useRowWords({ layers, rows, former, cellsOf }: RowWords): void {
  const { slider, method, sensitivity } = useWorkbench();
  const last = useRef(-1);
  const say = (i: number): void => {
    const row = rows.rows[i];
    const layer = layers[row?.first ?? -1];
    const element = cellsOf.current[i]?.row;
    if (row === undefined || layer === undefined || element === undefined || isFolded(row)) return;
    const { preview } = shownOf(slider.getState());
    const { curves, base } = sensitivity.getState();
    const samples = curves.get(layer.name);
    const words = spokenRow({
      name: layer.name,
      others: layer.layers.length - 1,
      kept: preview?.kept[row.first] ?? layer.of,
      whole: wholeOf(layer, former),
      isLocked: layer.isLocked,
      isByHand: preview?.byHand.includes(row.first) === true,
      isHeld: preview?.guarded.includes(row.first) === true,
      within: samples === undefined || base === null ? null : within(samples, base, 0.01),
    });
    if (element.getAttribute("aria-label") !== words) element.setAttribute("aria-label", words);
  };
  const atRest = useRest(() => rows.rows.forEach((_, i) => say(i)));
  useFrame([slider, method, sensitivity], () => {
    const at = rowOfLayer(rows, slider.getState().hovered);
    if (at !== last.current && at >= 0) say(at);
    last.current = at;
    atRest();
  });
}
