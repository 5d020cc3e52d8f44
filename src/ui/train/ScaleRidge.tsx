/**
 * @file The BN scales through a run: one histogram behind the other, the first at the back. Sparse training
 * shows as one hump that becomes two.
 */
import { useMemo, useRef } from "react";
import { DEAD_SCALE, useTraining, type ScaleMoment } from "../../state/index.ts";
import { countBins, decades, placeOf, type Axis } from "../charts/histogram.ts";
import { count, percent } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { useSize } from "../parts/use-size.ts";
import { ridgeOf, type RidgeLine } from "./ridge.ts";
import styles from "./ScaleRidge.module.css";

const BINS = 80;
/** That of the histogram above, as it begins. */
const AXIS: Axis = { low: -4, high: 0.25 };
const HEIGHT = 220;

/** Drawn when there is something to compare. */
export function ScaleRidge() {
  const hasMoments = useTraining((state) => state.scaleHistory.moments.points.length > 1);
  return hasMoments ? <Ridge /> : null;
}

function Ridge() {
  const box = useRef<HTMLElement>(null);
  const { width } = useSize(box);
  const moments = useTraining((state) => state.scaleHistory.moments.points);
  const newest = useTraining((state) => state.scaleHistory.newest);
  const lines = useMemo(() => {
    const isLast = newest === null || moments.at(-1)?.step === newest.step;
    return linesOf(isLast ? moments : [...moments, newest], width);
  }, [moments, newest, width]);
  const curve = useTraining((state) => state.scaleHistory.curve.points);
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined) return null;
  const words = `dead from ${percent(first.dead, 0)} at step ${count(first.step)} to ${percent(last.dead, 0)} at step ${count(last.step)}`;
  const dead = placeOf(DEAD_SCALE, AXIS) * width;
  return (
    <figure className={styles.ridge} ref={box}>
      <figcaption className={styles.head}>
        <h3>
          <Term of="ridge" position="top-start">
            BN scale |γ| through the run
          </Term>
        </h3>
        <span className="quiet">{words}</span>
      </figcaption>
      {width > 0 && (
        <svg width={width} height={HEIGHT} role="img" aria-label={`BN scales, ${words}`}>
          {lines.map(({ step, path }) => (
            <path key={step} d={path} className={styles.line}>
              <title>{`step ${count(step)}`}</title>
            </path>
          ))}
          <line x1={dead} x2={dead} y1="0" y2={HEIGHT} className={styles.dead} />
        </svg>
      )}
      <div className={styles.axis} aria-hidden="true">
        {decades({ ...AXIS, low: AXIS.low + 0.1 }).map((power) => (
          <span key={power} style={{ left: `${placeOf(10 ** power, AXIS) * 100}%` }}>
            {String(10 ** power)}
          </span>
        ))}
      </div>
    </figure>
  );
}

function linesOf(moments: readonly ScaleMoment[], width: number): readonly RidgeLine[] {
  const rows = moments.map(({ step, scales }) => ({
    step,
    // The dead ones all stand in one bin: plain counts would leave the living hump flat.
    counts: Float64Array.from(countBins(scales, BINS, AXIS).counts, Math.sqrt),
  }));
  return ridgeOf(rows, width, HEIGHT);
}
