/** @file The one button of the sensitivity curves, compute or cancel, and what stands there when all are done. */
import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import {
  largestOf,
  sensitivitySeconds,
  useCommands,
  useMeasured,
  useMethod,
  usePage,
  useSensitivity,
  wholeName,
} from "../../state/index.ts";
import { count, duration, THIN } from "../format.ts";
import { announce } from "../parts/announce.ts";
import { whyUnmeasurable } from "../parts/misfit-words.ts";
import styles from "./SheetHeader.module.css";

/** In the place of the time, so that nothing moves when it comes. */
const NOT_YET = "\u00a0";

/** Starts and cancels the curves, and says how long they take; nothing when there is nothing left to do. */
export function SensitivityAction() {
  const status = useSensitivity((state) => state.status);
  const isComplete = useSensitivity((state) => state.isComplete);
  const hasCurves = useSensitivity((state) => state.curves.size > 0);
  const why = usePage(whyUnmeasurable);
  const { computeSensitivity, cancelSensitivity } = useCommands();
  const seconds = useSeconds();
  const isDone = isComplete && status !== "running";
  const wasDone = useRef(isDone);
  useEffect(() => {
    if (isDone && !wasDone.current) announce("sensitivity", "All sensitivity curves are there.");
    wasDone.current = isDone;
  }, [isDone]);
  if (status === "running") {
    return (
      <Button size="compact-xs" className={styles.compute} onClick={cancelSensitivity}>
        Cancel sensitivity
      </Button>
    );
  }
  if (isComplete) return null;
  return (
    <>
      <Button
        size="compact-xs"
        className={styles.compute}
        disabled={why !== null}
        title={why === null ? undefined : `Nothing can be measured: ${why}`}
        onClick={() => void computeSensitivity()}
      >
        {hasCurves ? "Compute the rest" : "Compute all"}
        <span className="visually-hidden"> of the sensitivity curves</span>
      </Button>
      {/* Below it, where the rows' headings will be: with it in the button, long ones were wider than their column. */}
      {why === null && (
        <p className={`quiet ${styles.time ?? ""}`}>
          {seconds === null ? NOT_YET : `about ${roughly(seconds)}`}
        </p>
      )}
    </>
  );
}

function roughly(seconds: number): string {
  if (seconds < 90) return `${count(seconds)}${THIN}s`;
  return seconds < 3600 ? `${count(seconds / 60)}${THIN}min` : duration(seconds);
}

/** How long it will take, from how long the network itself took; null before that is known. */
function useSeconds(): number | null {
  const key = usePage((state) => state.session?.key ?? "");
  const whole = useMeasured((state) => largestOf(state, wholeName(key)));
  const layers = useMethod((state) => state.pruning?.layers);
  const curves = useSensitivity((state) => state.curves);
  const images = useSensitivity((state) => state.images);
  if (whole === undefined || layers === undefined) return null;
  const names = layers.filter(({ isLocked }) => !isLocked).map(({ name }) => name);
  const perImage = whole.milliseconds / whole.count;
  const seconds = sensitivitySeconds({ names, curves, images, perImage });
  // Whole seconds, steps of five from ten on, then minutes: it is a guess.
  if (seconds < 10) return Math.max(1, Math.ceil(seconds));
  return seconds < 90 ? 5 * Math.ceil(seconds / 5) : 60 * Math.ceil(seconds / 60);
}

/** What the curves in the rows show, as soon as there is one. */
export function SensitivityHead() {
  const hasCurves = useSensitivity((state) => state.curves.size > 0);
  const isComplete = useSensitivity((state) => state.isComplete);
  const status = useSensitivity((state) => state.status);
  const images = useSensitivity((state) => state.images);
  if (!hasCurves) return null;
  return (
    // A new one where what is above it comes or goes: it is put elsewhere and does not move.
    <p key={`${status} ${isComplete}`} className={styles.curveHead}>
      <span className="quiet" title={`each layer cut alone, on ${count(images)} images`}>
        cut alone
      </span>
      <span className="quiet">within 1 pt</span>
    </p>
  );
}
