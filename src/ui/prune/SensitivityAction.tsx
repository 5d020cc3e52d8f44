/** @file The one button of the sensitivity curves, compute or cancel, and what stands there when all are done. */
import { Button } from "@mantine/core";
import { misfitMeasured, useCommands, usePage, useSensitivity } from "../../state/index.ts";
import { count } from "../format.ts";
import styles from "./LayerSheet.module.css";

/** Starts and cancels the curves; nothing when there is nothing left to do. */
export function SensitivityAction() {
  const status = useSensitivity((state) => state.status);
  const isComplete = useSensitivity((state) => state.isComplete);
  const hasCurves = useSensitivity((state) => state.curves.size > 0);
  const canMeasure = usePage(
    (page) =>
      (page.data?.test ?? page.data?.validation ?? null) !== null && misfitMeasured(page) === null,
  );
  const { computeSensitivity, cancelSensitivity } = useCommands();
  if (status === "running") {
    return (
      <Button size="compact-xs" className={styles.compute} onClick={cancelSensitivity}>
        Cancel sensitivity
      </Button>
    );
  }
  if (isComplete) return null;
  return (
    <Button
      size="compact-xs"
      className={styles.compute}
      disabled={!canMeasure}
      onClick={() => void computeSensitivity()}
    >
      {hasCurves ? "Compute the rest" : "Compute all"}
    </Button>
  );
}

/** What the curves in the rows show, once all are there. */
export function SensitivityHead() {
  const isComplete = useSensitivity((state) => state.isComplete && state.status !== "running");
  const images = useSensitivity((state) => state.images);
  if (!isComplete) return null;
  return (
    <p className={styles.curveHead}>
      <span className="quiet" title={`each layer cut alone, on ${count(images)} images`}>
        cut alone
      </span>
      <span className="quiet">within 1 pt</span>
    </p>
  );
}
