/**
 * @file Accuracy against cost: every run and every measured position of the slider, with the front that no
 * network beats in both. Each point is read by pointer or arrow keys, and leads to what it stands for.
 */
import { useMemo, useRef } from "react";
import { useSize } from "../parts/use-size.ts";
import styles from "./CostChart.module.css";
import { CostAxes } from "./CostAxes.tsx";
import { pointSpoken } from "./cost-words.ts";
import { HEIGHT, placePoints, type Placed, type PointsToPlace } from "./place-points.ts";
import { PointTip } from "./PointTip.tsx";
import { usePointing, type PointingParts } from "./use-pointing.ts";

interface CostChartProps extends PointsToPlace, Omit<PointingParts, "placed"> {
  /** The run on the page. */
  readonly shownRun: number;
}

export function CostChart(props: CostChartProps) {
  const { points, front, axis, shownRun } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const drawing = useMemo(
    () => placePoints({ points, front, axis }, width),
    [points, front, axis, width],
  );
  const { placed, painted, path, labels } = drawing;
  const { current, stop, focus, blur, handlers } = usePointing({ ...props, placed });
  return (
    <div
      ref={box}
      role="toolbar"
      tabIndex={-1}
      className={styles.chart}
      style={{ height: HEIGHT }}
      aria-label={`Points: ${placed.length}, from left to right by arrow keys`}
      {...handlers}
    >
      {width > 0 && (
        <svg width={width} height={HEIGHT} data-pointing={current !== undefined}>
          <CostAxes drawing={drawing} axis={axis} width={width} />
          <path className={styles.front} d={path} />
          {painted.map((one) => (
            <g
              key={one.point.id}
              role="button"
              tabIndex={one.point.id === stop ? 0 : -1}
              data-point={one.point.id}
              aria-label={pointSpoken(one.point, one.isFront)}
              className={styles.point}
              transform={`translate(${one.x} ${one.y})`}
              onFocus={() => focus(one.point.id)}
              onBlur={blur}
            >
              <Mark one={one} isLit={one === current} isShown={one.point.run === shownRun} />
            </g>
          ))}
          {labels.map(({ text, x, y, anchor }) => (
            <text
              key={`${text} ${x}`}
              x={x}
              y={y}
              textAnchor={anchor}
              className={styles.name}
              aria-hidden="true"
            >
              {text}
            </text>
          ))}
        </svg>
      )}
      {current !== undefined && width > 0 && <PointTip placed={current} width={width} />}
    </div>
  );
}

interface MarkProps {
  readonly one: Placed;
  readonly isLit: boolean;
  readonly isShown: boolean;
}

/** Runs are filled, and green on the front; positions are hollow; the baseline has a ring of its own. */
function Mark({ one: { point, isBelow, isFront }, isLit, isShown }: MarkProps) {
  const isRun = point.run !== null;
  return (
    <>
      {point.isBaseline && <circle r={9} className={styles.ring} />}
      {isLit && <circle r={isRun ? 12.5 : 9} className={styles.halo} />}
      <circle
        r={isRun ? 5.5 : 3.5}
        className={isRun ? styles.run : styles.position}
        data-front={isFront}
        data-shown={isShown}
        data-below={isBelow}
        data-loose={!point.isComparable}
      />
    </>
  );
}
