/** @file The BN scales of the network in training, a few times a second: a gap that opens is seen. */
import { useRef } from "react";
import { countDead, DEAD_SCALE, useWorkbench } from "../../state/index.ts";
import { countBins, decades, logAxis, placeOf, type Axis, type Bins } from "../charts/histogram.ts";
import { beginPaint, readInk } from "../charts/ink.ts";
import { count, percent } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useSize } from "../parts/use-size.ts";
import styles from "./LiveScales.module.css";

const BINS = 80;
const HEIGHT = 120;
/** The axis only widens during a run, so that bars do not jump. */
const LEAST: readonly [number, number] = [-4, 0.25];

/** @param props.isLive — a run is shown; otherwise the network on the page */
export function LiveScales({ isLive }: { readonly isLive: boolean }) {
  const { training, page } = useWorkbench();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  const shareWords = useRef<HTMLSpanElement>(null);
  const { width } = useSize(box);
  useFrame([training, page], () => {
    const live = isLive ? training.getState().scales : null;
    const scales = live ?? page.getState().session?.scales ?? null;
    if (scales === null || canvas.current === null || width === 0) return;
    const bins = countBins(scales, BINS, axis(scales));
    const ctx = beginPaint(canvas.current, width, HEIGHT + 1);
    if (ctx === null) return;
    paint(ctx, bins, width);
    const dead = countDead(scales);
    const share = percent(dead / Math.max(1, scales.length), 0);
    setText(words.current, `${count(dead)} of ${count(scales.length)}`);
    setText(shareWords.current, `(${share})`);
  });
  const fixedAxis = { low: LEAST[0], high: LEAST[1] };
  return (
    <figure className={styles.scales}>
      <figcaption className={styles.head}>
        <h3>
          <Term of="gamma" position="top-start">
            BN scale |γ|
          </Term>
        </h3>
        <span className="quiet">
          <span ref={words} />{" "}
          <Term of="deadShare" position="top-end">
            below 0.01
          </Term>{" "}
          <span ref={shareWords} />
        </span>
      </figcaption>
      <div ref={box} className={styles.plot}>
        <canvas ref={canvas} aria-hidden="true" />
      </div>
      <div className={styles.axis} aria-hidden="true">
        {decades({ ...fixedAxis, low: fixedAxis.low + 0.1 }).map((power) => (
          <span key={power} style={{ left: `${placeOf(10 ** power, fixedAxis) * 100}%` }}>
            {String(10 ** power)}
          </span>
        ))}
      </div>
    </figure>
  );
}

function axis(scales: Float32Array): Axis {
  const sorted = Float64Array.from(scales, Math.abs).sort();
  return { low: LEAST[0], high: Math.max(LEAST[1], logAxis(sorted).high) };
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
