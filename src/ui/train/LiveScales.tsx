/** @file The BN scales of the network in training, a few times a second: a gap that opens is seen. */
import { useRef, useState } from "react";
import { countDead, DEAD_SCALE, useWorkbench } from "../../state/index.ts";
import { barsOf, countTicks, shareOfMost, type Bars, type Rect } from "../charts/bars.ts";
import type { ChartTable } from "../charts/chart-table.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { COUNTS, drawnCounts, OVER } from "../charts/drawn-counts.ts";
import { countBins, filledBins, placeOf, type Axis, type Bins } from "../charts/histogram.ts";
import { beginPaint, readInk, readPalette } from "../charts/ink.ts";
import { writeDrawing, type Drawing } from "../charts/write-drawing.ts";
import { count, percent, score } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useSize } from "../parts/use-size.ts";
import { GUTTER, paintBars, paintCounts, paintGround } from "../prune/paint-histogram.ts";
import { LIVE_AXIS, lowestName, namedScales, widened } from "./live-axis.ts";
import styles from "./LiveScales.module.css";

const BINS = 80;
const HEIGHT = 120;
/** Above the highest bar: half of the count that may stand beside it. */
const HEAD = 8;

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
  const face = useRef<string>(undefined);
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
    const ctx = beginPaint(canvas.current, GUTTER + width, HEIGHT + 1);
    if (ctx === null) return;
    ctx.translate(GUTTER, 0);
    face.current ??= getComputedStyle(canvas.current).fontFamily;
    paint(ctx, binned(), { width, face: face.current });
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
        <p className={styles.counted} aria-hidden="true">
          channels
        </p>
        <div ref={box} className={styles.plot}>
          <canvas ref={canvas} aria-hidden="true" />
        </div>
        <div className={styles.axis} aria-hidden="true">
          <span className={styles.lowest}>{lowestName(named, BINS, width)}</span>
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
  const place = { x: COUNTS, y: OVER, width: WIDTH, height: HEIGHT };
  const { lines, texts } = drawnCounts(bins, place);
  const ground = OVER + HEIGHT;
  const at = COUNTS + placeOf(DEAD_SCALE, bins) * WIDTH;
  return {
    width: COUNTS + WIDTH,
    height: ground + 20,
    bars: [barsIn(bins, place)],
    lines: [
      ...lines,
      { from: [COUNTS, ground], to: [COUNTS + WIDTH, ground], color: "line" },
      { from: [at, 0], to: [at, ground], color: "half" },
    ],
    texts: [
      ...texts,
      { x: COUNTS, y: ground + 16, text: lowestName(bins, BINS, WIDTH) ?? "" },
      ...namedScales(bins).map((scale) => ({
        x: COUNTS + placeOf(scale, bins) * WIDTH,
        y: ground + 16,
        text: String(scale),
        anchor: "middle" as const,
      })),
    ],
  };
}

/** The counts to write beside the bars, and how high they stand. */
function countsOf({ most }: Bins): readonly { readonly n: number; readonly y: number }[] {
  return countTicks(most).map((n) => ({ n, y: HEIGHT - shareOfMost(n, most) * (HEIGHT - HEAD) }));
}

function barsIn({ counts, most }: Bins, place: Rect): Bars {
  return barsOf({ counts, most, gone: [] }, place);
}

function paint(
  ctx: CanvasRenderingContext2D,
  bins: Bins,
  look: { readonly width: number; readonly face: string },
): void {
  const ink = readInk();
  const { width } = look;
  paintCounts(ctx, countsOf(bins), look, ink);
  paintBars(ctx, [barsIn(bins, { x: 0, y: HEAD, width, height: HEIGHT - HEAD })], ink);
  paintGround(ctx, { x: 0, y: HEIGHT, width }, ink);
  const x = Math.round(placeOf(DEAD_SCALE, bins) * width);
  ctx.fillStyle = ink.half;
  ctx.fillRect(x, 0, 1, HEIGHT);
}
