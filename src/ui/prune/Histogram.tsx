/**
 * @file The scores of all channels over a logarithmic axis, in the slider's two colours, with a
 * threshold that can be dragged: it moves the slider, and the slider moves it. Below stand the ticks
 * of the layer under the pointer.
 */
import { useMemo, useRef, type KeyboardEvent, type PointerEvent } from "react";
import {
  RATIO_STEP,
  useCommands,
  useMethod,
  useWorkbench,
  type Pruning,
} from "../../state/index.ts";
import { axisFor, countBins, decades, placeOf, scoreAt, type Bins } from "../charts/histogram.ts";
import { beginPaint, readInk, type Ink } from "../charts/ink.ts";
import { score } from "../format.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useSize } from "../parts/use-size.ts";
import styles from "./Histogram.module.css";

const BINS = 52;
const PLOT = 144;
const TICKS = 12;

export function Histogram() {
  const pruning = useMethod((state) => state.pruning);
  return pruning === null ? null : <Chart pruning={pruning} />;
}

function Chart({ pruning }: { readonly pruning: Pruning }) {
  const { slider } = useWorkbench();
  const { setThreshold, setRatio } = useCommands();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const label = useRef<HTMLSpanElement>(null);
  const layerName = useRef<HTMLSpanElement>(null);
  const { width } = useSize(box);
  const bins = useMemo(
    () => countBins(pruning.sorted, BINS, axisFor(pruning.sorted)),
    [pruning.sorted],
  );

  useFrame([slider], () => {
    if (canvas.current === null || width === 0) return;
    const { preview, hovered, ratio } = slider.getState();
    const threshold = preview?.threshold ?? 0;
    const isCutting = (preview?.removed ?? 0) > 0;
    const place = isCutting ? placeOf(threshold, bins) : 0;
    const ctx = beginPaint(canvas.current, width, PLOT + TICKS);
    if (ctx === null) return;
    const ink = readInk();
    paintBars(ctx, bins, isCutting ? place : 0, width, ink);
    const layer = hovered === null ? undefined : pruning.layers[hovered];
    const kept = hovered === null ? 0 : (preview?.kept[hovered] ?? layer?.of ?? 0);
    if (layer !== undefined) paintTicks(ctx, layer.scores, kept, bins, width, ink);
    setText(layerName.current, layer === undefined ? "" : `ticks: ${layer.name}`);
    const knob = handle.current;
    if (knob === null) return;
    knob.style.transform = `translateX(${place * width}px)`;
    const side = place > 0.75 ? "left" : "right";
    if (knob.dataset["side"] !== side) knob.dataset["side"] = side;
    knob.setAttribute("aria-valuenow", String(Math.round(ratio * 1000) / 10));
    knob.setAttribute("aria-valuetext", isCutting ? score(threshold) : "nothing removed");
    setText(label.current, isCutting ? score(threshold) : "");
  });

  const drag = (event: PointerEvent<HTMLElement>): void => {
    const rect = box.current?.getBoundingClientRect();
    if (rect === undefined || (event.buttons & 1) === 0) return;
    const place = (event.clientX - rect.left) / rect.width;
    if (place <= 0) setRatio(0);
    else setThreshold(scoreAt(place, bins));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { ratio } = slider.getState();
    const moves: Record<string, number> = {
      ArrowLeft: ratio - RATIO_STEP,
      ArrowDown: ratio - RATIO_STEP,
      ArrowRight: ratio + RATIO_STEP,
      ArrowUp: ratio + RATIO_STEP,
      PageDown: ratio - 0.05,
      PageUp: ratio + 0.05,
      Home: 0,
      End: 1,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setRatio(next);
  };
  return (
    <figure className={styles.histogram}>
      <figcaption className={styles.head}>
        <h3>BN scale |γ|</h3>
        <span className="quiet" ref={layerName} />
      </figcaption>
      <div
        className={styles.plot}
        ref={box}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={drag}
      >
        <canvas ref={canvas} aria-hidden="true" />
        <div
          ref={handle}
          className={styles.handle}
          role="slider"
          tabIndex={0}
          aria-label="Threshold"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={0}
          onKeyDown={onKeyDown}
        >
          <span className={styles.knob} />
          <span className={styles.value} ref={label} />
        </div>
      </div>
      <div className={styles.axis} aria-hidden="true">
        {decades(bins).map((power) => (
          <span key={power} style={{ left: `${placeOf(10 ** power, bins) * 100}%` }}>
            {power < -4 ? (
              <>
                10<sup>{power}</sup>
              </>
            ) : (
              String(10 ** power)
            )}
          </span>
        ))}
      </div>
    </figure>
  );
}

function paintBars(
  ctx: CanvasRenderingContext2D,
  { counts, most }: Bins,
  threshold: number,
  width: number,
  ink: Ink,
): void {
  const step = width / counts.length;
  const gap = step > 4 ? 0.75 : 0.25;
  const cut = threshold * width;
  const removed = new Path2D();
  const kept = new Path2D();
  counts.forEach((n, i) => {
    if (n === 0) return;
    const height = Math.max(2, (n / most) * (PLOT - 18));
    const [from, to] = [i * step + gap, (i + 1) * step - gap];
    const middle = Math.min(to, Math.max(from, cut));
    if (middle > from + 0.25) removed.rect(from, PLOT - height, middle - from, height);
    if (to > middle + 0.25) kept.rect(middle, PLOT - height, to - middle, height);
  });
  ctx.fillStyle = ink.hatch;
  ctx.fill(removed);
  ctx.strokeStyle = ink.clay;
  ctx.lineWidth = 0.9;
  ctx.stroke(removed);
  ctx.fillStyle = ink.leaf;
  ctx.fill(kept);
  ctx.strokeStyle = ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(0, PLOT + 0.5);
  ctx.lineTo(width, PLOT + 0.5);
  ctx.stroke();
}

function paintTicks(
  ctx: CanvasRenderingContext2D,
  scores: Float64Array,
  kept: number,
  bins: Bins,
  width: number,
  ink: Ink,
): void {
  const green = new Path2D();
  const clay = new Path2D();
  scores.forEach((value, i) => {
    const x = placeOf(value, bins) * width;
    const path = i < kept ? green : clay;
    path.moveTo(x, PLOT + 3);
    path.lineTo(x, PLOT + 9);
  });
  ctx.lineWidth = 1.1;
  ctx.strokeStyle = ink.clay;
  ctx.stroke(clay);
  ctx.strokeStyle = ink.leaf;
  ctx.stroke(green);
}
