/**
 * @file The BN scales through a run: one histogram behind the other, the first at the back. Sparse training
 * shows as one hump that becomes two.
 */
import { useMemo, useRef } from "react";
import {
  DEAD_SCALE,
  momentsOf,
  ridgeRows,
  scalesOf,
  useTraining,
  type RidgeCounts,
  type ScaleHistory,
  type TrainingCourse,
} from "../../state/index.ts";
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

interface ScaleRidgeProps {
  /** Of a training that was kept; null for the one under way. */
  readonly course: TrainingCourse | null;
}

/** Drawn when there is something to compare. */
export function ScaleRidge({ course }: ScaleRidgeProps) {
  const hasMoments = useTraining((state) => state.scaleHistory.moments.points.length > 1);
  const isDrawn = course === null ? hasMoments : course.ridge.steps.length > 1;
  return isDrawn ? <Ridge course={course} /> : null;
}

function Ridge({ course }: ScaleRidgeProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const live = useTraining((state) => state.scaleHistory);
  const { rows, axis } = useMemo(
    () => (course === null ? countsOf(live) : { rows: ridgeRows(course), axis: course.ridge }),
    [course, live],
  );
  const lines = useMemo(() => linesOf(rows, width), [rows, width]);
  const curve = useMemo(
    () => (course === null ? live.curve.points : scalesOf(course)),
    [course, live],
  );
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
        table={() => tableOf(rows, axis)}
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

interface Counted {
  readonly rows: readonly RidgeCounts[];
  readonly axis: Axis;
}

/** Of the training under way, on an axis that holds all of it. */
function countsOf(history: ScaleHistory): Counted {
  const moments = momentsOf(history);
  const axis = moments.reduce((before, { scales }) => widened(before, scales), LIVE_AXIS);
  const rows = moments.map(({ step, scales }) => ({
    step,
    counts: [...countBins(scales, BINS, axis).counts],
  }));
  return { rows, axis };
}

/** How many scales stood where at each moment; empty bins are left out. */
function tableOf(moments: readonly RidgeCounts[], axis: Axis): ChartTable {
  return {
    columns: [
      { title: "Step", name: "step", say: count },
      { title: "From", name: "scale_from", say: score },
      { title: "To", name: "scale_to", say: score },
      { title: "Channels", name: "channels", say: count },
    ],
    rows: moments.flatMap(({ step, counts }) =>
      filledBins(counts, axis).map(({ from, to, count: n }) => [step, from, to, n]),
    ),
  };
}

function linesOf(moments: readonly RidgeCounts[], width: number): readonly RidgeLine[] {
  const rows = moments.map(({ step, counts }) => ({
    step,
    // The dead ones all stand in one bin: plain counts would leave the living hump flat.
    counts: Float64Array.from(counts, Math.sqrt),
  }));
  return ridgeOf(rows, width, HEIGHT);
}
