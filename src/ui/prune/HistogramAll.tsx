/** @file The scores of all channels in one histogram, with the ticks of the layer under the pointer below. */
import { useMemo, useRef, useState } from "react";
import { createStore, shownOf, useWorkbench, type Pruning } from "../../state/index.ts";
import { barsOf, countTicks, shareOfMost } from "../charts/bars.ts";
import { beginPaint, readInk } from "../charts/ink.ts";
import { useFrame } from "../parts/use-frame.ts";
import { useSize } from "../parts/use-size.ts";
import { useVisible } from "../parts/use-visible.ts";
import { AxisTicks } from "./AxisTicks.tsx";
import { BarReader, type BarRead } from "./BarReader.tsx";
import { lowestName, type HistogramBins } from "./histogram-document.ts";
import {
  GUTTER,
  HEAD,
  paintBars,
  paintCounts,
  paintGround,
  paintRead,
  paintThreshold,
  paintTicks,
  paintUnit,
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
  /** Heights follow the logarithm of the counts. */
  readonly isLog: boolean;
}

export function HistogramAll({ pruning, all, hasLine, isLog }: HistogramAllProps) {
  const { bins, gone } = all;
  const { slider, method } = useWorkbench();
  const [read] = useState<BarRead>(() => createStore(() => ({ bin: null })));
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const face = useRef<string>(undefined);
  const { width } = useSize(box);
  const visible = useVisible(box);
  // The same in every frame of a drag.
  const ticks = useMemo(
    () =>
      countTicks(bins.most, isLog).map((n) => ({
        n,
        y: PLOT - shareOfMost(n, bins.most, isLog) * (PLOT - HEAD),
      })),
    [bins, isLog],
  );
  const removedNow = (): Int32Array => {
    const kept = shownOf(slider.getState()).preview?.plan.kept;
    return gone.count((i) => kept?.get(pruning.layers[i]?.name ?? ""));
  };
  useFrame([slider, method, visible, read], () => {
    if (canvas.current === null || width === 0 || !visible.getState()) return;
    const { preview, hovered } = shownOf(slider.getState());
    const ctx = beginPaint(canvas.current, GUTTER + width + 2 * SIDE, PLOT + TICKS);
    if (ctx === null) return;
    ctx.translate(GUTTER + SIDE, 0);
    face.current ??= getComputedStyle(canvas.current).fontFamily;
    const ink = readInk();
    const removed = removedNow();
    const place = { x: 0, y: HEAD, width, height: PLOT - HEAD };
    paintCounts(ctx, ticks, { width, face: face.current }, ink);
    paintBars(ctx, [barsOf({ ...bins, gone: removed, isLog }, place)], ink);
    paintGround(ctx, { x: 0, y: PLOT, width }, ink);
    const { bin } = read.getState();
    if (bin !== null) {
      const counts = bins.counts.map((n, i) => (i === bin ? n : 0));
      const [ring] = barsOf({ counts, most: bins.most, gone: [], isLog }, place).kept;
      if (ring !== undefined) paintRead(ctx, ring, ink);
    }
    const layer = hovered === null ? undefined : pruning.layers[hovered];
    const kept = hovered === null ? 0 : (preview?.kept[hovered] ?? layer?.of ?? 0);
    const { place: at, text } = thresholdMark(preview, bins);
    const mark = { x: at * width, text, isLeft: at > TURNS, face: face.current };
    paintUnit(ctx, { ...mark, x: hasLine ? mark.x : null }, ink);
    if (hasLine) paintThreshold(ctx, mark, ink);
    if (layer !== undefined) paintTicks(ctx, { scores: layer.scores, kept }, bins, width, ink);
  });
  return (
    <div className={styles.counted}>
      <div className={styles.plot} data-line={hasLine} ref={box}>
        <BarReader read={read} bins={bins} goes={(bin) => removedNow()[bin] ?? 0}>
          <canvas ref={canvas} aria-hidden="true" />
          {hasLine && <ThresholdHandle axis={bins} width={width} isPainted />}
        </BarReader>
      </div>
      <AxisTicks axis={bins} lowest={lowestName(pruning, bins)} />
    </div>
  );
}
