/**
 * @file The picture of the rows in sight: what it is made from, when a new one is ordered, and the highlighted
 * row, which is marked in the same frame. A drag orders pictures and renders nothing.
 */
import { useRef } from "react";
import {
  shownOf,
  useWorkbench,
  type InspectingState,
  type Layer,
  type SliderState,
  type StoreApi,
} from "../../state/index.ts";
import { readPalette } from "../charts/ink.ts";
import { useFrame } from "../parts/use-frame.ts";
import type { LayerCells } from "./LayerRow.tsx";
import { OVERHANG, TRUNK_ENDS } from "./paint-sheet.ts";
import type { SheetPainter } from "./sheet-painter.ts";
import { sceneOf, type Mark, type SheetModel, type SheetScene } from "./sheet-scene.ts";
import type { Pointing } from "./use-pointing.ts";
import type { Sight } from "./use-sight.ts";

interface SheetPicture {
  readonly model: SheetModel;
  readonly sight: StoreApi<Sight | null>;
  readonly pointing: Pointing;
  readonly paint: SheetPainter["paint"];
  readonly rowsBox: { readonly current: HTMLElement | null };
  /** Of each row that is on the page. */
  readonly cellsOf: { readonly current: readonly (LayerCells | null)[] };
}

/** Painted beyond what is in sight, so that a slow scroll needs no new picture. */
const MARGIN = 80;

export function useSheetPicture(picture: SheetPicture): void {
  const { model, sight, pointing, paint, rowsBox, cellsOf } = picture;
  const { layers, rows } = model;
  const { slider, sensitivity, inspecting, method } = useWorkbench();
  const sceneFor = useRef(keepScene());
  const bold = useRef<HTMLElement | null>(null);
  useFrame([slider, method, sensitivity, sight, inspecting, pointing.stage], () => {
    const seen = sight.getState();
    if (seen === null) return;
    const from = Math.max(-TRUNK_ENDS, seen.from - MARGIN);
    const to = Math.min(rows.height + TRUNK_ENDS, seen.to + MARGIN);
    if (to <= from) return;
    const state = shownOf(slider.getState());
    const { curves, base } = sensitivity.getState();
    const hovered = pointing.row();
    paint(sceneFor.current(model, curves, base, readPalette()), {
      from,
      to,
      width: seen.width + 2 * OVERHANG,
      kept: state.preview?.kept ?? null,
      hovered: hovered < 0 ? null : hovered,
      own: state.preview?.own ?? null,
      marked: marksOf(layers, state, inspecting.getState()),
    });
    const row = cellsOf.current[hovered]?.row ?? null;
    if (row !== bold.current) {
      markRow(bold.current, false);
      markRow(row, true);
      pointAt(rowsBox.current, row);
      bold.current = row;
    }
  });
}

/** What is pointed at, a channel or only its layer, and the channel that is looked into. */
function marksOf(
  layers: readonly Layer[],
  { hovered, pointed }: SliderState,
  { chosen }: InspectingState,
): readonly Mark[] {
  const marks: Mark[] = [];
  if (hovered !== null) {
    marks.push({ layer: hovered, rank: pointed, joints: layers[hovered]?.joints ?? [] });
  }
  const layer = layers.findIndex(({ name }) => name === chosen?.layer);
  const rank = layers[layer]?.order.indexOf(chosen?.channel ?? -1) ?? -1;
  if (rank >= 0) marks.push({ layer, rank, joints: layers[layer]?.joints ?? [] });
  return marks;
}

function markRow(row: HTMLElement | null, isHovered: boolean): void {
  if (row !== null) row.dataset["hovered"] = String(isHovered);
}

/** Tells a screen reader which row is highlighted. */
function pointAt(grid: HTMLElement | null, row: HTMLElement | null): void {
  if (row === null) grid?.removeAttribute("aria-activedescendant");
  else grid?.setAttribute("aria-activedescendant", row.id);
}

/** `sceneOf`, which answers with the same scene for the same things. */
function keepScene(): typeof sceneOf {
  let last: { readonly from: readonly unknown[]; readonly scene: SheetScene } | null = null;
  return (...from) => {
    if (last?.from.every((value, i) => value === from[i]) !== true) {
      last = { from, scene: sceneOf(...from) };
    }
    return last.scene;
  };
}
