/** @file One curve of a run, at most 500 points; a light line for the batches, dots for the validation. */
import { memo, useRef } from "react";
import { CartesianGrid, Line, LineChart, ReferenceDot, Tooltip, XAxis, YAxis } from "recharts";
import { useTraining, type CurvePoint } from "../../state/index.ts";
import { count, fixed, percent } from "../format.ts";
import { useSize } from "../parts/use-size.ts";
import styles from "./chart.module.css";

interface TrainingChartProps {
  readonly measure: "loss" | "accuracy";
  readonly title: string;
}

export default function TrainingChart({ measure, title }: TrainingChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const points = useTraining((state) => state.series.points);
  const validations = useTraining((state) => state.validations);
  return (
    <figure>
      <h3>{title}</h3>
      <div className={styles.chart} ref={box}>
        {width > 0 && (
          <Curve
            points={points}
            validations={measure === "accuracy" ? validations : NONE}
            measure={measure}
            width={width}
          />
        )}
      </div>
    </figure>
  );
}

interface Validation {
  readonly step: number;
  readonly accuracy: number;
}

const NONE: readonly Validation[] = [];

interface CurveProps {
  readonly points: readonly CurvePoint[];
  readonly validations: readonly Validation[];
  readonly measure: "loss" | "accuracy";
  readonly width: number;
}

const Curve = memo(function Curve({ points, validations, measure, width }: CurveProps) {
  const say = (value: number): string => (measure === "loss" ? fixed(value, 2) : percent(value, 0));
  return (
    <LineChart
      width={width}
      height={200}
      data={[...points]}
      margin={{ top: 6, right: 6, bottom: 0, left: 0 }}
    >
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        dataKey="step"
        type="number"
        domain={[0, "dataMax"]}
        tickFormatter={count}
        tickCount={5}
      />
      <YAxis
        width={46}
        domain={measure === "loss" ? [0, "auto"] : ["auto", "auto"]}
        tickFormatter={say}
      />
      <Tooltip
        isAnimationActive={false}
        formatter={(value) => say(Number(value))}
        labelFormatter={(step) => `step ${count(Number(step))}`}
      />
      <Line
        dataKey={measure}
        stroke="var(--ink)"
        strokeWidth={1.5}
        dot={false}
        isAnimationActive={false}
      />
      {validations.map(({ step, accuracy }) => (
        <ReferenceDot
          key={step}
          x={step}
          y={accuracy}
          r={4}
          fill="var(--paper)"
          stroke="var(--ink)"
          strokeWidth={1.75}
          ifOverflow="extendDomain"
        />
      ))}
    </LineChart>
  );
});
