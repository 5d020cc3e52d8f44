/**
 * @file The sheet: one row per layer, in which trellis, what is kept, and sensitivity share a height.
 * Names and numbers are DOM, so that they can be read and found; everything drawn is one picture of
 * the rows in sight, made by a painter beside the page. A drag changes the counts and orders a
 * picture, and renders nothing.
 */
import { useRef } from "react";
import type { Layer, Pruning, Session } from "../../state/index.ts";
import { useIsWide } from "../parts/use-media.ts";
import { useSize } from "../parts/use-size.ts";
import { ChannelTip } from "./ChannelTip.tsx";
import { CurvePoints } from "./CurvePoints.tsx";
import { KeptHandle } from "./KeptHandle.tsx";
import { KeptTools } from "./KeptTools.tsx";
import type { LayerCells } from "./LayerRow.tsx";
import { RowOverlay } from "./RowOverlay.tsx";
import { GRID_ID, SheetGrid, SheetKeys } from "./SheetGrid.tsx";
import { SheetFooter, SheetHeader } from "./SheetHeader.tsx";
import { SheetRows } from "./SheetRows.tsx";
import { wholeOf } from "./sheet-scene.ts";
import { useFolds } from "./use-folds.ts";
import { usePointing } from "./use-pointing.ts";
import { useRowCounts } from "./use-row-counts.ts";
import { useRowEvents } from "./use-row-events.ts";
import { useRowTools } from "./use-row-tools.ts";
import { useRowWords } from "./use-row-words.ts";
import { useSheetModel } from "./use-sheet-model.ts";
import { useSheetPainter } from "./use-sheet-painter.ts";
import { useSheetPicture } from "./use-sheet-picture.ts";
import { useSight } from "./use-sight.ts";
import { useZoom } from "./use-zoom.ts";
import { ZoomButton } from "./ZoomButton.tsx";
import styles from "./LayerSheet.module.css";

interface LayerSheetProps {
  readonly session: Session;
  readonly pruning: Pruning;
  /** Of it by a panel, CSS pixels. */
  readonly covered: number;
  /** What Escape does on the rows, if anything of theirs. */
  readonly onEscape: (() => void) | undefined;
}

export function LayerSheet({ session, pruning, covered, onEscape }: LayerSheetProps) {
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
  const [folded, zoomed] = [folds.folded, zoom.layer];
  const model = useSheetModel({ session, pruning, width, folded, zoomed, covered });
  const { rows, columns, scale, former } = model;
  const paint = useSheetPainter(canvas);
  const show = (row: number): void => {
    cellsOf.current[row]?.row.scrollIntoView({ block: "nearest" });
  };
  const pointing = usePointing({ model, show });
  useRowCounts({ layers, rows, cellsOf, sight });
  useRowWords({ layers, rows, former, cellsOf });
  useSheetPicture({ model, sight, pointing, paint, rowsBox, cellsOf });
  const tools = useRowTools({ layers, rows: rowsBox });
  const events = useRowEvents({ rowsBox, model, folds, zoom, pointing, tools, onEscape });
  const { listeners, leave: onAway, isByKey } = events;
  const onLeave = (): void => rowsBox.current?.focus({ preventScroll: true });
  const { widthsOf, keptAlone } = pruning;
  return (
    <div className={styles.sheet} ref={root}>
      {width > 0 && (
        <>
          <SheetHeader columns={columns} each={scale.each} isWide={isWide} />
          <SheetKeys />
          <div className={styles.body} data-home={GRID_ID}>
            <SheetGrid box={rowsBox} rows={rows} listeners={listeners}>
              <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
              <SheetRows model={model} folds={folds} cellsOf={cellsOf} />
            </SheetGrid>
            <ChannelTip {...{ pruning, model, sight, width, isByKey }} />
            <ZoomButton {...{ model, zoom, onLeave, onAway }} />
            <KeptHandle {...{ model, widthsOf, onLeave, onAway }} />
            <CurvePoints {...{ model, keptAlone, onAway }} />
            <RowOverlay {...{ tools, layers, rows, columns, folds, zoom }} />
          </div>
          <SheetFooter
            columns={columns}
            classes={session.classes}
            {...channelsOf(layers, former)}
          />
          <KeptTools pruning={pruning} former={former} />
        </>
      )}
    </div>
  );
}

/** Channels of all layers, now and before anything was cut. */
function channelsOf(layers: readonly Layer[], former: ReadonlyMap<string, number>) {
  return {
    total: layers.reduce((sum, { of }) => sum + of, 0),
    whole: layers.reduce((sum, layer) => sum + wholeOf(layer, former), 0),
  };
}
