/** @file The resolution at a stage's first row: a press folds the stage, or unfolds it. */
import type { Columns } from "../charts/row-layout.ts";
import styles from "./LayerSheet.module.css";

interface StageLabelProps {
  readonly stage: number;
  readonly resolution: number;
  readonly columns: Columns;
  readonly isFolded: boolean;
  /** False for a stage of one layer, which has nothing to fold. */
  readonly canFold?: boolean;
}

export function StageLabel({
  stage,
  resolution,
  columns,
  isFolded,
  canFold = true,
}: StageLabelProps) {
  if (columns.resolution.width === 0) return null;
  const text = <>{resolution}²</>;
  if (!canFold) {
    return (
      <span className={styles.resolution} aria-hidden="true">
        {text}
      </span>
    );
  }
  const says = `${resolution}²: ${isFolded ? "unfold" : "fold"} the stage`;
  return (
    <span role="gridcell" className={styles.resolution}>
      <button
        type="button"
        tabIndex={-1}
        data-fold={stage}
        aria-expanded={!isFolded}
        aria-label={says}
        title={says}
      >
        {text}
      </button>
    </span>
  );
}
