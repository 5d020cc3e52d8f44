/** @file The four figures of a run, or of one that was cut off where it goes on: accuracy, loss, steps and time. */
import type { ReactNode } from "react";
import { cutOffOf, useTraining, type TrainingState } from "../../state/index.ts";
import { bounded, count, duration, percent } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import styles from "./TrainStep.module.css";

export function Figures() {
  const latest = useTraining((state) => state.latest);
  const cutOff = useTraining(cutOffOf);
  const newest = useTraining((state) => state.series.points.at(-1) ?? null);
  const status = useTraining((state) => state.status);
  const outcome = useTraining((state) => state.outcome);
  const validation = outcome?.validation ?? null;
  // A step that is gone on from is known by its curves.
  const shown = latest ?? (cutOff === null ? null : newest);
  const accuracy = validation?.accuracy ?? shown?.accuracy;
  // The last steps of a run are not all reported.
  const ended = outcome === null ? null : { step: outcome.steps, total: outcome.total };
  const kept = cutOff === null ? null : { step: cutOff.state.step, total: cutOff.total };
  const at = ended ?? latest ?? kept;
  return (
    <dl className={styles.figures}>
      <Figure
        name={
          validation === null ? (
            <Term of="trainingAccuracy" position="bottom-start">
              Accuracy in training
            </Term>
          ) : (
            <Term of="accuracy" position="bottom-start">
              Accuracy, held back
            </Term>
          )
        }
        value={accuracy === undefined ? "–" : percent(accuracy)}
      >
        {validation === null
          ? "on the augmented batches"
          : `${percent(validation.interval[0])} to ${percent(validation.interval[1])}, n = ${count(validation.count)}`}
      </Figure>
      <Figure
        name={
          <>
            <Term of="loss">Loss</Term>, nats
          </>
        }
        value={shown === null ? "–" : bounded(shown.loss, 3)}
      >
        {latest === null ? "" : `learning rate ${shortRate(latest.learningRate)}`}
      </Figure>
      <Figure name="Step" value={at === null ? "–" : count(at.step)}>
        {at === null
          ? ""
          : `of ${count(at.total)}${latest === null ? "" : `, epoch ${latest.epoch + 1}`}`}
      </Figure>
      <Figure
        name={
          status === "ended" ? (
            "Took"
          ) : (
            <>
              <span>Time left</span>, about
            </>
          )
        }
        value={timeOf(status, latest, outcome)}
      >
        {status === "paused"
          ? "paused"
          : latest === null
            ? ""
            : `${count(latest.imagesPerSecond)} images/s`}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  readonly name: ReactNode;
  /** With its unit, where that is not in the name: what stood behind it would move with every digit. */
  readonly value: string;
  /** What stands below. */
  readonly children: ReactNode;
}

function Figure({ name, value, children }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={styles.value}>{value}</dd>
      <dd>{children}</dd>
    </div>
  );
}

function timeOf(
  status: TrainingState["status"],
  latest: TrainingState["latest"],
  outcome: TrainingState["outcome"],
): string {
  if (status === "ended" && outcome !== null) return duration(outcome.seconds);
  return latest === null ? "–" : duration(latest.eta);
}

/** A learning rate to three digits. */
function shortRate(rate: number): string {
  return Number.isFinite(rate) ? String(Number(rate.toPrecision(3))).replace("e-", "e\u2212") : "–";
}
