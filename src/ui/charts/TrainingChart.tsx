/**
 * @file One curve of a training, at most 500 points: loss and accuracy of the batches, faint behind the mean of
 * their neighbourhood, with dots for the validation; and what becomes of the BN scales. Of the training under
 * way, or of one that was kept; the same of another one can stand behind it, dashed.
 */
import { memo, useMemo, useRef } from "react";
import { CartesianGrid, Line, LineChart, ReferenceDot, Tooltip, XAxis, YAxis } from "recharts";
import {
  batchesOf,
  scalesOf,
  useWorkbench,
  validationsOf,
  type TrainingCourse,
} from "../../state/index.ts";
import { count } from "../format.ts";
import { Later } from "../parts/Later.tsx";
import { useInTurn } from "../parts/use-in-turn.ts";
import { useSize } from "../parts/use-size.ts";
import { joinByStep, type StepRow } from "./join-by-step.ts";
import { movingMean, windowOf } from "./moving-mean.ts";
import { makeScale, type Scale } from "./scale.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import {
  AXES,
  TITLES,
  trainingTable,
  valueOf,
  type Measure,
  type TrainingCurves,
} from "./training-table.ts";
import styles from "./chart.module.css";

const HEIGHT = 216;

interface TrainingChartProps {
  readonly measure: Measure;
  readonly title: string;
  /** Of a training that was kept; null for the one under way. */
  readonly course: TrainingCourse | null;
  /** What is drawn behind it. */
  readonly beside: Beside | null;
}

/** Another training, and whose it is. */
export interface Beside {
  readonly name: string;
  readonly course: TrainingCourse;
}

export default function TrainingChart({ measure, title, course, beside }: TrainingChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const { training } = useWorkbench();
  const kept = useMemo(
    () => (course === null ? null : pointsIn(course, measure)),
    [course, measure],
  );
  const keptHeld = useMemo(() => (course === null ? null : validationsOf(course)), [course]);
  const [points, validations] = useInTurn(
    training,
    ({ series, scaleHistory, validations: held }) => {
      const live = isOfBatches(measure) ? series.points : scaleHistory.curve.points;
      return [kept ?? live, measure === "accuracy" ? (keptHeld ?? held) : NONE] as const;
    },
    [kept, keptHeld],
  );
  const other = useMemo(
    () =>
      beside === null ? null : { name: beside.name, points: pointsIn(beside.course, measure) },
    [beside, measure],
  );
  // Of what there is so far: through the window of a whole long run its beginning would be one line.
  const steps = points.at(-1)?.step ?? 0;
  // The scales do not scatter.
  const window = isOfBatches(measure) ? windowOf(steps) : null;
  return (
    <ChartFrame
      title={title}
      file={`training-${measure}`}
      table={() => trainingTable({ measure, points, validations, other })}
    >
      {/* Its place is kept until its width is known. */}
      <div className={styles.chart} style={{ minHeight: HEIGHT }} ref={box}>
        {width > 0 && <Curve {...{ title, points, other, validations, measure, window, width }} />}
      </div>
    </ChartFrame>
  );
}

const isOfBatches = (measure: Measure): boolean => measure === "loss" || measure === "accuracy";

function pointsIn(course: TrainingCourse, measure: Measure): CurveProps["points"] {
  return isOfBatches(measure) ? batchesOf(course) : scalesOf(course);
}

/** The points with the mean of their neighbourhood, where one is drawn. */
function withMean(
  points: CurveProps["points"],
  measure: Measure,
  window: number | null,
): StepRow[] {
  if (window === null) return points.map((point) => ({ ...point }));
  const valued = points.map((point) => ({ step: point.step, value: valueOf(point, measure) ?? 0 }));
  const means = movingMean(valued, window);
  return points.map((point, i) => ({ ...point, smooth: means[i] ?? 0 }));
}

/** The axis of the values: round, and holding all of them. */
function rangeOf(
  measure: Measure,
  points: CurveProps["points"],
  validations: readonly Validation[],
): Scale {
  const { from, least } = AXES[measure];
  const values = [
    ...points.map((point) => valueOf(point, measure) ?? Number.NaN),
    ...validations.map(({ accuracy }) => accuracy),
  ].filter(Number.isFinite);
  const low = from === 0 || values.length === 0 ? 0 : Math.min(...values);
  return makeScale([low, Math.max(low + least, ...values)], [0, 1]);
}

type Validation = TrainingCurves["validations"][number];

const NONE: readonly Validation[] = [];

interface CurveProps extends TrainingCurves {
  readonly title: string;
  /** Steps over which the strong line is a mean; null where every point is drawn strongly. */
  readonly window: number | null;
  readonly width: number;
}

/** What the strong line is, beside what it goes along. */
function axisWords(window: number | null): string {
  return window === null || window < 2
    ? "step"
    : `step; in bold the mean of ${count(window)} steps`;
}

const Curve = memo(function Curve(props: CurveProps) {
  const { title, points, other, validations, measure, window, width } = props;
  const data = useMemo(() => {
    const own = withMean(points, measure, window);
    if (other === null) return own;
    const behind = withMean(other.points, measure, window);
    return joinByStep(own, behind, window === null ? measure : "smooth");
  }, [points, other, measure, window]);
  const all = other === null ? points : [...points, ...other.points];
  const last = Math.max(points.at(-1)?.step ?? 1, other?.points.at(-1)?.step ?? 1);
  return (
    <LineChart
      width={width}
      height={HEIGHT}
      // Its tip is a live region: the arrows go from step to step.
      aria-label={`${title}: from step to step by left and right`}
      data={[...data]}
      margin={{ top: 6, right: 6, bottom: 16, left: 0 }}
    >
      {/* Piece by piece: the first chart of a visit would be a long task (decision 023). */}
      <Later>
        <Axes {...{ measure, window, last }} range={rangeOf(measure, all, validations)} />
        <Later>
          <Lines {...{ measure, window, other }} />
          {validations.map(({ step, accuracy }) => (
            <ReferenceDot
              key={step}
              x={step}
              y={accuracy}
              r={4}
              fill="var(--paper)"
              stroke="var(--ink)"
              strokeWidth={1.75}
            />
          ))}
        </Later>
      </Later>
    </LineChart>
  );
});

interface AxesProps extends Pick<CurveProps, "measure" | "window"> {
  /** The last step of any line. */
  readonly last: number;
  /** Of the values. */
  readonly range: Scale;
}

function Axes({ measure, window, last, range }: AxesProps) {
  const { say } = AXES[measure];
  const x = makeScale([0, last], [0, 1]);
  // Ticks are few and round: each is named, on its line (recharts would measure the names, leave some out and
  // move the last one inwards).
  return (
    <>
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        dataKey="step"
        type="number"
        domain={[0, last]}
        ticks={x.ticks.filter((tick) => tick <= last)}
        interval={0}
        tickFormatter={count}
        label={{ value: axisWords(window), position: "insideBottom", offset: -12 }}
      />
      <YAxis
        width={52}
        domain={[range.low, range.high]}
        ticks={[...range.ticks]}
        interval={0}
        tickFormatter={say}
      />
    </>
  );
}

function Lines({ measure, window, other }: Pick<CurveProps, "measure" | "window" | "other">) {
  const { say, unit = "" } = AXES[measure];
  // Steps that only one of the two has are no gaps in the other.
  const isJoined = other !== null;
  return (
    <>
      <Tooltip
        isAnimationActive={false}
        formatter={(value) => `${say(Number(value))}${unit}`}
        labelFormatter={(step) => `step ${count(Number(step))}`}
      />
      {other !== null && (
        <Line
          dataKey="beside"
          connectNulls
          name={other.name}
          stroke="var(--half)"
          strokeWidth={1.5}
          strokeDasharray="5 3"
          dot={false}
          isAnimationActive={false}
        />
      )}
      <Line
        dataKey={measure}
        connectNulls={isJoined}
        name={window === null ? TITLES[measure].title : "batches"}
        stroke="var(--ink)"
        strokeWidth={window === null ? 1.5 : 1}
        strokeOpacity={window === null ? 1 : 0.28}
        dot={false}
        isAnimationActive={false}
      />
      {window !== null && (
        <Line
          dataKey="smooth"
          connectNulls={isJoined}
          name="mean"
          stroke="var(--ink)"
          strokeWidth={1.75}
          dot={false}
          isAnimationActive={false}
        />
      )}
    </>
  );
}
