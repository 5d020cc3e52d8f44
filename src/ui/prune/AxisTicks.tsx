/** @file The numbers below a histogram: powers of ten, or round scores on a linear axis. */
import { decades, placeOf, roundScores, type Axis } from "../charts/histogram.ts";
import styles from "./Histogram.module.css";

export function AxisTicks({ axis }: { readonly axis: Axis }) {
  if (axis.isLinear === true) {
    return (
      <div className={styles.axis} aria-hidden="true">
        {roundScores(axis).map((value) => (
          <span key={value} style={{ left: `${placeOf(value, axis) * 100}%` }}>
            {value}
          </span>
        ))}
      </div>
    );
  }
  return (
    <div className={styles.axis} aria-hidden="true">
      {decades(axis).map((power) => (
        <span key={power} style={{ left: `${placeOf(10 ** power, axis) * 100}%` }}>
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
