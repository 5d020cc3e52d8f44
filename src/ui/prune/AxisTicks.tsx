/** @file The numbers below a histogram: powers of ten, or round scores on a linear axis. */
import { decades, placeOf, roundScores, type Axis } from "../charts/histogram.ts";
import styles from "./Histogram.module.css";

interface AxisTicksProps {
  readonly axis: Axis;
  /** What the first bar is called, where it holds all that is smaller; no other number stands near it. */
  readonly lowest?: string | null;
}

/** Of the axis, for the name of the first bar. */
const NAMED = 0.36;

export function AxisTicks({ axis, lowest = null }: AxisTicksProps) {
  if (axis.isLinear === true) {
    return (
      <div className={styles.axis} aria-hidden="true">
        {roundScores(axis).map((value) => (
          <span key={value} style={{ left: within(placeOf(value, axis), String(value).length) }}>
            {value}
          </span>
        ))}
      </div>
    );
  }
  return (
    <div className={styles.axis} aria-hidden="true">
      {lowest !== null && <span className={styles.lowest}>{lowest}</span>}
      {decadesOf(axis, lowest).map((power) => (
        <span
          key={power}
          style={{ left: within(placeOf(10 ** power, axis), String(10 ** power).length) }}
        >
          {power < -4 || power > 4 ? (
            <>
              10<sup>{power}</sup>
            </>
          ) : (
            String(10 ** power)
          )}
        </span>
      ))}
    </div>
  );
}

function decadesOf(axis: Axis, lowest: string | null): readonly number[] {
  const powers = decades(axis);
  return lowest === null ? powers : powers.filter((power) => placeOf(10 ** power, axis) > NAMED);
}

/** The middle of a number of so many digits, which reaches beyond neither end of the axis. */
function within(place: number, digits: number): string {
  const half = `${Math.min(8, digits) / 2}ch`;
  return `clamp(${half}, ${place * 100}%, 100% - ${half})`;
}
