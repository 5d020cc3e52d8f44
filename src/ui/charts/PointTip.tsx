/** @file What a point stands for, beside it; a screen reader has the same from the point itself. */
import styles from "./CostChart.module.css";

import { pointLines } from "./cost-words.ts";
import type { Placed } from "./place-points.ts";

interface PointTipProps {
  readonly placed: Placed;
  /** Of the drawing, CSS pixels. */
  readonly width: number;
}

const ROOM = 330;
const GAP = 14;

export function PointTip({ placed: { point, x, y, isBelow }, width }: PointTipProps) {
  const isLeft = x + ROOM > width;
  const isAbove = y > 120;
  return (
    <div
      className={styles.tip}
      aria-hidden="true"
      style={{
        left: x,
        top: y,
        translate: `${isLeft ? "-100%" : "0"} ${isAbove ? "-100%" : "0"}`,
        margin: isLeft ? `0 0 0 ${x < ROOM ? ROOM - x : -GAP}px` : `0 0 0 ${GAP}px`,
      }}
    >
      <b>{point.name}</b>
      {pointLines(point).map((line) => (
        <span key={line}>{line}</span>
      ))}
      {isBelow && <span>below the axis</span>}
      {!point.isComparable && <span>on other images than the baseline</span>}
    </div>
  );
}
