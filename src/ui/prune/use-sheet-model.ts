/** @file Everything on the sheet that stands still while a person drags: rows, columns, scales. */
import { useMemo } from "react";
import type { Layer, Pruning, Session } from "../../state/index.ts";
import { besidePanel, FINGER, isFolded, layoutColumns, layoutRows } from "../charts/row-layout.ts";
import { bandScale, scaleTrellis } from "../charts/trellis-geometry.ts";
import { zoomRow } from "../charts/zoomed-row.ts";
import { useIsCoarse } from "../parts/use-media.ts";
import { wholeOf, type SheetModel } from "./sheet-scene.ts";

interface SheetParts {
  readonly session: Session;
  readonly pruning: Pruning;
  /** Of the sheet, CSS pixels. */
  readonly width: number;
  readonly folded: ReadonlySet<number>;
  /** The layer whose row is grown to a leaf per channel. */
  readonly zoomed: number | null;
  /** Of the sheet by a panel that stands where the curves would, CSS pixels. */
  readonly covered: number;
}

export function useSheetModel(parts: SheetParts): SheetModel {
  const { session, pruning, width, folded, zoomed, covered } = parts;
  const { layers } = pruning;
  const former = session.formerWidths;
  const isCoarse = useIsCoarse();
  const least = isCoarse ? FINGER : 0;
  const resolutions = useMemo(() => layers.map((layer) => layer.resolution), [layers]);
  const plain = useMemo(() => layoutRows(resolutions, folded, least), [resolutions, folded, least]);
  const totals = useMemo(
    () =>
      plain.rows
        .filter(isFolded)
        .map(({ first, end }) =>
          layers.slice(first, end).reduce((sum, layer) => sum + wholeOf(layer, former), 0),
        ),
    [plain, layers, former],
  );
  const columns = useMemo(() => {
    const longest = layers.reduce((most, layer) => Math.max(most, nameLength(layer)), 0);
    const most = layers.reduce(
      (large, layer) => Math.max(large, wholeOf(layer, former)),
      Math.max(0, ...totals),
    );
    return besidePanel(layoutColumns(width, longest, most), width, covered);
  }, [width, layers, former, totals, covered]);
  const streams = useMemo(
    () => pruning.streamsBeside(plain.rows.map((row) => (isFolded(row) ? null : row.first))),
    [pruning, plain],
  );
  const halfWidth = columns.wires.width / 2;
  const scales = useMemo(() => {
    const { sorted } = pruning;
    const scale = scaleTrellis({
      widest: Math.max(1, ...layers.map((layer) => wholeOf(layer, former))),
      halfWidth,
      rowHeight: plain.rows[0]?.height ?? 0,
      scores: [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 1],
      hasStreams: streams.some((stream) => stream !== null),
    });
    return { scale, band: bandScale(scale, Math.max(1, ...totals), halfWidth) };
  }, [former, pruning, layers, streams, plain, halfWidth, totals]);
  return useMemo(() => {
    const of = layers[zoomed ?? -1]?.of;
    const isGrown = zoomed !== null && of !== undefined;
    const zoom = isGrown ? { layer: zoomed, ...zoomRow(of, halfWidth, scales.scale) } : null;
    const rows = zoom === null ? plain : layoutRows(resolutions, folded, least, zoom);
    return { layers, streams, rows, columns, ...scales, zoom, former };
  }, [
    layers,
    streams,
    plain,
    resolutions,
    folded,
    least,
    columns,
    scales,
    halfWidth,
    zoomed,
    former,
  ]);
}

/** In characters, with what stands behind the name. */
function nameLength({ name, layers, isLocked }: Layer): number {
  const others = layers.length - 1;
  return name.length + (others > 0 ? 2 + String(others).length : 0) + (isLocked ? 2 : 0);
}
