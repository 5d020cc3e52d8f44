/**
 * @file What can be done about a run, in one row that is there before, while and after it: pause and stop it,
 * then keep or discard what it has made.
 */
import { Button } from "@mantine/core";
import {
  cutOffOf,
  nameOfRun,
  useCommands,
  useKeeping,
  usePassing,
  useTraining,
  useWorkbench,
  type Purpose,
  type TrainCheckpoint,
  type TrainingState,
} from "../../state/index.ts";
import { count, plural } from "../format.ts";
import { announce } from "../parts/announce.ts";
import { heldBack } from "../parts/held-back.ts";
import styles from "./TrainStep.module.css";

/** The sentence's id: where the keyboard goes when a button has done its work, or the run has begun. */
export const OUTCOME = "run-outcome";

export function Outcome({ purpose }: { readonly purpose: Purpose }) {
  const isMine = useTraining((state) => state.purpose === purpose);
  const outcome = useTraining((state) => (isMine ? state.outcome : null));
  const cutOff = useTraining((state) => (isMine ? cutOffOf(state) : null));
  const result = { role: "group", "aria-label": "Result" };
  return (
    <div
      className={styles.outcome}
      data-home={OUTCOME}
      {...(cutOff === null && outcome === null ? {} : result)}
    >
      <p id={OUTCOME} tabIndex={-1}>
        {cutOff !== null ? (
          <CutOff checkpoint={cutOff} />
        ) : outcome === null ? (
          <Until />
        ) : (
          endWords(outcome)
        )}
      </p>
      {cutOff !== null ? (
        <GoOn checkpoint={cutOff} />
      ) : outcome !== null ? (
        <KeepOrNot purpose={purpose} outcome={outcome} />
      ) : (
        isMine && <WhileRunning />
      )}
    </div>
  );
}

/** What holds as long as there is no result. */
function Until() {
  const now = usePassing((state) => state.now);
  return now === null
    ? "The network on the page does not change until you keep the result."
    : `Pass ${now.pass} of ${now.of}: the result is kept by itself, and the next pass goes on from it. Stop ends the passes.`;
}

function WhileRunning() {
  const status = useTraining((state) => state.status);
  const { pauseTraining, stopTraining } = useCommands();
  const isPaused = status === "paused";
  const isStopping = status === "stopping";
  return (
    <div className={styles.buttons}>
      <Button
        variant="filled"
        {...heldBack(isStopping)}
        onClick={() => {
          if (!isStopping) void pauseTraining(!isPaused);
        }}
      >
        {isPaused ? "Resume" : "Pause"}
      </Button>
      <Button
        {...heldBack(isStopping)}
        onClick={() => {
          if (!isStopping) stopTraining();
        }}
      >
        Stop
      </Button>
    </div>
  );
}

type Ended = NonNullable<TrainingState["outcome"]>;

const ENDED = { finished: "Finished", stopped: "Stopped", diverged: "Diverged" } as const;

function endWords({ ended, steps }: Ended): string {
  const rest =
    steps === 0
      ? "There is nothing to keep; the network on the page is the one from before."
      : "The network on the page is still the one from before.";
  return `${ENDED[ended]} after ${plural(steps, "step")}. ${rest}`;
}

interface KeepOrNotProps {
  readonly purpose: Purpose;
  readonly outcome: Ended;
}

function KeepOrNot({ purpose, outcome: { ended, steps } }: KeepOrNotProps) {
  const { keepTraining, goTo } = useCommands();
  const discard = useDiscard();
  const { page } = useWorkbench();
  const keep = (): void => {
    keepTraining();
    const { runs, runId } = page.getState();
    const run = runs.find(({ id }) => id === runId);
    if (run !== undefined) announce("run", `${nameOfRun(run)} is kept, and on the page.`);
    if (purpose === "sparse") goTo("prune");
  };
  return (
    <div className={styles.buttons}>
      {steps > 0 && (
        <Button variant={ended === "diverged" ? "default" : "filled"} onClick={keep}>
          Keep
        </Button>
      )}
      <Button onClick={discard}>{steps > 0 ? "Discard" : "Close"}</Button>
    </div>
  );
}

/** Leaves the network on the page as it is, which who listens is told. */
function useDiscard(): () => void {
  const { discardTraining } = useCommands();
  return () => {
    announce("run", "The network on the page is the one from before.");
    void discardTraining();
  };
}

/** Of a run whose graphics card, worker or page was lost: how much of it is kept, and for how long. */
function CutOff({ checkpoint: { state, total } }: { readonly checkpoint: TrainCheckpoint }) {
  const keptStep = useKeeping((keeping) => keeping.trainingStep);
  const { step } = state;
  const place = keptStep === step ? "in this browser" : "as long as this page is open";
  return step >= total
    ? `Cut off at its end, after ${plural(step, "step")}. What was learned is kept ${place}.`
    : `Cut off. What was learned in the first ${count(step)} of ${count(total)} steps is kept ${place}.`;
}

function GoOn({ checkpoint }: { readonly checkpoint: TrainCheckpoint }) {
  const { goOnTraining, endTraining } = useCommands();
  const discard = useDiscard();
  const { state, total, perEpoch } = checkpoint;
  const { step } = state;
  const epoch = Math.floor(step / perEpoch) + 1;
  const where = step % perEpoch === 0 ? `epoch ${count(epoch)}` : `step ${count(step + 1)}`;
  return (
    <div className={styles.buttons}>
      <Button variant="filled" onClick={() => void goOnTraining()}>
        {step >= total ? "Take up the result" : `Go on from ${where}`}
      </Button>
      <Button onClick={() => void endTraining()}>Take it as it is</Button>
      <Button onClick={discard}>Discard</Button>
    </div>
  );
}
