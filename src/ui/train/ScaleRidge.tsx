/**
 * @file The BN scales through a run: one histogram behind the other, the first at the back. Sparse training
 * shows as one hump that becomes two.
 */
import { useMemo, useRef } from "react";
import { DEAD_SCALE, useTraining, type ScaleMoment } from "../../state/index.ts";
import type { ChartTable } from "../charts/chart-table.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { countBins, filledBins, placeOf, type Axis } from "../charts/histogram.ts";
import { count, percent, score } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { useSize } from "../parts/use-size.ts";
import { LIVE_AXIS, namedScales, widened } from "./live-axis.ts";
import { ridgeOf, type RidgeLine } from "./ridge.ts";
import styles from "./ScaleRidge.module.css";

const BINS = 80;
const HEIGHT = 220;
/** Below it, for the axis' numbers. */
const FOOT = 20;

/** Drawn when there is something to compare. */
export function ScaleRidge() {
  const hasMoments = useTraining((state) => state.scaleHistory.moments.points.length > 1);
  return hasMoments ? <Ridge /> : null;
}

function Ridge() {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const moments = useTraining((state) => state.scaleHistory.moments.points);
  const newest = useTraining((state) => state.scaleHistory.newest);
  const shown = useMemo(() => {
    const isLast = newest === null || moments.at(-1)?.step === newest.step;
    return isLast ? moments : [...moments, newest];
  }, [moments, newest]);
  const axis = useMemo(
    () => shown.reduce((before, { scales }) => widened(before, scales), LIVE_AXIS),
    [shown],
  );
  const lines = useMemo(() => linesOf(shown, axis, width), [shown, axis, width]);
  const curve = useTraining((state) => state.scaleHistory.curve.points);
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined) return null;
  const words = `dead from ${percent(first.dead, 0)} at step ${count(first.step)} to ${percent(last.dead, 0)} at step ${count(last.step)}`;
  const dead = placeOf(DEAD_SCALE, axis) * width;
  return (
    <div className={styles.ridge}>
      <ChartFrame
        title="BN scale |γ| through the run"
        heading={
          <Term of="ridge" position="top-start">
            BN scale |γ| through the run
          </Term>
        }
        file="training-scales-through-the-run"
        table={() => tableOf(shown, axis)}
        tools={<span className="quiet">{words}</span>}
      >
        <div ref={box}>
          {width > 0 && (
            <svg
              width={width}
              height={HEIGHT + FOOT}
              className={styles.drawing}
              role="img"
              aria-label={`BN scales, ${words}`}
            >
              {lines.map(({ step, path }) => (
                <path key={step} d={path} className={styles.line}>
                  <title>{`step ${count(step)}`}</title>
                </path>
              ))}
              <line x1={dead} x2={dead} y1="0" y2={HEIGHT} className={styles.dead} />
              {namedScales(axis).map((scale) => (
                <text
                  key={scale}
                  x={placeOf(scale, axis) * width}
                  y={HEIGHT + FOOT - 4}
                  textAnchor="middle"
                >
                  {String(scale)}
                </text>
              ))}
            </svg>
          )}
        </div>
      </ChartFrame>
    </div>
  );
}

/** How many scales stood where at each moment; empty bins are left out. */
function tableOf(moments: readonly ScaleMoment[], axis: Axis): ChartTable {
  return {
    columns: [
      { title: "Step", name: "step", say: count },
      { title: "From", name: "scale_from", say: score },
      { title: "To", name: "scale_to", say: score },
      { title: "Channels", name: "channels", say: count },
    ],
    rows: moments.flatMap(({ step, scales }) =>
      filledBins(countBins(scales, BINS, axis).counts, axis).map(({ from, to, count: n }) => [
        step,
        from,
        to,
        n,
      ]),
    ),
  };
}

function linesOf(moments: readonly ScaleMoment[], axis: Axis, width: number): readonly RidgeLine[] {
  const rows = moments.map(({ step, scales }) => ({
    step,
    // The dead ones all stand in one bin: plain counts would leave the living hump flat.
    counts: Float64Array.from(countBins(scales, BINS, axis).counts, Math.sqrt),
  }));
  return ridgeOf(rows, width, HEIGHT);
}
