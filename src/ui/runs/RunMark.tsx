/** @file A run's mark in the chart, beside its name: the chart's key, in place. */
import type { RunRow } from "../../state/index.ts";
import chart from "../charts/CostChart.module.css";
import styles from "./Runs.module.css";

interface RunMarkProps {
  readonly row: RunRow;
  readonly isOnFront: boolean;
}

export function RunMark({ row: { isBaseline, isShown, sample }, isOnFront }: RunMarkProps) {
  return (
    <svg className={styles.mark} width="20" height="20" viewBox="-10 -10 20 20" aria-hidden="true">
      {isBaseline && <circle r={9} className={chart.ring} />}
      {sample !== null && (
        <circle r={5.5} className={chart.run} data-front={isOnFront} data-shown={isShown} />
      )}
    </svg>
  );
}
