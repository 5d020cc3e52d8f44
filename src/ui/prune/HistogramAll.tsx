/** @file The scores of all channels in one histogram, with the ticks of the layer under the pointer below. */
import { useRef } from "react";
import { shownOf, useWorkbench, type Pruning } from "../../state/index.ts";
import { barsOf } from "../charts/bars.ts";
import { beginPaint, readInk } from "../charts/ink.ts";
import { useFrame } from "../parts/use-frame.ts";
import { useSize } from "../parts/use-size.ts";
import { useVisible } from "../parts/use-visible.ts";
import { AxisTicks } from "./AxisTicks.tsx";
import type { HistogramBins } from "./histogram-document.ts";
import {
  HEAD,
  paintBars,
  paintGround,
  paintThreshold,
  paintTicks,
  PLOT,
  SIDE,
  TICKS,
} from "./paint-histogram.ts";
import { ThresholdHandle, thresholdMark, TURNS } from "./ThresholdHandle.tsx";
import styles from "./Histogram.module.css";

interface HistogramAllProps {
  readonly pruning: Pruning;
  readonly all: HistogramBins;
  /** There is one threshold for all. */
  readonly hasLine: boolean;
}

export function HistogramAll({ pruning, all: { bins, gone }, hasLine }: HistogramAllProps) {
  const { slider, method } = useWorkbench();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const face = useRef<string>(undefined);
  const { width } = useSize(box);
  const visible = useVisible(box);
  useFrame([slider, method, visible], () => {
    if (canvas.current === null || width === 0 || !visible.getState()) return;
    const { preview, hovered } = shownOf(slider.getState());
    const ctx = beginPaint(canvas.current, width + 2 * SIDE, PLOT + TICKS);
    if (ctx === null) return;
    ctx.translate(SIDE, 0);
    const ink = readInk();
    const removed = gone.count((i) => preview?.plan.kept.get(pruning.layers[i]?.name ?? ""));
    const place = { x: 0, y: HEAD, width, height: PLOT - HEAD };
    paintBars(ctx, [barsOf({ ...bins, gone: removed }, place)], ink);
    paintGround(ctx, { x: 0, y: PLOT, width }, ink);
    const layer = hovered === null ? undefined : pruning.layers[hovered];
    const kept = hovered === null ? 0 : (preview?.kept[hovered] ?? layer?.of ?? 0);
    if (hasLine) {
      face.current ??= getComputedStyle(canvas.current).fontFamily;
      const { place: at, text } = thresholdMark(preview, bins);
      const mark = { x: at * width, text, isLeft: at > TURNS, face: face.current };
      paintThreshold(ctx, mark, ink);
    }
    if (layer !== undefined) paintTicks(ctx, { scores: layer.scores, kept }, bins, width, ink);
  });
  return (
    <>
      <div className={styles.plot} data-line={hasLine} ref={box}>
        <canvas ref={canvas} aria-hidden="true" />
        {hasLine && <ThresholdHandle axis={bins} width={width} isPainted />}
      </div>
      <AxisTicks axis={bins} />
    </>
  );
}
