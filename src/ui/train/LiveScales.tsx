/** @file The BN scales of the network in training, a few times a second: a gap that opens is seen. */
import { useRef, useState } from "react";
import { countDead, DEAD_SCALE, useWorkbench } from "../../state/index.ts";
import { barsOf } from "../charts/bars.ts";
import type { ChartTable } from "../charts/chart-table.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { countBins, filledBins, placeOf, type Axis, type Bins } from "../charts/histogram.ts";
import { beginPaint, readInk, readPalette } from "../charts/ink.ts";
import { writeDrawing, type Drawing } from "../charts/write-drawing.ts";
import { count, percent, score } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useSize } from "../parts/use-size.ts";
import { LIVE_AXIS, namedScales, widened } from "./live-axis.ts";
import styles from "./LiveScales.module.css";

const BINS = 80;
const HEIGHT = 120;

/** Whose axis it is: another run, or another network, begins anew. */
interface AxisOf {
  readonly of: unknown;
  readonly axis: Axis;
}

/** @param props.isLive — a run is shown; otherwise the network on the page */
export function LiveScales({ isLive }: { readonly isLive: boolean }) {
  const { training, page } = useWorkbench();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  const shareWords = useRef<HTMLSpanElement>(null);
  const { width } = useSize(box);
  const widest = useRef<AxisOf>({ of: null, axis: LIVE_AXIS });
  /** The numbers below; they seldom change. */
  const [named, setNamed] = useState(LIVE_AXIS);
  const current = (): Float32Array | null => {
    const live = isLive ? training.getState().scales : null;
    return live ?? page.getState().session?.scales ?? null;
  };
  const binned = (): Bins => {
    const scales = current() ?? new Float32Array();
    const of = isLive ? training.getState().settings : page.getState().session;
    const before = widest.current.of === of ? widest.current.axis : LIVE_AXIS;
    const axis = widened(before, scales);
    widest.current = { of, axis };
    return countBins(scales, BINS, axis);
  };
  useFrame([training, page], () => {
    const scales = current();
    if (scales === null || canvas.current === null || width === 0) return;
    const ctx = beginPaint(canvas.current, width, HEIGHT + 1);
    if (ctx === null) return;
    paint(ctx, binned(), width);
    setNamed(widest.current.axis);
    const dead = countDead(scales);
    const share = percent(dead / Math.max(1, scales.length), 0);
    setText(words.current, `${count(dead)} of ${count(scales.length)}`);
    setText(shareWords.current, `(${share})`);
  });
  return (
    <div className={styles.scales}>
      <ChartFrame
        title="BN scale |γ|"
        heading={
          <Term of="gamma" position="top-start">
            BN scale |γ|
          </Term>
        }
        file="training-scales"
        table={() => tableOf(binned())}
        svg={() => writeDrawing(drawingOf(binned()), readPalette())}
        tools={
          <span className="quiet">
            <span ref={words} />{" "}
            <Term of="deadShare" position="top-end">
              below 0.01
            </Term>{" "}
            <span ref={shareWords} />
          </span>
        }
      >
        <div ref={box} className={styles.plot}>
          <canvas ref={canvas} aria-hidden="true" />
        </div>
        <div className={styles.axis} aria-hidden="true">
          {namedScales(named).map((scale) => (
            <span key={scale} style={{ left: `${placeOf(scale, named) * 100}%` }}>
              {String(scale)}
            </span>
          ))}
        </div>
      </ChartFrame>
    </div>
  );
}

function tableOf(bins: Bins): ChartTable {
  return {
    columns: [
      { title: "From", name: "scale_from", say: score },
      { title: "To", name: "scale_to", say: score },
      { title: "Channels", name: "channels", say: count },
    ],
    rows: filledBins(bins.counts, bins).map(({ from, to, count: n }) => [from, to, n]),
  };
}

/** Of the file, CSS pixels. */
const WIDTH = 640;

function drawingOf(bins: Bins): Drawing {
  const { counts, most } = bins;
  const at = placeOf(DEAD_SCALE, bins) * WIDTH;
  return {
    width: WIDTH,
    height: HEIGHT + 20,
    bars: [barsOf({ counts, most, gone: [] }, { x: 0, y: 0, width: WIDTH, height: HEIGHT })],
    lines: [
      { from: [0, HEIGHT], to: [WIDTH, HEIGHT], color: "line" },
      { from: [at, 0], to: [at, HEIGHT], color: "half" },
    ],
    texts: namedScales(bins).map((scale) => ({
      x: placeOf(scale, bins) * WIDTH,
      y: HEIGHT + 16,
      text: String(scale),
      anchor: "middle",
    })),
  };
}

function paint(
  ctx: CanvasRenderingContext2D,
  { counts, most, low, high }: Bins,
  width: number,
): void {
  const ink = readInk();
  const step = width / counts.length;
  ctx.fillStyle = ink.leaf;
  counts.forEach((n, i) => {
    if (n === 0) return;
    const height = Math.max(2, (n / most) * (HEIGHT - 4));
    ctx.fillRect(i * step + 0.5, HEIGHT - height, step - 1, height);
  });
  ctx.fillStyle = ink.line;
  ctx.fillRect(0, HEIGHT, width, 1);
  const x = Math.round(placeOf(DEAD_SCALE, { low, high }) * width);
  ctx.fillStyle = ink.half;
  ctx.fillRect(x, 0, 1, HEIGHT);
}
