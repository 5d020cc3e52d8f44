/** @file A run's mark in the chart, beside its name, and what the marks say. */
import { Term } from "../parts/Explained.tsx";
import type { RunRow } from "../../state/index.ts";
import chart from "../charts/CostChart.module.css";
import styles from "./Runs.module.css";

interface RunMarkProps {
  readonly row: RunRow;
  readonly isOnFront: boolean;
}

export function RunMark({ row: { isBaseline, isShown, sample }, isOnFront }: RunMarkProps) {
  return (
    <svg
      className={styles.mark}
      width="20"
      height="20"
      viewBox="-10 -10 20 20"
      {...(isOnFront ? { role: "img", "aria-label": "on the front" } : { "aria-hidden": true })}
    >
      {isBaseline && <circle r={9} className={chart.ring} />}
      {sample !== null && (
        <circle r={5.5} className={chart.run} data-front={isOnFront} data-shown={isShown} />
      )}
    </svg>
  );
}

/** What the marks beside the names and in the chart say. */
export function MarksKey() {
  return (
    <p className={styles.key}>
      <Sample of={chart.run} isOnFront is="Green" /> on the{" "}
      <Term of="front" position="top-start">
        front
      </Term>
      , its line in the chart: nothing beats it in accuracy and cost at once.{" "}
      <Sample of={chart.run} is="Dark" /> another one does.{" "}
      <Sample of={chart.run} isBaseline is="Ringed" /> the baseline.{" "}
      <Sample of={chart.position} is="Hollow" /> a measured position of the slider.
    </p>
  );
}

interface SampleProps {
  /** The mark's class. */
  readonly of: string | undefined;
  readonly isOnFront?: boolean;
  readonly isBaseline?: boolean;
  /** What it looks like, for who does not see it. */
  readonly is: string;
}

function Sample({ of = "", isOnFront = false, isBaseline = false, is }: SampleProps) {
  return (
    <svg
      className={styles.sample}
      width="16"
      height="16"
      viewBox="-10 -10 20 20"
      role="img"
      aria-label={`${is}:`}
    >
      {isBaseline && <circle r={9} className={chart.ring} />}
      <circle r={5.5} className={of} data-front={isOnFront} />
    </svg>
  );
}
