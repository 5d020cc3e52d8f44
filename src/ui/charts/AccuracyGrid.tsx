/** @file The accuracy's axis of a chart: round values with their lines across, and what they are. */
import { percentValue } from "../format.ts";
import styles from "./AccuracyGrid.module.css";
import type { Scale } from "./scale.ts";

interface AccuracyGridProps {
  readonly y: Scale;
  /** Where the plot begins and ends, and its foot, CSS pixels. */
  readonly left: number;
  readonly right: number;
  readonly foot: number;
  /** False where something else needs the room. */
  readonly isTitled?: boolean;
}

export function AccuracyGrid({ y, left, right, foot, isTitled = true }: AccuracyGridProps) {
  return (
    <>
      {y.ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${y.at(tick)})`}>
          <line x1={left} x2={right} className={styles.grid} />
          <text x={left - 8} y={4} textAnchor="end">
            {percentValue(tick, 1, true)}
          </text>
        </g>
      ))}
      <line x1={left} x2={right} y1={foot} y2={foot} className={styles.foot} />
      {isTitled && (
        <text x={0} y={12}>
          Accuracy, %
        </text>
      )}
    </>
  );
}
