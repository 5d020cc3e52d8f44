/**
 * @file The sheet: one row per layer, in which trellis, what is kept, and sensitivity share a height.
 * Names and numbers are DOM, so that they can be read and found; everything drawn is one canvas that
 * covers the rows in sight. A drag repaints that canvas and the counts, and renders nothing.
 */
import { useMemo, useRef, type KeyboardEvent, type PointerEvent } from "react";
import {
  useCommands,
  useSensitivity,
  useWorkbench,
  within,
  type Session,
} from "../../state/index.ts";
import { layoutColumns, layoutRows, rowAt } from "../charts/row-layout.ts";
import { scaleTrellis } from "../charts/trellis-geometry.ts";
import { count, percentValue, THIN } from "../format.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useIsWide } from "../parts/use-media.ts";
import { useSize } from "../parts/use-size.ts";
import { SheetFooter, SheetHeader } from "./SheetHeader.tsx";
import { paintSheet, type SheetModel } from "./paint-sheet.ts";
import { useSight } from "./use-sight.ts";
import styles from "./LayerSheet.module.css";

export function LayerSheet({ session }: { readonly session: Session }) {
  const { slider, sensitivity } = useWorkbench();
  const { hover } = useCommands();
  const root = useRef<HTMLDivElement>(null);
  const rowsBox = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const sight = useSight(rowsBox);
  const counts = useRef<(HTMLElement | null)[]>([]);
  const names = useRef<(HTMLElement | null)[]>([]);
  const { width } = useSize(root);
  const isWide = useIsWide();
  const layers = useMemo(() => session.pruning?.layers ?? [], [session.pruning]);
  const rows = useMemo(() => layoutRows(layers.map((layer) => layer.resolution)), [layers]);
  const columns = useMemo(
    () =>
      layoutColumns(
        width,
        layers.reduce((most, { name }) => Math.max(most, name.length), 0),
      ),
    [width, layers],
  );
  const scale = useMemo(() => {
    const sorted = session.pruning?.sorted;
    const former = [...session.formerWidths.values()];
    const widest = layers.reduce((most, { of }) => Math.max(most, of), Math.max(1, ...former));
    const ends = [sorted?.[0] ?? 0, sorted?.[sorted.length - 1] ?? 1] as const;
    return scaleTrellis(widest, columns.wires.width / 2, rows.rows[0]?.height ?? 34, ends);
  }, [session, layers, columns, rows]);

  const model: SheetModel = { layers, rows, columns, scale, former: session.formerWidths };
  useFrame([slider, sensitivity, sight], () => {
    const [seen, surface] = [sight.getState(), canvas.current];
    if (seen === null || surface === null) return;
    const state = slider.getState();
    const shown = paintSheet(surface, seen, model, state, sensitivity.getState());
    for (let i = shown.first; i < shown.end; i++) {
      const layer = layers[i];
      if (layer === undefined) continue;
      setText(counts.current[i], count(state.preview?.kept[i] ?? layer.of));
      const name = names.current[i];
      if (name) name.dataset["hovered"] = String(i === state.hovered);
    }
  });

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const top = event.currentTarget.getBoundingClientRect().top;
    hover(rowAt(rows, event.clientY - top));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = slider.getState().hovered ?? (step > 0 ? -1 : layers.length);
    const next = Math.min(layers.length - 1, Math.max(0, at + step));
    hover(next);
    names.current[next]?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div className={styles.sheet} ref={root}>
      {width > 0 && (
        <>
          <SheetHeader columns={columns} each={scale.each} isWide={isWide} />
          <div
            className={styles.rows}
            ref={rowsBox}
            role="grid"
            aria-label="Layers"
            aria-rowcount={layers.length}
            // One stop for the keyboard: the arrows move the highlight from row to row.
            tabIndex={0}
            style={{ height: rows.height }}
            onPointerMove={onPointerMove}
            onPointerLeave={() => hover(null)}
            onBlur={() => hover(null)}
            onKeyDown={onKeyDown}
          >
            <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
            {layers.map((layer, i) => {
              const row = rows.rows[i];
              if (row === undefined) return null;
              return (
                <div
                  key={layer.name}
                  role="row"
                  className={styles.row}
                  style={{ top: row.top, height: row.height, lineHeight: `${row.height}px` }}
                >
                  {columns.resolution.width > 0 && (
                    <span className={styles.resolution} aria-hidden="true">
                      {row.isFirst ? <>{layer.resolution}²</> : null}
                    </span>
                  )}
                  <span
                    role="rowheader"
                    className={styles.name}
                    style={{ left: columns.name.x, width: columns.name.width }}
                    ref={(element) => {
                      names.current[i] = element;
                    }}
                    title={layer.name}
                  >
                    {layer.name}
                  </span>
                  <span
                    role="gridcell"
                    className={styles.count}
                    style={{ left: columns.count.x, width: columns.count.width }}
                  >
                    <b
                      ref={(element) => {
                        counts.current[i] = element;
                      }}
                    >
                      {count(layer.of)}
                    </b>
                    {` / ${count(layer.of)}`}
                  </span>
                  {columns.within !== null && (
                    <Within name={layer.name} x={columns.within.x} width={columns.within.width} />
                  )}
                </div>
              );
            })}
          </div>
          <SheetFooter
            columns={columns}
            classes={session.classes}
            total={session.pruning?.total ?? 0}
          />
        </>
      )}
    </div>
  );
}

interface WithinProps {
  readonly name: string;
  readonly x: number;
  readonly width: number;
}

/** How much of one layer can go alone before a point of accuracy is lost. */
function Within({ name, x, width }: WithinProps) {
  const samples = useSensitivity((state) => state.curves.get(name));
  const base = useSensitivity((state) => state.base);
  const safe = samples === undefined || base === null ? null : within(samples, base, 0.01);
  return (
    <span role="gridcell" className={styles.within} style={{ left: x, width }}>
      {safe === null ? "" : `${percentValue(safe, 0)}${THIN}%`}
    </span>
  );
}
