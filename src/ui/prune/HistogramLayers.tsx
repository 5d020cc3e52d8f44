/**
 * @file One small histogram a layer, all on one axis and each to its own height, with the threshold through
 * all of them. One canvas paints the rows in sight; pointing at a row, or going to it by the arrow keys,
 * lights its layer in every view.
 */
import { useRef, type KeyboardEvent } from "react";
import { shownOf, useCommands, useWorkbench, type Pruning } from "../../state/index.ts";
import { barsOf, type Bars } from "../charts/bars.ts";
import { placeOf } from "../charts/histogram.ts";
import { beginPaint, readInk } from "../charts/ink.ts";
import { count, plural } from "../format.ts";
import { useFrame } from "../parts/use-frame.ts";
import { useSize } from "../parts/use-size.ts";
import { useVisible } from "../parts/use-visible.ts";
import { AxisTicks } from "./AxisTicks.tsx";
import type { HistogramBins } from "./histogram-document.ts";
import { layoutMultiples, MULTIPLE, multiplesWithin } from "./multiples.ts";
import { paintBars, paintGround } from "./paint-histogram.ts";
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
  /** What a screen reader says of the row that the keys have come to. */
  const say = (hovered: number | null, kept: Int32Array | undefined): void => {
    const layer = layers[hovered ?? -1];
    const text =
      layer === undefined || hovered === null
        ? "no layer"
        : `${layer.name} keeps ${count(kept?.[hovered] ?? layer.of)} of ${plural(layer.of, "channel")}`;
    if (box.current?.getAttribute("aria-valuetext") === text) return;
    box.current?.setAttribute("aria-valuenow", String((hovered ?? 0) + 1));
    box.current?.setAttribute("aria-valuetext", text);
  };
  const paint = useFrame([slider, method, visible], () => {
    if (canvas.current === null || width === 0 || height === 0 || !visible.getState()) return;
    const { preview, hovered } = shownOf(slider.getState());
    const ctx = beginPaint(canvas.current, width, height);
    if (ctx === null) return;
    const ink = readInk();
    const top = scrolled.current;
    const [first, end] = multiplesWithin(layers.length, top, height);
    const bars: Bars[] = [];
    ctx.textBaseline = "alphabetic";
    for (let i = first; i < end; i++) {
      const layer = layers[i];
      if (layer === undefined) continue;
      const y = i * MULTIPLE - top;
      if (i === hovered) {
        ctx.fillStyle = ink.row;
        ctx.fillRect(0, y, width, MULTIPLE);
      }
      const ground = y + MULTIPLE - 3;
      paintGround(ctx, { x: place.x, y: ground, width: place.width }, ink);
      const gone = all.layers.removed(i, preview?.plan.kept.get(layer.name));
      const counts = all.layers.counts[i] ?? gone;
      const own = { x: place.x, y: y + 4, width: place.width, height: MULTIPLE - 7 };
      bars.push(barsOf({ counts, most: Math.max(...counts), gone, isLog }, own));
      ctx.font = `${i === hovered ? 600 : 400} 12px system-ui, sans-serif`;
      ctx.fillStyle = ink.ink;
      ctx.textAlign = "left";
      ctx.fillText(fitted(ctx, layer.name, place.x - 8), 0, ground - 4);
      ctx.textAlign = "right";
      const kept = preview?.kept[i] ?? layer.of;
      ctx.fillStyle = ink.ink2;
      ctx.fillText(
        layer.isLocked ? "locked" : `${count(kept)} / ${count(layer.of)}`,
        width,
        ground - 4,
      );
    }
    paintBars(ctx, bars, ink);
    if (hasLine && (preview?.removed ?? 0) > 0) {
      const x = place.x + placeOf(preview?.threshold ?? 0, bins) * place.width;
      ctx.fillStyle = ink.ink;
      ctx.fillRect(x - 0.75, 0, 1.5, Math.min(height, layers.length * MULTIPLE - top));
    }
    say(hovered, preview?.kept);
  });
  const at = (clientY: number): number => {
    const rect = box.current?.getBoundingClientRect();
    return Math.floor((clientY - (rect?.top ?? 0) + (box.current?.scrollTop ?? 0)) / MULTIPLE);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const now = slider.getState().hovered;
    const from = now ?? (step > 0 ? -1 : layers.length);
    const next = Math.min(layers.length - 1, Math.max(0, from + step));
    hover(next);
    const element = box.current;
    if (element === null) return;
    const [top, bottom] = [next * MULTIPLE, (next + 1) * MULTIPLE];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + height) element.scrollTop = bottom - height;
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
        onPointerMove={({ clientY }) => {
          const index = at(clientY);
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

/** A name in the room that there is for it. */
function fitted(ctx: CanvasRenderingContext2D, name: string, room: number): string {
  if (ctx.measureText(name).width <= room) return name;
  let cut = name;
  // The end tells layers of one block apart.
  while (cut.length > 1 && ctx.measureText(`…${cut}`).width > room) cut = cut.slice(1);
  return `…${cut}`;
}
