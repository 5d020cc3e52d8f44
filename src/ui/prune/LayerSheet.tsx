/**
 * @file The sheet: one row per layer, in which trellis, what is kept, and sensitivity share a height.
 * Names and numbers are DOM, so that they can be read and found; everything drawn is one picture of
 * the rows in sight, made by a painter beside the page. A drag changes the counts and orders a
 * picture, and renders nothing.
 */
import { useRef, type KeyboardEvent, type MouseEvent } from "react";
import {
  shownOf,
  useWorkbench,
  type InspectingState,
  type Layer,
  type Pruning,
  type Session,
  type SliderState,
} from "../../state/index.ts";
import { readPalette } from "../charts/ink.ts";
import { isFolded, rowAt } from "../charts/row-layout.ts";
import { useFrame } from "../parts/use-frame.ts";
import { useIsWide } from "../parts/use-media.ts";
import { useSize } from "../parts/use-size.ts";
import { ChannelTip } from "./ChannelTip.tsx";
import type { LayerCells } from "./LayerRow.tsx";
import { CurvePoints } from "./CurvePoints.tsx";
import { KeptHandle } from "./KeptHandle.tsx";
import { KeptTools } from "./KeptTools.tsx";
import { RowOverlay } from "./RowOverlay.tsx";
import { SheetFooter, SheetHeader } from "./SheetHeader.tsx";
import { SheetRows } from "./SheetRows.tsx";
import { OVERHANG, TRUNK_ENDS } from "./paint-sheet.ts";
import { sceneOf, wholeOf, type Mark, type SheetScene } from "./sheet-scene.ts";
import { useFolds } from "./use-folds.ts";
import { usePointing } from "./use-pointing.ts";
import { useRowCounts } from "./use-row-counts.ts";
import { useRowWords } from "./use-row-words.ts";
import { useRowTools } from "./use-row-tools.ts";
import { useSheetModel } from "./use-sheet-model.ts";
import { useSheetPainter } from "./use-sheet-painter.ts";
import { useSight } from "./use-sight.ts";
import { useZoom } from "./use-zoom.ts";
import { useZoomWheel } from "./use-zoom-wheel.ts";
import { ZoomButton } from "./ZoomButton.tsx";
import styles from "./LayerSheet.module.css";

/** Painted beyond what is in sight, so that a slow scroll needs no new picture. */
const MARGIN = 80;

interface LayerSheetProps {
  readonly session: Session;
  readonly pruning: Pruning;
  /** Of it by a panel, CSS pixels. */
  readonly covered: number;
  /** What Escape does on the rows, if anything of theirs. */
  readonly onEscape: (() => void) | undefined;
}

/** The rows' id: where the keyboard goes back to. */
export const GRID_ID = "layer-rows";

export function LayerSheet({ session, pruning, covered, onEscape }: LayerSheetProps) {
  const { slider, sensitivity, inspecting, method } = useWorkbench();
  const root = useRef<HTMLDivElement>(null);
  const rowsBox = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const sight = useSight(rowsBox);
  const cellsOf = useRef<(LayerCells | null)[]>([]);
  const { width } = useSize(root);
  const isWide = useIsWide();
  const { layers } = pruning;
  const folds = useFolds(layers);
  const zoom = useZoom(layers);
  const model = useSheetModel({
    session,
    pruning,
    width,
    folded: folds.folded,
    zoomed: zoom.layer,
    covered,
  });
  const { rows, columns, scale } = model;
  const paint = useSheetPainter(canvas);
  const sceneFor = useRef(keepScene());
  const bold = useRef<HTMLElement | null>(null);
  const show = (row: number): void => {
    cellsOf.current[row]?.row.scrollIntoView({ block: "nearest" });
  };
  const pointing = usePointing({ model, show });
  const { point } = pointing;
  useRowCounts({ layers, rows, cellsOf, sight });
  useRowWords({ layers, rows, former: model.former, cellsOf });
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

  const tools = useRowTools({ layers, rows: rowsBox });
  const fold = (stage: number): void => {
    if (!folds.canFold(stage)) return;
    folds.toggle(stage);
    if (folds.folded.has(stage)) pointing.pointAtLayer(folds.stages[stage]?.first ?? 0);
    else pointing.pointAtStage(stage);
  };
  const onClick = (event: MouseEvent<HTMLElement>): void => {
    const target = event.target instanceof Element ? event.target : null;
    const label = target?.closest<HTMLElement>("[data-fold]");
    const folded = target?.closest<HTMLElement>('[data-folded="true"]');
    const stage = label?.dataset["fold"] ?? folded?.dataset["stage"];
    if (stage === undefined) tools.onClick(event, pointing.rankUnder(event));
    else fold(Number(stage));
  };
  useZoomWheel(rowsBox, (by, y) => {
    const row = rows.rows[rowAt(rows, y) ?? -1];
    if (by < 0) zoom.shrink();
    else if (row !== undefined && !isFolded(row)) zoom.grow(row.first);
  });
  /** What stands over the rows is still about its row, and so are its menu and a handle that has the focus. */
  const leave = (to: EventTarget | null): void => {
    const body = rowsBox.current?.parentElement;
    const isOver = to instanceof Node && body?.contains(to) === true;
    const isHeld = body?.querySelector("[data-held]:focus-visible") ?? null;
    const isAsked = tools.open?.kind === "details";
    if (!isOver && isHeld === null && !isAsked) point(null);
  };
  const isByKey = useRef(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    isByKey.current = true;
    if (event.key === "Escape" && (onEscape !== undefined || zoom.layer !== null)) {
      // Nothing else is to be cancelled by it.
      event.preventDefault();
      if (onEscape === undefined) zoom.shrink();
      else onEscape();
      return;
    }
    if (pointing.onKeyDown(event)) return;
    const row = rows.rows[pointing.row()];
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const unfolds = row !== undefined && isFolded(row) && event.key === "Enter";
    if (row !== undefined && isPlain && (unfolds || event.key.toLowerCase() === "f")) {
      event.preventDefault();
      fold(row.stage);
    } else if (row !== undefined && isPlain && event.key.toLowerCase() === "z") {
      event.preventDefault();
      if (!isFolded(row)) zoom.toggle(row.first);
    } else tools.onKeyDown(event);
  };
  return (
    <div className={styles.sheet} ref={root}>
      {width > 0 && (
        <>
          <SheetHeader columns={columns} each={scale.each} isWide={isWide} />
          <p id="sheet-keys" hidden>
            Up and Down go from layer to layer, Left and Right from channel to channel; Enter looks
            into the channel, or sets how many stay where none is marked, as K does; Tab goes to the
            handle by which that is dragged, Backspace gives it back to the method; L locks, D says
            what goes together, and why the guard stopped it, F folds the stage, Z grows the row to
            a leaf per channel.
          </p>
          <div className={styles.body} data-home={GRID_ID}>
            <div
              className={styles.rows}
              ref={rowsBox}
              id={GRID_ID}
              role="grid"
              aria-label="Layers"
              aria-describedby="sheet-keys"
              aria-rowcount={rows.rows.length}
              // One stop for the keyboard: the arrows move the highlight from row to row.
              tabIndex={0}
              style={{ height: rows.height }}
              onPointerMove={(event) => {
                isByKey.current = false;
                pointing.onPointerMove(event);
              }}
              onPointerOver={tools.onPointerOver}
              onPointerLeave={(event) => {
                leave(event.relatedTarget);
                tools.onPointerLeave();
              }}
              onBlur={(event) => leave(event.relatedTarget)}
              onClick={onClick}
              onKeyDown={onKeyDown}
            >
              <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
              <SheetRows model={model} folds={folds} cellsOf={cellsOf} />
            </div>
            <ChannelTip {...{ pruning, model, sight, width, isByKey }} />
            <ZoomButton
              model={model}
              zoom={zoom}
              onLeave={() => rowsBox.current?.focus({ preventScroll: true })}
              onAway={leave}
            />
            <KeptHandle
              model={model}
              widthsOf={pruning.widthsOf}
              onLeave={() => rowsBox.current?.focus({ preventScroll: true })}
              onAway={leave}
            />
            <CurvePoints model={model} keptAlone={pruning.keptAlone} onAway={leave} />
            <RowOverlay {...{ tools, layers, rows, columns, folds, zoom }} />
          </div>
          <SheetFooter
            columns={columns}
            classes={session.classes}
            total={layers.reduce((sum, { of }) => sum + of, 0)}
            whole={layers.reduce((sum, layer) => sum + wholeOf(layer, model.former), 0)}
          />
          <KeptTools pruning={pruning} former={model.former} />
        </>
      )}
    </div>
  );
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
