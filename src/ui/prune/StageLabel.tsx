/**
 * @file The resolution at a stage's first row, with a chevron where a press folds the stage, or unfolds it; on a
 * phone the chevron alone.
 */
import { ChevronDown, ChevronRight } from "lucide-react";
import type { Columns } from "../charts/row-layout.ts";
import { named } from "../parts/named.ts";
import styles from "./LayerSheet.module.css";

/** Below this there is no room for the resolution beside the chevron, CSS pixels. */
const WORDS = 36;

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
  const isBare = columns.resolution.width < WORDS;
  const text = isBare ? null : <>{resolution}²</>;
  if (!canFold) {
    return (
      <span className={styles.resolution} aria-hidden="true">
        {text}
      </span>
    );
  }
  const Chevron = isFolded ? ChevronRight : ChevronDown;
  const says = `${resolution}²: ${isFolded ? "unfold" : "fold"} the stage`;
  return (
    <span role="gridcell" className={styles.resolution}>
      <button
        type="button"
        tabIndex={-1}
        data-fold={stage}
        aria-expanded={!isFolded}
        {...named(says)}
      >
        <Chevron size={12} aria-hidden="true" />
        {text}
      </button>
    </span>
  );
}
