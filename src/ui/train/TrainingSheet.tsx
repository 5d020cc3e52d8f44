/** @file What a run shows while it goes: four figures, the curves, the scales, then Keep or Discard. */
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
import { count, duration, fixed, percent, percentValue } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { Truths } from "../parts/Truths.tsx";
import { Compare } from "./Compare.tsx";
import { Curves } from "./Curves.tsx";
import styles from "./TrainStep.module.css";

export function TrainingSheet({ purpose }: { readonly purpose: Purpose }) {
  const owner = useTraining((state) => state.purpose);
  const isMine = owner === purpose;
  return (
    <>
      {isMine ? <Figures /> : <Truths />}
      {isMine && <Outcome purpose={purpose} />}
      {purpose === "finetune" && <Compare />}
      <h2 className="visually-hidden">Curves</h2>
      <Curves purpose={purpose} isMine={isMine} />
    </>
  );
}

function Figures() {
  const latest = useTraining((state) => state.latest);
  const status = useTraining((state) => state.status);
  const outcome = useTraining((state) => state.outcome);
  const validation = outcome?.validation ?? null;
  return (
    <dl className={styles.figures}>
      <div>
        <dt>
          {validation === null ? (
            <Term of="trainingAccuracy" position="bottom-start">
              Accuracy in training
            </Term>
          ) : (
            <Term of="accuracy" position="bottom-start">
              Accuracy, held back
            </Term>
          )}
        </dt>
        <dd className={styles.value}>
          {validation !== null
            ? percentValue(validation.accuracy)
            : latest === null
              ? "–"
              : percentValue(latest.accuracy)}{" "}
          <small>%</small>
        </dd>
        <dd>
          {validation === null
            ? "on the augmented batches"
            : `${percent(validation.interval[0])} to ${percent(validation.interval[1])}, n = ${count(validation.count)}`}
        </dd>
      </div>
      <div>
        <dt>
          <Term of="loss">Loss</Term>
        </dt>
        <dd className={styles.value}>
          {latest === null ? "–" : fixed(latest.loss, 3)} <small>nats</small>
        </dd>
        <dd>{latest === null ? "" : `learning rate ${shortRate(latest.learningRate)}`}</dd>
      </div>
      <div>
        <dt>Step</dt>
        <dd className={styles.value}>
          {latest === null ? "–" : count(latest.step)}{" "}
          <small>{latest === null ? "" : `of ${count(latest.total)}`}</small>
        </dd>
        <dd>{latest === null ? "" : `epoch ${latest.epoch + 1}`}</dd>
      </div>
      <div>
        <dt>{status === "ended" ? "Took" : "Time left"}</dt>
        <dd className={styles.value}>{timeOf(status, latest, outcome)}</dd>
        <dd>{latest === null ? "" : `${count(latest.imagesPerSecond)} images/s`}</dd>
      </div>
    </dl>
  );
}

function timeOf(
  status: TrainingState["status"],
  latest: TrainingState["latest"],
  outcome: TrainingState["outcome"],
): string {
  if (status === "ended" && outcome !== null) return duration(outcome.seconds);
  if (status === "paused") return "paused";
  return latest === null ? "–" : duration(latest.eta);
}

/** A learning rate to three digits. */
function shortRate(rate: number): string {
  return Number.isFinite(rate) ? String(Number(rate.toPrecision(3))) : "–";
}

function Outcome({ purpose }: { readonly purpose: Purpose }) {
  const outcome = useTraining((state) => state.outcome);
  const cutOff = useTraining(cutOffOf);
  const now = usePassing((state) => state.now);
  const { keepTraining, discardTraining, goTo } = useCommands();
  if (cutOff !== null) return <CutOff checkpoint={cutOff} />;
  if (outcome === null) {
    return (
      <div className={styles.outcome}>
        <p>
          {now === null
            ? "The network on the page does not change until you keep the result."
            : `Pass ${now.pass} of ${now.of}: the result is kept by itself, and the next pass goes on from it. Stop ends the passes.`}
        </p>
      </div>
    );
  }
  const keep = (): void => {
    keepTraining();
    if (purpose === "sparse") goTo("prune");
  };
  return (
    <div className={styles.outcome} role="group" aria-label="Result">
      <p>
        {{ finished: "Finished", stopped: "Stopped", diverged: "Diverged" }[outcome.ended]} after{" "}
        {count(outcome.steps)} steps. The network on the page is still the one from before.
      </p>
      <div className={styles.buttons}>
        <Button variant={outcome.ended === "diverged" ? "default" : "filled"} onClick={keep}>
          Keep
        </Button>
        <Button onClick={() => void discardTraining()}>Discard</Button>
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
