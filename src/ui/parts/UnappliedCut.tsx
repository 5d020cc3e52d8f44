/**
 * @file Asks what a step is about while a cut is set and not applied: the cut, or the whole network. Its place
 * stays as it is answered, so that nothing below it moves.
 */
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useCommands, usePage, useWorkbench } from "../../state/index.ts";
import { largeText } from "../format.ts";
import { heldBack } from "./held-back.ts";
import { useUnapplied } from "./use-unapplied.ts";
import styles from "./UnappliedCut.module.css";

export function UnappliedCut() {
  const unapplied = useUnapplied();
  const session = usePage((state) => state.session);
  const { applyHere, leaveCutOut } = useCommands();
  const { page } = useWorkbench();
  const [last, setLast] = useState<Applied | null>(null);
  const [isApplying, setIsApplying] = useState(false);
  const { box, answer } = useAnswered();
  // Only of the network that came of it: another one may have been opened since.
  const applied = last !== null && last.key === session?.key ? last.title : null;
  if (unapplied === null && applied === null) return null;
  const apply = async (title: string): Promise<void> => {
    setIsApplying(true);
    if (await applyHere()) {
      answer();
      setLast({ title, key: page.getState().session?.key ?? "" });
    }
    setIsApplying(false);
  };
  return (
    <section
      ref={box}
      tabIndex={-1}
      className={styles.unapplied}
      aria-label="Cut that is set"
      data-answered={unapplied === null || unapplied.isLeftOut}
    >
      {unapplied === null ? (
        <p>
          {applied} is applied: {largeText(session?.cost.parameters ?? Number.NaN)} parameters.
        </p>
      ) : (
        <>
          <p>
            {unapplied.isLeftOut
              ? `The whole network, without ${lower(unapplied.title)}.`
              : `${unapplied.title} is not applied.`}
          </p>
          <div className={styles.answers}>
            <Button
              variant={unapplied.isLeftOut ? "default" : "filled"}
              {...heldBack(isApplying)}
              onClick={() => {
                if (!isApplying) void apply(unapplied.title);
              }}
            >
              Apply it
            </Button>
            {!unapplied.isLeftOut && (
              <Button
                onClick={() => {
                  answer();
                  leaveCutOut();
                }}
              >
                Go on with the whole network
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}

/** What was applied here, and the network that it made. */
interface Applied {
  readonly title: string;
  readonly key: string;
}

/** The button that answers goes with its question; the keyboard stays where it was. */
function useAnswered() {
  const box = useRef<HTMLElement>(null);
  const isAnswered = useRef(false);
  useEffect(() => {
    const isGone = isAnswered.current && document.activeElement === document.body;
    isAnswered.current = false;
    if (isGone) box.current?.focus({ preventScroll: true });
  });
  return {
    box,
    answer: () => {
      isAnswered.current = true;
    },
  };
}

function lower(title: string): string {
  return `${title.slice(0, 1).toLowerCase()}${title.slice(1)}`;
}
