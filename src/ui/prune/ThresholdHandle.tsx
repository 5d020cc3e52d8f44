/**
 * @file The threshold over a histogram, which is the slider by another name: dragging it moves the ratio, and
 * the ratio moves it. It fills what it is put in, whose width is the axis.
 */
import { useRef, type KeyboardEvent, type PointerEvent } from "react";
import { RATIO_STEP, shownOf, useCommands, useWorkbench } from "../../state/index.ts";
import { placeOf, scoreAt, type Axis } from "../charts/histogram.ts";
import { score } from "../format.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import styles from "./Histogram.module.css";

interface ThresholdHandleProps {
  readonly axis: Axis;
  /** Of the axis, CSS pixels. */
  readonly width: number;
}

export function ThresholdHandle({ axis, width }: ThresholdHandleProps) {
  const { slider } = useWorkbench();
  const { setThreshold, setRatio } = useCommands();
  const box = useRef<HTMLDivElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const label = useRef<HTMLSpanElement>(null);
  useFrame([slider], () => {
    const knob = handle.current;
    if (knob === null) return;
    const { preview, ratio } = shownOf(slider.getState());
    const threshold = preview?.threshold ?? 0;
    const isCutting = (preview?.removed ?? 0) > 0;
    const place = isCutting ? placeOf(threshold, axis) : 0;
    knob.style.transform = `translateX(${place * width}px)`;
    const side = place > 0.75 ? "left" : "right";
    if (knob.dataset["side"] !== side) knob.dataset["side"] = side;
    knob.setAttribute("aria-valuenow", String(Math.round(ratio * 1000) / 10));
    knob.setAttribute("aria-valuetext", isCutting ? score(threshold) : "nothing removed");
    setText(label.current, isCutting ? score(threshold) : "");
  });
  const drag = (event: PointerEvent<HTMLElement>): void => {
    const rect = box.current?.getBoundingClientRect();
    if (rect === undefined || (event.buttons & 1) === 0) return;
    const place = (event.clientX - rect.left) / rect.width;
    if (place <= 0) setRatio(0);
    else setThreshold(scoreAt(place, axis));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = stepOf(event.key, slider.getState().ratio);
    if (next === undefined) return;
    event.preventDefault();
    setRatio(next);
  };
  return (
    <div
      ref={box}
      className={styles.threshold}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(event);
      }}
      onPointerMove={drag}
    >
      <div
        ref={handle}
        className={styles.handle}
        role="slider"
        tabIndex={0}
        aria-label="Threshold"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={0}
        onKeyDown={onKeyDown}
      >
        <span className={styles.knob} />
        <span className={styles.value} ref={label} />
      </div>
    </div>
  );
}

function stepOf(key: string, ratio: number): number | undefined {
  const moves: Record<string, number> = {
    ArrowLeft: ratio - RATIO_STEP,
    ArrowDown: ratio - RATIO_STEP,
    ArrowRight: ratio + RATIO_STEP,
    ArrowUp: ratio + RATIO_STEP,
    PageDown: ratio - 0.05,
    PageUp: ratio + 0.05,
    Home: 0,
    End: 1,
  };
  return moves[key];
}
