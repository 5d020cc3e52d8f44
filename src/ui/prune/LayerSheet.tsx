/**
 * @file The sheet: one row per layer, in which trellis, what is kept, and sensitivity share a height.
 * Names and numbers are DOM, so that they can be read and found; everything drawn is one picture of
 * the rows in sight, made by a painter beside the page. A drag changes the counts and orders a
 * picture, and renders nothing.
 */
import { useMemo, useRef, type KeyboardEvent } from "react";
import {
  useCommands,
  useWorkbench,
  type InspectingState,
  type Layer,
  type Pruning,
  type Session,
  type SliderState,
} from "../../state/index.ts";
import { readPalette } from "../charts/ink.ts";
import {
  groupsOf,
  layoutColumns,
  layoutRows,
  rowHeight,
  rowsWithin,
} from "../charts/row-layout.ts";
import { scaleTrellis } from "../charts/trellis-geometry.ts";
import { count } from "../format.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useIsWide } from "../parts/use-media.ts";
import { useRest } from "../parts/use-rest.ts";
import { useSize } from "../parts/use-size.ts";
import { ChannelTip } from "./ChannelTip.tsx";
import { LayerRow, rowId, type LayerCells } from "./LayerRow.tsx";
import { RowOverlay } from "./RowOverlay.tsx";
import { SheetFooter, SheetHeader } from "./SheetHeader.tsx";
import { OVERHANG, TRUNK_ENDS } from "./paint-sheet.ts";
import { sceneOf, type Mark, type SheetModel, type SheetScene } from "./sheet-scene.ts";
import { usePointing } from "./use-pointing.ts";
import { useRowTools } from "./use-row-tools.ts";
import { useSheetPainter } from "./use-sheet-painter.ts";
import { useSight } from "./use-sight.ts";
import styles from "./LayerSheet.module.css";

/** Painted beyond what is in sight, so that a slow scroll needs no new picture. */
const MARGIN = 80;

interface LayerSheetProps {
  readonly session: Session;
  readonly pruning: Pruning;
  /** What Escape does on the rows, if anything of theirs. */
  readonly onEscape: (() => void) | undefined;
}

/** The rows' id: where the keyboard goes back to. */
export const GRID_ID = "layer-rows";

export function LayerSheet({ session, pruning, onEscape }: LayerSheetProps) {
  const { slider, sensitivity, inspecting } = useWorkbench();
  const { hover } = useCommands();
  const root = useRef<HTMLDivElement>(null);
  const rowsBox = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const sight = useSight(rowsBox);
  const cellsOf = useRef<(LayerCells | null)[]>([]);
  const { width } = useSize(root);
  const isWide = useIsWide();
  const { layers } = pruning;
  const rows = useMemo(() => layoutRows(layers.map((layer) => layer.resolution)), [layers]);
  const columns = useMemo(
    () =>
      layoutColumns(
        width,
        layers.reduce((most, layer) => Math.max(most, nameLength(layer)), 0),
        layers.reduce((most, { of }) => Math.max(most, of), 0),
      ),
    [width, layers],
  );
  const scale = useMemo(() => {
    const { sorted } = pruning;
    const former = [...session.formerWidths.values()];
    const widest = layers.reduce((most, { of }) => Math.max(most, of), Math.max(1, ...former));
    const ends = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 1] as const;
    return scaleTrellis({
      widest,
      halfWidth: columns.wires.width / 2,
      rowHeight: rows.rows[0]?.height ?? 34,
      scores: ends,
      hasStreams: pruning.streams.some((stream) => stream !== null),
    });
  }, [session, pruning, layers, columns, rows]);

  const model = useMemo<SheetModel>(
    () => ({
      layers,
      streams: pruning.streams,
      rows,
      columns,
      scale,
      former: session.formerWidths,
    }),
    [pruning, layers, rows, columns, scale, session],
  );
  const paint = useSheetPainter(canvas);
  const sceneFor = useRef(keepScene());
  const bold = useRef<number | null>(null);
  const writeCounts = (first: number, end: number): void => {
    const { preview } = slider.getState();
    for (let i = first; i < end; i++) {
      setText(cellsOf.current[i]?.count, count(preview?.kept[i] ?? layers[i]?.of ?? 0));
    }
  };
  // A screen reader, or a search in the page, also comes to the rows out of sight.
  const atRest = useRest(() => writeCounts(0, layers.length));
  useFrame([slider, sensitivity, sight, inspecting], () => {
    const seen = sight.getState();
    if (seen === null) return;
    const from = Math.max(-TRUNK_ENDS, seen.from - MARGIN);
    const to = Math.min(rows.height + TRUNK_ENDS, seen.to + MARGIN);
    if (to <= from) return;
    const state = slider.getState();
    const { curves, base } = sensitivity.getState();
    paint(sceneFor.current(model, curves, base, readPalette()), {
      from,
      to,
      width: seen.width + 2 * OVERHANG,
      kept: state.preview?.kept ?? null,
      hovered: state.hovered,
      marked: marksOf(layers, state, inspecting.getState()),
    });
    if (state.hovered !== bold.current) {
      markRow(cellsOf.current[bold.current ?? -1], false);
      markRow(cellsOf.current[state.hovered ?? -1], true);
      pointAt(rowsBox.current, state.hovered);
      bold.current = state.hovered;
    }
    writeCounts(...rowsWithin(rows, from, to));
    atRest();
  });

  const tools = useRowTools({ layers, rows: rowsBox });
  const show = (row: number): void => {
    cellsOf.current[row]?.row.scrollIntoView({ block: "nearest" });
  };
  const pointing = usePointing({ layers, rows, columns, scale, show });
  const isByKey = useRef(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    isByKey.current = true;
    if (event.key === "Escape" && onEscape !== undefined) {
      // Nothing else is to be cancelled by it.
      event.preventDefault();
      onEscape();
    } else if (!pointing.onKeyDown(event)) tools.onKeyDown(event);
  };
  return (
    <div className={styles.sheet} ref={root}>
      {width > 0 && (
        <>
          <SheetHeader columns={columns} each={scale.each} isWide={isWide} />
          <p id="sheet-keys" className="visually-hidden">
            Up and Down go from layer to layer, Left and Right from channel to channel; Enter looks
            into the channel, or sets how many stay where none is marked, as K does; L locks, D says
            what goes together.
          </p>
          <div className={styles.body}>
            <div
              className={styles.rows}
              ref={rowsBox}
              id={GRID_ID}
              role="grid"
              aria-label="Layers"
              aria-describedby="sheet-keys"
              aria-rowcount={layers.length}
              // One stop for the keyboard: the arrows move the highlight from row to row.
              tabIndex={0}
              style={{ height: rows.height }}
              onPointerMove={(event) => {
                isByKey.current = false;
                pointing.onPointerMove(event);
              }}
              onPointerLeave={() => hover(null)}
              onBlur={(event) => {
                // A field over the rows is still about its row.
                const { parentElement } = event.currentTarget;
                if (parentElement?.contains(event.relatedTarget) !== true) hover(null);
              }}
              onClick={tools.onClick}
              onKeyDown={onKeyDown}
            >
              <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
              {groupsOf(rows).map(({ first, end, top, height }) => (
                <div
                  key={first}
                  role="rowgroup"
                  className={styles.group}
                  style={{ top, height, lineHeight: `${rowHeight(layers.length)}px` }}
                >
                  {layers.slice(first, end).map((layer, at) => {
                    const row = rows.rows[first + at];
                    if (row === undefined) return null;
                    return (
                      <LayerRow
                        key={layer.name}
                        layer={layer}
                        index={first + at}
                        row={row}
                        top={row.top - top}
                        columns={columns}
                        onMount={(cells) => {
                          cellsOf.current[first + at] = cells;
                        }}
                      />
                    );
                  })}
                </div>
              ))}
            </div>
            <ChannelTip {...{ pruning, rows, columns, scale, width, isByKey }} />
            <RowOverlay tools={tools} layers={layers} rows={rows} columns={columns} />
          </div>
          <SheetFooter
            columns={columns}
            classes={session.classes}
            total={pruning.layers.reduce((sum, { of }) => sum + of, 0)}
          />
        </>
      )}
    </div>
  );
}

/** The channel that is pointed at, and the one that is looked into. */
function marksOf(
  layers: readonly Layer[],
  { hovered, pointed }: SliderState,
  { chosen }: InspectingState,
): readonly Mark[] {
  const marks: Mark[] = [];
  if (hovered !== null && pointed !== null) {
    marks.push({ layer: hovered, rank: pointed, joints: layers[hovered]?.joints ?? [] });
  }
  const layer = layers.findIndex(({ name }) => name === chosen?.layer);
  const rank = layers[layer]?.order.indexOf(chosen?.channel ?? -1) ?? -1;
  if (rank >= 0) marks.push({ layer, rank, joints: layers[layer]?.joints ?? [] });
  return marks;
}

function markRow(cells: LayerCells | null | undefined, isHovered: boolean): void {
  if (cells) cells.row.dataset["hovered"] = String(isHovered);
}

/** Tells a screen reader which row is highlighted. */
function pointAt(grid: HTMLElement | null, index: number | null): void {
  if (index === null) grid?.removeAttribute("aria-activedescendant");
  else grid?.setAttribute("aria-activedescendant", rowId(index));
}

/** In characters, with what stands behind the name. */
function nameLength({ name, layers, isLocked }: Layer): number {
  const others = layers.length - 1;
  return name.length + (others > 0 ? 2 + String(others).length : 0) + (isLocked ? 2 : 0);
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
