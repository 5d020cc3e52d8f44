/** @file The axes of accuracy against cost, with their units, and the baseline's accuracy across. */
import type { CostAxis } from "../../state/index.ts";
import { AccuracyGrid } from "./AccuracyGrid.tsx";
import styles from "./CostChart.module.css";
import { axisTitle, axisValue } from "./cost-words.ts";
import { HEIGHT, MARGIN, type PlacedPoints } from "./place-points.ts";

interface CostAxesProps {
  readonly drawing: PlacedPoints;
  readonly axis: CostAxis;
  /** Of the drawing, CSS pixels. */
  readonly width: number;
}

export function CostAxes({ drawing: { x, y, placed }, axis, width }: CostAxesProps) {
  const foot = HEIGHT - MARGIN.bottom;
  const right = width - MARGIN.right;
  const base = placed.find(({ point }) => point.isBaseline);
  return (
    <g aria-hidden="true">
      <AccuracyGrid y={y} left={MARGIN.left} right={right} foot={foot} />
      {x.ticks.map((tick) => (
        <g key={tick} transform={`translate(${x.at(tick)} ${foot})`}>
          <line y2={4} className={styles.axis} />
          <text y={18} textAnchor="middle">
            {axisValue(tick, x.high)}
          </text>
        </g>
      ))}
      <text x={right} y={HEIGHT - 6} textAnchor="end">
        {axisTitle(axis, x.high)}
      </text>
      {base !== undefined && (
        <line x1={MARGIN.left} x2={right} y1={base.y} y2={base.y} className={styles.base} />
      )}
    </g>
  );
}
