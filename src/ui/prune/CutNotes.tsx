/**
 * @file What must be said of the cut, below the ratio, in a place that is always there: that all scores are equal,
 * that what is left only guesses, with what helps; and where a guard held. It comes and goes with the frames of
 * a drag, so a painter shows it; a screen reader is told once the ratio rests.
 */
import { useEffect, useMemo, useRef, type RefObject } from "react";
import {
  areTied,
  dotsOf,
  interpolate,
  isGuessing,
  largestOf,
  shownOf,
  useCommands,
  useMeasured,
  useMethod,
  usePage,
  useWorkbench,
  wholeName,
} from "../../state/index.ts";
import { announce } from "../parts/announce.ts";
import { useFrame } from "../parts/use-frame.ts";
import { useRest } from "../parts/use-rest.ts";
import styles from "./CutNotes.module.css";
import { GuardNotes } from "./GuardNotes.tsx";
import { RATIO } from "./RatioControl.tsx";

export function CutNotes() {
  const isTied = useMethod(({ pruning }) => pruning !== null && areTied(pruning.sorted));
  return (
    <div className={styles.notes} data-home={RATIO}>
      {isTied ? (
        <Tied />
      ) : (
        <>
          <Guessing />
          <GuardNotes />
        </>
      )}
    </div>
  );
}

/** The same where the ratio is at the bottom of the window: over the view, and only while there is something to say. */
export function CutVerdict() {
  const isTied = useMethod(({ pruning }) => pruning !== null && areTied(pruning.sorted));
  return (
    <div className={styles.over} data-home={RATIO}>
      {isTied ? <Tied /> : <Guessing />}
    </div>
  );
}

const TIED = "All scores are equal: the network is not trained, so any ratio only cuts in order.";

function Tied() {
  const { goTo } = useCommands();
  useEffect(() => announce("scores", TIED), []);
  return (
    <p className={styles.note} role="note" aria-label="Scores">
      {TIED}{" "}
      <button type="button" onClick={() => goTo("sparse")}>
        Sparse-train it
      </button>
    </p>
  );
}

const GUESSES = "The network guesses now.";

function Guessing() {
  const isBySensitivity = useMethod((state) => state.asked.allocation.kind === "sensitivity");
  const { method } = useWorkbench();
  const { apply, chooseMode, computeSensitivity } = useCommands();
  const note = useVerdict();
  const cutBySensitivity = (): void => {
    chooseMode("sensitivity");
    if (method.getState().needsCurves) void computeSensitivity();
  };
  return (
    <div>
      <p ref={note} className={styles.note} role="note" aria-label="What is left" hidden>
        {GUESSES}{" "}
        <button type="button" onClick={() => void apply()}>
          Fine-tune it
        </button>
        , or{" "}
        {isBySensitivity ? (
          "let less go."
        ) : (
          <>
            <button
              type="button"
              title="Each layer as far as its own accuracy curve allows; the curves are measured first"
              onClick={cutBySensitivity}
            >
              cut by sensitivity
            </button>{" "}
            instead.
          </>
        )}
      </p>
    </div>
  );
}

/** @returns for the note: it is shown while the network guesses, which is told as well */
function useVerdict(): RefObject<HTMLParagraphElement | null> {
  const note = useRef<HTMLParagraphElement>(null);
  const key = usePage((state) => state.session?.key ?? "");
  const classes = usePage((state) => state.session?.classes ?? 0);
  const text = useMethod((state) => state.text);
  const evaluations = useMeasured((state) => state.evaluations);
  const { slider, measured } = useWorkbench();
  const [dots, base] = useMemo(() => {
    const state = { ...measured.getState(), evaluations };
    return [dotsOf(state, key, text), largestOf(state, wholeName(key))?.accuracy ?? null] as const;
  }, [measured, evaluations, key, text]);
  /** Whether it guesses; null where that is not known, which neither says nor takes back anything. */
  const verdict = useRef<boolean | null>(null);
  const isTold = useRef(false);
  const tellLater = useRest(() => {
    const isRuin = verdict.current;
    if (isRuin === null || isRuin === isTold.current) return;
    isTold.current = isRuin;
    announce("what is left", isRuin ? GUESSES : "");
  });
  useFrame(
    [slider],
    () => {
      const accuracy = interpolate(dots, shownOf(slider.getState()).ratio);
      const isKnown = accuracy !== null && base !== null;
      verdict.current = isKnown ? isGuessing({ accuracy, base, classes }) : null;
      const isRuin = verdict.current === true;
      if (note.current !== null && note.current.hidden === isRuin) note.current.hidden = !isRuin;
      if (isKnown && isTold.current !== isRuin) tellLater();
    },
    "even",
  );
  return note;
}
