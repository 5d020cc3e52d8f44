/**
 * @file The one callout of a first visit: at the slider's thumb, until the ratio was moved. It is in nobody's
 * way: presses go through it, nothing makes room for it, and a screen reader hears it at the slider alone.
 */
import { useEffect } from "react";
import { useCommands, useFirstVisit, useWorkbench } from "../../state/index.ts";
import styles from "./Callout.module.css";

/** What describes the slider while it is there. */
export const CALLOUT_ID = "slider-callout";

interface CalloutProps {
  /** In the dock, where there is less room. */
  readonly isPinned: boolean;
}

export function Callout({ isPinned }: CalloutProps) {
  const hasMoved = useFirstVisit((state) => state.hasMoved);
  return hasMoved ? null : <Bubble isPinned={isPinned} />;
}

function Bubble({ isPinned }: CalloutProps) {
  const { slider } = useWorkbench();
  const { noticeMove } = useCommands();
  const { ratio } = slider.getState();
  useEffect(
    () =>
      slider.subscribe((now, before) => {
        if (now.ratio !== before.ratio) noticeMove();
      }),
    [slider, noticeMove],
  );
  const isLeft = ratio > 0.4;
  return (
    <p
      id={CALLOUT_ID}
      className={styles.callout}
      data-pinned={isPinned}
      data-side={isLeft ? "left" : "right"}
      style={isLeft ? { right: `${(1 - ratio) * 100}%` } : { left: `${ratio * 100}%` }}
      // Said once, as what describes the slider.
      aria-hidden="true"
    >
      {isPinned ? "Drag to prune" : "Drag to prune; all the rest follows"}
    </p>
  );
}
