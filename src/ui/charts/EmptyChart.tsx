/**
 * @file The place of a curve that has no points yet: its axes, and what will be drawn on them. As high as the
 * curve itself, so that nothing moves when the first point comes.
 */
import styles from "./EmptyChart.module.css";

interface EmptyChartProps {
  readonly title: string;
  /** What it will show. */
  readonly text: string;
}

export function EmptyChart({ title, text }: EmptyChartProps) {
  return (
    <figure className={styles.empty} aria-label={title}>
      <h3>{title}</h3>
      <div className={styles.place}>
        <div className={styles.plot}>
          <p>{text}</p>
        </div>
        <span className={styles.axis} aria-hidden="true">
          step
        </span>
      </div>
    </figure>
  );
}
