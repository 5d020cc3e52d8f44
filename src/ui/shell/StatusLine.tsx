/**
 * @file The line at the bottom: what is happening, how far, how long still, and Cancel; on the right
 * which backend runs, and that nothing leaves the machine. The tab's title says the progress too. Each has
 * its place, so that Cancel does not run from the pointer while the figures change.
 */
import { useEffect, useRef, useState } from "react";
import type { Progress } from "../../core/index.ts";
import {
  pausedTask,
  shownTask,
  useActivity,
  useCommands,
  useKeeping,
  useTraining,
  type Task,
} from "../../state/index.ts";
import { bytes, bytesLike, count, duration } from "../format.ts";
import { onAnnounced } from "../parts/announce.ts";
import { useIsPhone } from "../parts/use-media.ts";
import { Machine } from "./Machine.tsx";
import { createSpeaker, type Speaker } from "./speaker.ts";
import { TellMe } from "./TellMe.tsx";
import styles from "./StatusLine.module.css";

export function StatusLine() {
  const task = useActivity(shownTask);
  const message = useActivity((state) => state.message);
  const undo = useActivity((state) => state.undo);
  const commands = useCommands();
  const paused = useTraining(pausedTask);
  const isPaused = task?.label === paused;
  const text = task === undefined ? message || "Ready" : taskText(task, isPaused);
  useTitle(task);
  return (
    <footer className={styles.line}>
      <div className={styles.doing}>
        {task === undefined ? (
          <span className={styles.message} title={text}>
            {text}
          </span>
        ) : (
          <span className={styles.text} key={task.label}>
            <span className={styles.name}>
              {task.progress === null ? `${task.label}…` : task.label}
            </span>
            {task.progress !== null && (
              <Amount progress={task.progress} left={leftOf(task)} isPaused={isPaused} />
            )}
          </span>
        )}
        {task === undefined && undo !== null && (
          <button type="button" className={styles.cancel} onClick={undo}>
            Undo
          </button>
        )}
        <Meter task={task} />
        {task !== undefined && !task.quiet && (
          <button type="button" className={styles.cancel} onClick={commands.cancel}>
            Cancel
          </button>
        )}
        <TellMe />
      </div>
      <NotKept />
      <Machine />
      {/* That nothing goes on any more is not said. */}
      <Announcer text={task === undefined ? message : task.quiet ? "" : text} />
    </footer>
  );
}

/** Stays as long as something would be lost with the page. */
function NotKept() {
  const isAtRisk = useKeeping((state) => state.isAtRisk);
  const { goTo } = useCommands();
  if (!isAtRisk) return null;
  return (
    <button
      type="button"
      className={styles.risk}
      title="The browser does not keep this project; see Project under Load"
      onClick={() => goTo("load")}
    >
      Not kept
    </button>
  );
}

function Meter({ task }: { readonly task: Task | undefined }) {
  const progress = task?.progress ?? null;
  if (task === undefined || task.quiet) return null;
  // Its place is there before the first report.
  if (progress === null) return <span className={styles.meter} />;
  return (
    <progress
      className={styles.meter}
      aria-label={task.label}
      value={progress.done}
      max={Math.max(1, progress.total)}
    />
  );
}

function taskText(task: Task, isPaused: boolean): string {
  const { progress } = task;
  if (isPaused && progress !== null) return `${task.label}${pausedAt(progress)}`;
  const left = leftOf(task);
  const amount = progress === null ? "…" : amountOf(progress);
  return `${task.label}${amount}${left === "" ? "" : `, ${left}`}`;
}

interface AmountProps {
  readonly progress: Progress;
  /** How long still; empty where that is not known. */
  readonly left: string;
  readonly isPaused: boolean;
}

/** How far it is, and how long still: one text, so that its digits move no word that stands by itself. */
function Amount({ progress, left, isPaused }: AmountProps) {
  // A phone has no room for the unit, nor for the time; where it is long, the step says it too.
  const isBrief = useIsPhone();
  const rest = isBrief || left === "" ? "" : `, ${left}`;
  return (
    <span className={styles.amount} data-unit={progress.unit}>
      {isPaused ? pausedAt(progress, isBrief) : `${amountOf(progress, isBrief)}${rest}`}
    </span>
  );
}

/** Such as `: 64 of 256 images`; bytes are told in the unit of the whole. */
function amountOf({ done, total, unit }: Progress, isBrief = false): string {
  if (unit === "bytes") return `: ${bytesLike(done, total)} of ${bytes(total)}`;
  return `: ${count(done)} of ${count(total)}${isBrief ? "" : ` ${unit}`}`;
}

/** While it stands still nobody knows how long it will take. */
function pausedAt({ done, total, unit }: Progress, isBrief = false): string {
  return isBrief ? ": paused" : `: paused at ${count(done)} of ${count(total)} ${unit}`;
}

function leftOf({ progress, eta }: Task): string {
  return progress === null || eta === null ? "" : `about ${duration(eta)} left`;
}

function Announcer({ text }: { readonly text: string }) {
  const [said, setSaid] = useState("");
  const speaker = useRef<Speaker | null>(null);
  useEffect(() => {
    const own = createSpeaker(setSaid);
    speaker.current = own;
    const deafen = onAnnounced((about, words) => own.insist(about, words));
    return () => {
      deafen();
      own.stop();
    };
  }, []);
  useEffect(() => speaker.current?.tell(text), [text]);
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
