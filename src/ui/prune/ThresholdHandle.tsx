/**
 * @file The threshold over a histogram, which is the slider by another name: dragging it moves the ratio, and
 * the ratio moves it. It fills what it is put in, whose width is the axis. Where it is painted with the bars this
 * is only what takes the pointer and the keys, and moves when the ratio rests: something that moves over
 * the page would have the browser sort its layers in every frame of a drag.
 */
import { useRef, type KeyboardEvent, type PointerEvent } from "react";
import { RATIO_STEP, shownOf, useCommands, useWorkbench, type Preview } from "../../state/index.ts";
import { placeOf, scoreAt, type Axis } from "../charts/histogram.ts";
import { percent, score } from "../format.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useRest } from "../parts/use-rest.ts";
import styles from "./Histogram.module.css";

interface ThresholdHandleProps {
  readonly axis: Axis;
  /** Of the axis, CSS pixels. */
  readonly width: number;
  /** The bars' own picture shows it. */
  readonly isPainted?: boolean;
}

/** Where a histogram's threshold stands, and what it says; nothing while nothing is cut. */
export interface ThresholdMark {
  /** Share of the axis. */
  readonly place: number;
  readonly text: string;
}

export function thresholdMark(
  preview: Pick<Preview, "threshold" | "removed"> | null,
  axis: Axis,
): ThresholdMark {
  if (preview === null || preview.removed === 0) return { place: 0, text: "" };
  const threshold = preview.threshold ?? 0;
  return { place: placeOf(threshold, axis), text: score(threshold) };
}

/** From here on the words stand on its left. */
export const TURNS = 0.75;

export function ThresholdHandle({ axis, width, isPainted = false }: ThresholdHandleProps) {
  const { slider } = useWorkbench();
  const { setThreshold, setRatio } = useCommands();
  const box = useRef<HTMLDivElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const label = useRef<HTMLSpanElement>(null);
  const move = (): void => {
    const { place } = thresholdMark(shownOf(slider.getState()).preview, axis);
    if (handle.current) handle.current.style.transform = `translateX(${place * width}px)`;
  };
  const moveLater = useRest(move);
  useFrame([slider], () => {
    const knob = handle.current;
    if (knob === null) return;
    const { preview, ratio } = shownOf(slider.getState());
    const { place, text } = thresholdMark(preview, axis);
    // The ring of the focus keeps up with the keys.
    if (isPainted && !knob.matches(":focus-visible")) moveLater();
    else move();
    const side = place > TURNS ? "left" : "right";
    if (knob.dataset["side"] !== side) knob.dataset["side"] = side;
    knob.setAttribute("aria-valuenow", String(Math.round(ratio * 1000) / 10));
    const share = percent(ratio, 1, true);
    knob.setAttribute(
      "aria-valuetext",
      text === "" ? "nothing removed" : `${text}, ${share} removed`,
    );
    if (!isPainted) setText(label.current, text);
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
        data-painted={isPainted}
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
