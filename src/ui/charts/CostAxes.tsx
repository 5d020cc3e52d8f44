/** @file The axes of accuracy against cost, with their units, and the baseline's accuracy across. */
import type { CostAxis } from "../../state/index.ts";
import { percentValue } from "../format.ts";
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
      {y.ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${y.at(tick)})`}>
          <line x1={MARGIN.left} x2={right} className={styles.grid} />
          <text x={MARGIN.left - 8} y={4} textAnchor="end">
            {percentValue(tick, 1, true)}
          </text>
        </g>
      ))}
      <line x1={MARGIN.left} x2={right} y1={foot} y2={foot} className={styles.axis} />
      {x.ticks.map((tick) => (
        <g key={tick} transform={`translate(${x.at(tick)} ${foot})`}>
          <line y2={4} className={styles.axis} />
          <text y={18} textAnchor="middle">
            {axisValue(tick, x.high)}
          </text>
        </g>
      ))}
      <text x={0} y={12}>
        Accuracy, %
      </text>
      <text x={right} y={HEIGHT - 6} textAnchor="end">
        {axisTitle(axis, x.high)}
      </text>
      {base !== undefined && (
        <line x1={MARGIN.left} x2={right} y1={base.y} y2={base.y} className={styles.base} />
      )}
    </g>
  );
}
