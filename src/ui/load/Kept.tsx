/** @file What of the project takes how much, largest first, with the way to let a network go. */
import { Button } from "@mantine/core";
import { useEffect } from "react";
import {
  nameOfRun,
  useCommands,
  usePage,
  useRoom,
  useTraining,
  whyKept,
} from "../../state/index.ts";
import { bytes, plural } from "../format.ts";
import { useNextFocus } from "../parts/use-next-focus.ts";
import { roomWords, sizeOfRuns } from "./keeping-words.ts";
import styles from "./LoadStep.module.css";

export function Kept({ isOpen }: { readonly isOpen: boolean }) {
  const page = usePage((state) => state);
  const trained = useTraining((state) => state.fromRun);
  const room = useRoom((state) => state);
  const { lookAtRoom, removeRun } = useCommands();
  useEffect(() => void lookAtRoom(), [lookAtRoom]);
  const { runs } = page;
  const { list, heading, removing } = useNextFocus<HTMLUListElement, HTMLElement>();
  const bySize = runs.toSorted((a, b) => b.session.cost.bytes - a.session.cost.bytes);
  return (
    <details className={styles.remarks} open={isOpen}>
      <summary ref={heading}>
        {plural(runs.length, "network")}, {bytes(sizeOfRuns(runs))} of weights
      </summary>
      <ul className={styles.kept} ref={list}>
        {bySize.map((run, at) => {
          const why = whyKept(page, run, trained);
          const name = nameOfRun(run);
          return (
            <li key={run.id} tabIndex={-1}>
              <span>{name}</span>
              <span>{bytes(run.session.cost.bytes)}</span>
              <Button
                size="compact-xs"
                disabled={why !== null}
                title={why ?? undefined}
                aria-label={`Delete ${name}`}
                onClick={() => {
                  removing(at);
                  removeRun(run.id);
                }}
              >
                Delete
              </Button>
            </li>
          );
        })}
      </ul>
      <p>{roomWords(room)}</p>
    </details>
  );
}
