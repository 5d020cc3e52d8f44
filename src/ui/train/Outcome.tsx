/**
 * @file What can be done about a run, in one row that is there before, while and after it: pause and stop it,
 * then keep or discard what it has made.
 */
import { Button } from "@mantine/core";
import {
  cutOffOf,
  useCommands,
  usePassing,
  useTraining,
  type Purpose,
  type TrainCheckpoint,
  type TrainingState,
} from "../../state/index.ts";
import { count, plural } from "../format.ts";
import styles from "./TrainStep.module.css";

export function Outcome({ purpose }: { readonly purpose: Purpose }) {
  const owner = useTraining((state) => state.purpose);
  const outcome = useTraining((state) => state.outcome);
  const cutOff = useTraining(cutOffOf);
  const now = usePassing((state) => state.now);
  if (owner === purpose && cutOff !== null) return <CutOff checkpoint={cutOff} />;
  if (owner === purpose && outcome !== null) return <Result purpose={purpose} outcome={outcome} />;
  return (
    <div className={styles.outcome}>
      <p>
        {now === null
          ? "The network on the page does not change until you keep the result."
          : `Pass ${now.pass} of ${now.of}: the result is kept by itself, and the next pass goes on from it. Stop ends the passes.`}
      </p>
      {owner === purpose && <WhileRunning />}
    </div>
  );
}

function WhileRunning() {
  const status = useTraining((state) => state.status);
  const { pauseTraining, stopTraining } = useCommands();
  const isPaused = status === "paused";
  const isStopping = status === "stopping";
  return (
    <div className={styles.buttons}>
      <Button variant="filled" disabled={isStopping} onClick={() => void pauseTraining(!isPaused)}>
        {isPaused ? "Resume" : "Pause"}
      </Button>
      <Button disabled={isStopping} onClick={stopTraining}>
        Stop
      </Button>
    </div>
  );
}

interface ResultProps {
  readonly purpose: Purpose;
  readonly outcome: NonNullable<TrainingState["outcome"]>;
}

const ENDED = { finished: "Finished", stopped: "Stopped", diverged: "Diverged" } as const;

function Result({ purpose, outcome }: ResultProps) {
  const { keepTraining, discardTraining, goTo } = useCommands();
  const keep = (): void => {
    keepTraining();
    if (purpose === "sparse") goTo("prune");
  };
  const { ended, steps } = outcome;
  return (
    <div className={styles.outcome} role="group" aria-label="Result">
      <p>
        {ENDED[ended]} after {plural(steps, "step")}.{" "}
        {steps === 0
          ? "There is nothing to keep; the network on the page is the one from before."
          : "The network on the page is still the one from before."}
      </p>
      <div className={styles.buttons}>
        {steps > 0 && (
          <Button variant={ended === "diverged" ? "default" : "filled"} onClick={keep}>
            Keep
          </Button>
        )}
        <Button onClick={() => void discardTraining()}>{steps > 0 ? "Discard" : "Close"}</Button>
      </div>
    </div>
  );
}

/** A run whose graphics card or worker was lost. */
function CutOff({ checkpoint }: { readonly checkpoint: TrainCheckpoint }) {
  const { goOnTraining, discardTraining } = useCommands();
  const { state, total, perEpoch } = checkpoint;
  const epoch = Math.floor(state.step / perEpoch) + 1;
  const where =
    state.step % perEpoch === 0 ? `epoch ${count(epoch)}` : `step ${count(state.step + 1)}`;
  return (
    <div className={styles.outcome} role="group" aria-label="Result">
      <p>
        Cut off. What was learned in the first {count(state.step)} of {count(total)} steps is kept
        as long as this page is open.
      </p>
      <div className={styles.buttons}>
        <Button variant="filled" onClick={() => void goOnTraining()}>
          Go on from {where}
        </Button>
        <Button onClick={() => void discardTraining()}>Discard</Button>
      </div>
    </div>
  );
}
