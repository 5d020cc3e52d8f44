/** @file Everything on the sheet that stands still while a person drags: rows, columns, scales. */
import { useMemo } from "react";
import type { Layer, Pruning, Session } from "../../state/index.ts";
import { FINGER, isFolded, layoutColumns, layoutRows } from "../charts/row-layout.ts";
import { bandScale, scaleTrellis } from "../charts/trellis-geometry.ts";
import { useIsCoarse } from "../parts/use-media.ts";
import { wholeOf, type SheetModel } from "./sheet-scene.ts";

interface SheetParts {
  readonly session: Session;
  readonly pruning: Pruning;
  /** Of the sheet, CSS pixels. */
  readonly width: number;
  readonly folded: ReadonlySet<number>;
}

export function useSheetModel({ session, pruning, width, folded }: SheetParts): SheetModel {
  const { layers } = pruning;
  const former = session.formerWidths;
  const isCoarse = useIsCoarse();
  const rows = useMemo(() => {
    const resolutions = layers.map((layer) => layer.resolution);
    return layoutRows(resolutions, folded, isCoarse ? FINGER : 0);
  }, [layers, folded, isCoarse]);
  const totals = useMemo(
    () =>
      rows.rows
        .filter(isFolded)
        .map(({ first, end }) =>
          layers.slice(first, end).reduce((sum, layer) => sum + wholeOf(layer, former), 0),
        ),
    [rows, layers, former],
  );
  const columns = useMemo(
    () =>
      layoutColumns(
        width,
        layers.reduce((most, layer) => Math.max(most, nameLength(layer)), 0),
        layers.reduce(
          (most, layer) => Math.max(most, wholeOf(layer, former)),
          Math.max(0, ...totals),
        ),
      ),
    [width, layers, former, totals],
  );
  const streams = useMemo(
    () => pruning.streamsBeside(rows.rows.map((row) => (isFolded(row) ? null : row.first))),
    [pruning, rows],
  );
  return useMemo(() => {
    const { sorted } = pruning;
    const halfWidth = columns.wires.width / 2;
    const scale = scaleTrellis({
      widest: Math.max(1, ...layers.map((layer) => wholeOf(layer, former))),
      halfWidth,
      rowHeight: rows.rows[0]?.height ?? 0,
      scores: [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 1],
      hasStreams: streams.some((stream) => stream !== null),
    });
    const band = bandScale(scale, Math.max(1, ...totals), halfWidth);
    return { layers, streams, rows, columns, scale, band, former };
  }, [former, pruning, layers, streams, rows, columns, totals]);
}

/** In characters, with what stands behind the name. */
function nameLength({ name, layers, isLocked }: Layer): number {
  const others = layers.length - 1;
  return name.length + (others > 0 ? 2 + String(others).length : 0) + (isLocked ? 2 : 0);
}
