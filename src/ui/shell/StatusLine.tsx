/**
 * @file The line at the bottom: what is happening, how far, how long still, and Cancel; on the right
 * which backend runs, and that nothing leaves the machine. The tab's title says the progress too.
 */
import { useEffect, useState } from "react";
import { shownTask, useActivity, useCommands, usePage, type Task } from "../../state/index.ts";
import { bytes, count, duration } from "../format.ts";
import { TellMe } from "./TellMe.tsx";
import styles from "./StatusLine.module.css";

export function StatusLine() {
  const task = useActivity(shownTask);
  const message = useActivity((state) => state.message);
  const backend = usePage((state) => state.backend);
  const commands = useCommands();
  const text = task === undefined ? message || "Ready" : taskText(task);
  useTitle(task);
  return (
    <footer className={styles.line}>
      <Meter task={task} />
      <span className={styles.said}>{text}</span>
      {task !== undefined && !task.quiet && (
        <button type="button" className={styles.cancel} onClick={commands.cancel}>
          Cancel
        </button>
      )}
      <TellMe />
      {backend !== null && (
        <span className={styles.machine} title={backend.reason === "" ? undefined : backend.reason}>
          {backend.description}
          {backend.reason === "" ? "" : ` (${backend.reason})`}.
        </span>
      )}
      <span className={styles.promise}>Nothing leaves this machine.</span>
      <Announcer text={task === undefined || !task.quiet ? text : ""} />
    </footer>
  );
}

function Meter({ task }: { readonly task: Task | undefined }) {
  const progress = task?.progress ?? null;
  if (task === undefined || task.quiet || progress === null) return null;
  return (
    <progress
      className={styles.meter}
      aria-label={task.label}
      value={progress.done}
      max={Math.max(1, progress.total)}
    />
  );
}

function taskText({ label, progress, eta }: Task): string {
  if (progress === null) return `${label}…`;
  const { done, total, unit } = progress;
  const amount =
    unit === "bytes"
      ? `${bytes(done)} of ${bytes(total)}`
      : `${count(done)} of ${count(total)} ${unit}`;
  return `${label}: ${amount}${eta === null ? "" : `, ${duration(eta)} left`}`;
}

/** Speaks at most once a second, and the last word always. */
function Announcer({ text }: { readonly text: string }) {
  const [said, setSaid] = useState("");
  const [nextAt, setNextAt] = useState(0);
  useEffect(() => {
    if (text === said) return undefined;
    const timer = setTimeout(
      () => {
        setSaid(text);
        setNextAt(performance.now() + 1000);
      },
      Math.max(0, nextAt - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [text, said, nextAt]);
  return (
    <span className="visually-hidden" aria-live="polite">
      {said}
    </span>
  );
}

function useTitle(task: Task | undefined): void {
  const progress = task === undefined || task.quiet ? null : task.progress;
  const share = progress === null ? null : Math.floor((100 * progress.done) / progress.total);
  useEffect(() => {
    document.title =
      share === null || !Number.isFinite(share) ? "Espalier" : `${share}\u202f% · Espalier`;
  }, [share]);
}
