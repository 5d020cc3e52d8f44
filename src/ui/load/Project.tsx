/**
 * @file The project: what is on the page, kept in this browser, saved to one file, or left for a new start.
 * Forgetting is asked for twice.
 */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useCommands, useKeeping, usePage, useRoom } from "../../state/index.ts";
import { plural } from "../format.ts";
import { download } from "../parts/download.ts";
import { Kept } from "./Kept.tsx";
import { keptWords, lastingWords, sizeOfRuns, troubleWords } from "./keeping-words.ts";
import styles from "./LoadStep.module.css";

export function Project() {
  const isThere = usePage((state) => state.session !== null);
  const isStarting = usePage((state) => state.starting);
  const keeping = useKeeping((state) => state);
  const { status, trouble } = keeping;
  const room = useRoom((state) => state);
  const size = usePage((state) => sizeOfRuns(state.runs));
  const lasting = lastingWords(keeping, room);
  const [isAsking, setAsking] = useState(false);
  const save = useSaveProject();
  const { keepAgain } = useCommands();
  if (!isThere && !isStarting) return null;
  return (
    <section className={styles.block} aria-label="Project" tabIndex={-1} data-kept={status}>
      <h2>Project</h2>
      <p className={status === "refused" ? styles.problem : "quiet"}>
        {trouble === null ? keptWords(keeping) : troubleWords(trouble, size, room)}
      </p>
      {lasting !== "" && <p className="quiet">{lasting}</p>}
      {status !== "untouched" && <Kept isOpen={trouble === "full"} />}
      {isAsking ? (
        <StartAfresh onDone={() => setAsking(false)} />
      ) : (
        <div className={styles.buttons}>
          <Button disabled={!isThere} onClick={save}>
            Save to a file
          </Button>
          {trouble !== null && <Button onClick={() => void keepAgain()}>Try again</Button>}
          <Button disabled={!isThere} onClick={() => setAsking(true)}>
            Start afresh…
          </Button>
        </div>
      )}
    </section>
  );
}

/** Writes the project and hands it to the person. */
export function useSaveProject(): () => void {
  const { writeProject } = useCommands();
  return () => {
    void writeProject().then((file) => {
      if (file !== null) download(file);
    });
  };
}

function StartAfresh({ onDone }: { readonly onDone: () => void }) {
  const count = usePage((state) => state.runs.length);
  const { startAfresh } = useCommands();
  const start = (): void => {
    onDone();
    void startAfresh();
  };
  return (
    <>
      <p>
        {plural(count, "network")} and everything measured will be forgotten, on the page and in
        this browser.
      </p>
      <div className={styles.buttons}>
        <Button variant="filled" onClick={start}>
          Forget and start afresh
        </Button>
        <Button onClick={onDone}>Keep it</Button>
      </div>
    </>
  );
}
