/**
 * @file The project: what is on the page, kept in this browser, saved to one file, or left for a new start.
 * Forgetting is asked for twice.
 */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useCommands, useKeeping, usePage, type KeepingState } from "../../state/index.ts";
import { plural } from "../format.ts";
import { download } from "../parts/download.ts";
import styles from "./LoadStep.module.css";

export function Project() {
  const isThere = usePage((state) => state.session !== null);
  const isComing = usePage((state) => state.starting && state.session === null);
  const status = useKeeping((state) => state.status);
  const text = useKeeping(keptText);
  const [isAsking, setAsking] = useState(false);
  const save = useSaveProject();
  if (!isThere && !isComing) return null;
  return (
    <section
      className={styles.block}
      aria-label="Project"
      data-kept={status}
      // Its place is kept, as that of the network that is on its way.
      data-coming={isComing}
    >
      <h2>Project</h2>
      <p className={status === "refused" ? styles.problem : "quiet"}>{text}</p>
      {isAsking ? (
        <StartAfresh onDone={() => setAsking(false)} />
      ) : (
        <div className={styles.buttons}>
          <Button onClick={save}>Save to a file</Button>
          <Button onClick={() => setAsking(true)}>Start afresh…</Button>
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

/** Where the project is, in a sentence or two. */
function keptText({ status, time, isRestored, problem }: KeepingState): string {
  switch (status) {
    case "untouched":
      return "What you change is kept in this browser, and is here again when you come back.";
    case "waiting":
    case "kept":
      if (time === null) return "Kept in this browser in a moment.";
      return isRestored && status === "kept"
        ? `Kept in this browser, as of ${time}. It was here when you came back.`
        : `Kept in this browser, as of ${time}.`;
    case "elsewhere":
      return "Another tab keeps its project, so this one is not kept. Save it to a file to have it later.";
    case "refused":
      return problem ?? "";
    default:
      return status satisfies never;
  }
}
