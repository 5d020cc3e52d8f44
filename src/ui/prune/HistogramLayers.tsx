/**
 * @file One small histogram a layer, all on one axis and each to its own height, with the threshold through
 * all of them. One canvas paints the rows in sight; pointing at a row, or going to it by the arrow keys,
 * lights its layer in every view.
 */
import { useRef, type KeyboardEvent } from "react";
import { shownOf, useCommands, useWorkbench, type Layer, type Pruning } from "../../state/index.ts";
import { beginPaint, readInk } from "../charts/ink.ts";
import { count, plural } from "../format.ts";
import { useFrame } from "../parts/use-frame.ts";
import { useSize } from "../parts/use-size.ts";
import { useVisible } from "../parts/use-visible.ts";
import { AxisTicks } from "./AxisTicks.tsx";
import type { HistogramBins } from "./histogram-document.ts";
import { layoutMultiples, MULTIPLE } from "./multiples.ts";
import { paintMultiples } from "./paint-multiples.ts";
import { ThresholdHandle } from "./ThresholdHandle.tsx";
import styles from "./Histogram.module.css";

interface HistogramLayersProps {
  readonly pruning: Pruning;
  readonly all: HistogramBins;
  readonly hasLine: boolean;
  /** Heights follow the logarithm of the counts. */
  readonly isLog: boolean;
}

export function HistogramLayers({ pruning, all, hasLine, isLog }: HistogramLayersProps) {
  const { layers } = pruning;
  const { bins } = all;
  const { slider, method } = useWorkbench();
  const { hover } = useCommands();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useSize(box);
  /** Noted when it changes: asking in a frame of a drag would force a layout. */
  const scrolled = useRef(0);
  const visible = useVisible(box);
  const place = layoutMultiples(layers, width);
  const paint = useFrame([slider, method, visible], () => {
    if (canvas.current === null || width === 0 || height === 0 || !visible.getState()) return;
    const { preview, hovered } = shownOf(slider.getState());
    const ctx = beginPaint(canvas.current, width, height);
    if (ctx === null) return;
    const top = scrolled.current;
    const view = { width, height, top, place, layers, all, hasLine, isLog, preview, hovered };
    paintMultiples(ctx, view, readInk());
    sayRow(box.current, layers, hovered, preview?.kept);
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const now = slider.getState().hovered;
    const from = now ?? (step > 0 ? -1 : layers.length);
    const next = Math.min(layers.length - 1, Math.max(0, from + step));
    hover(next);
    if (box.current !== null) scrollTo(box.current, next, height);
  };
  return (
    <>
      {/* Its value is the layer that is read: the arrows go from one to the next. */}
      <div
        ref={box}
        className={styles.multiples}
        role="slider"
        aria-label="Layer to read"
        aria-orientation="vertical"
        aria-valuemin={1}
        aria-valuemax={layers.length}
        aria-valuenow={1}
        tabIndex={0}
        style={{ maxHeight: SHOWN * MULTIPLE }}
        onScroll={({ currentTarget }) => {
          scrolled.current = currentTarget.scrollTop;
          paint();
        }}
        onPointerMove={({ currentTarget, clientY }) => {
          const { top } = currentTarget.getBoundingClientRect();
          const index = Math.floor((clientY - top + currentTarget.scrollTop) / MULTIPLE);
          hover(index < layers.length ? index : null);
        }}
        onPointerLeave={() => hover(null)}
        onBlur={() => hover(null)}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: layers.length * MULTIPLE }}>
          <canvas ref={canvas} className={styles.sticky} aria-hidden="true" />
        </div>
      </div>
      <div className={styles.under} style={{ marginLeft: place.x, width: place.width }}>
        {hasLine && <ThresholdHandle axis={bins} width={place.width} />}
        <AxisTicks axis={bins} />
      </div>
    </>
  );
}

/** Rows without scrolling: all of a network of the usual depth. */
const SHOWN = 13;

/** What a screen reader says of the row that the keys have come to. */
function sayRow(
  box: HTMLElement | null,
  layers: readonly Layer[],
  hovered: number | null,
  kept: Int32Array | undefined,
): void {
  const layer = layers[hovered ?? -1];
  const text =
    layer === undefined || hovered === null
      ? "no layer"
      : `${layer.name} keeps ${count(kept?.[hovered] ?? layer.of)} of ${plural(layer.of, "channel")}`;
  if (box?.getAttribute("aria-valuetext") === text) return;
  box?.setAttribute("aria-valuenow", String((hovered ?? 0) + 1));
  box?.setAttribute("aria-valuetext", text);
}

/** Brings a row into sight. */
function scrollTo(box: HTMLElement, row: number, height: number): void {
  const [top, bottom] = [row * MULTIPLE, (row + 1) * MULTIPLE];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + height) box.scrollTop = bottom - height;
}
