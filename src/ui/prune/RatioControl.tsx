/**
 * @file The ratio: a large number that can be typed, and a native range input drawn as the axis of the
 * measured accuracies above it. Left of the thumb is what goes, right of it what stays.
 */
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import {
  safeMarks,
  snapRatio,
  useCommands,
  useFirstVisit,
  useMethod,
  useWorkbench,
} from "../../state/index.ts";
import { count, percentValue } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { actInFrame, actNow, setText, useFrame } from "../parts/use-frame.ts";
import { Marks, MarkWords } from "./Marks.tsx";
import { Callout, CALLOUT_ID } from "./Callout.tsx";
import { AccuracyAxis } from "./AccuracyAxis.tsx";
import { useSpokenRatio } from "./spoken.ts";
import styles from "./RatioControl.module.css";

export function RatioControl({ isPinned = false }: { readonly isPinned?: boolean }) {
  const pruning = useMethod((state) => state.pruning);
  const marks = useMethod(safeMarks);
  const total = pruning?.total ?? 0;
  const { slider } = useWorkbench();
  const removed = useRef<HTMLElement>(null);
  useFrame(
    [slider],
    () => {
      setText(removed.current, count(slider.getState().preview?.removed ?? 0));
    },
    "odd",
  );
  return (
    <div className={isPinned ? styles.pinned : styles.control}>
      <div className={styles.head}>
        <RatioField isPinned={isPinned} />
        {isPinned ? (
          <>
            <p className={styles.sum}>
              <b ref={removed}>0</b> of {count(total)}
            </p>
            {marks !== null && <MarkWords {...marks} pools={pruning?.pools ?? 1} />}
          </>
        ) : (
          <p className={styles.of}>
            <b ref={removed}>0</b> of {count(total)}{" "}
            <Term of="ratio" position="bottom-end">
              channels
            </Term>
          </p>
        )}
      </div>
      <div className={styles.axis}>
        <AccuracyAxis isFlat={isPinned} />
        <Track isPinned={isPinned} />
        {marks !== null && <Marks {...marks} pools={pruning?.pools ?? 1} isBare={isPinned} />}
      </div>
    </div>
  );
}

/** The number. It takes what was typed on Enter or when it loses the focus, and never before. */
function RatioField({ isPinned }: { readonly isPinned: boolean }) {
  const { slider } = useWorkbench();
  const { typeRatio } = useCommands();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const show = (): void => {
    const field = input.current;
    if (field === null || field === document.activeElement) return;
    field.value = percentValue(slider.getState().ratio, 1, true);
    placeSign(field);
  };
  useFrame([slider], show, "odd");
  const commit = (): void => {
    const field = input.current;
    if (field === null) return;
    // Looking at the number is not asking for it: another mode's ratio is no step of the slider.
    const isSame = field.value === percentValue(slider.getState().ratio, 1, true);
    const found = isSame ? null : typeRatio(field.value);
    setProblem(found);
    if (found === null) {
      field.value = percentValue(slider.getState().ratio, 1, true);
      placeSign(field);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") commit();
    if (event.key !== "Escape") return;
    event.preventDefault();
    const field = input.current;
    if (field === null) return;
    // Leaving the field takes what it says, so it says the old ratio again first.
    field.value = percentValue(slider.getState().ratio, 1, true);
    field.blur();
  };
  return (
    <div className={styles.field}>
      {isPinned && <label htmlFor="ratio-field">Remove</label>}
      <div className={styles.number}>
        <input
          id="ratio-field"
          ref={input}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          aria-label="Remove, per cent of the channels"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : "ratio-problem"}
          defaultValue="0"
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => placeSign(event.currentTarget)}
          onBlur={commit}
          onKeyDown={onKeyDown}
        />
        <span className={styles.sign} aria-hidden="true">
          <small>%</small>
        </span>
      </div>
      {problem !== null && (
        <p className={styles.problem} id="ratio-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** Behind what the field says; a point is narrower than a digit. */
function placeSign({ value, parentElement }: HTMLInputElement): void {
  const points = value.split(/[.,]/).length - 1;
  const style = parentElement?.style;
  const set = (name: string, number: number): void => {
    const text = String(number);
    if (style?.getPropertyValue(name) !== text) style?.setProperty(name, text);
  };
  set("--digits", Math.max(1, value.length - points));
  set("--points", points);
}

/** Per cent per key: native arrows move half a per cent, PageUp and PageDown five. */
const PAGE = 0.05;

/** The slider's id: where the keyboard goes from what a note has offered. */
export const RATIO = "ratio";

function Track({ isPinned }: { readonly isPinned: boolean }) {
  const { slider, measured, method } = useWorkbench();
  const { setRatio } = useCommands();
  const input = useRef<HTMLInputElement>(null);
  const kept = useRef<HTMLDivElement>(null);
  const spoken = useSpokenRatio();
  const isNew = useFirstVisit((state) => !state.hasMoved);
  const isPressed = useRef(false);
  useFrame([slider, measured, method], () => {
    const field = input.current;
    if (field === null) return;
    const { ratio } = slider.getState();
    // Painted so long over what goes: a width would have the page laid out every frame, a clip its layers sorted.
    if (kept.current !== null) kept.current.style.backgroundSize = `${100 - ratio * 100}% 100%`;
    const value = String(snapRatio(ratio) * 100);
    if (field.value !== value) field.value = value;
    const text = spoken();
    if (field.getAttribute("aria-valuetext") !== text) field.setAttribute("aria-valuetext", text);
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "PageUp" ? PAGE : event.key === "PageDown" ? -PAGE : 0;
    if (step === 0) return;
    event.preventDefault();
    setRatio(slider.getState().ratio + step);
  };
  /** The last move belongs to the drag that ends. */
  const release = ({ currentTarget }: PointerEvent<HTMLElement>): void => {
    isPressed.current = false;
    actNow(currentTarget);
  };
  return (
    <div className={styles.track}>
      <div className={styles.removed} />
      <div ref={kept} className={styles.kept} />
      <input
        ref={input}
        id={RATIO}
        className={styles.range}
        type="range"
        min={0}
        max={100}
        step={0.5}
        defaultValue={0}
        aria-label="Ratio"
        aria-describedby={isNew ? CALLOUT_ID : undefined}
        onInput={({ currentTarget: field }) => {
          const take = (): void => setRatio(Number(field.value) / 100);
          if (isPressed.current) actInFrame(field, take);
          else take();
        }}
        onPointerDown={() => {
          isPressed.current = true;
        }}
        onPointerUp={release}
        onPointerCancel={release}
        onKeyDown={onKeyDown}
      />
      <Callout isPinned={isPinned} />
    </div>
  );
}
