/**
 * @file Asks what a step is about while a cut is set and not applied: the cut, or the whole network. Its place
 * stays as it is answered, so that nothing below it moves.
 */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useCommands, usePage } from "../../state/index.ts";
import { largeText } from "../format.ts";
import { useUnapplied } from "./use-unapplied.ts";
import styles from "./UnappliedCut.module.css";

export function UnappliedCut() {
  const unapplied = useUnapplied();
  const session = usePage((state) => state.session);
  const { applyHere, leaveCutOut } = useCommands();
  const [applied, setApplied] = useState("");
  const [isApplying, setIsApplying] = useState(false);
  if (unapplied === null && applied === "") return null;
  const apply = async (title: string): Promise<void> => {
    setIsApplying(true);
    if (await applyHere()) setApplied(title);
    setIsApplying(false);
  };
  return (
    <section
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
              disabled={isApplying}
              onClick={() => void apply(unapplied.title)}
            >
              Apply it
            </Button>
            {!unapplied.isLeftOut && (
              <Button onClick={leaveCutOut}>Go on with the whole network</Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}

function lower(title: string): string {
  return `${title.slice(0, 1).toLowerCase()}${title.slice(1)}`;
}
