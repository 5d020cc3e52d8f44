/**
 * @file The curves of a training: of the one under way, or of the last one of its kind that led to the network
 * on the page, which stay with the run. Those of another run can be laid behind them.
 */
import { NativeSelect } from "@mantine/core";
import { lazy, Suspense, useMemo } from "react";
import {
  hasCourse,
  lastTrained,
  nameOfRun,
  useCommands,
  useComparing,
  usePage,
  useTraining,
  type Purpose,
  type TrainedRun,
} from "../../state/index.ts";
import { LiveScales } from "./LiveScales.tsx";
import { ScaleRidge } from "./ScaleRidge.tsx";
import styles from "./TrainStep.module.css";

const TrainingChart = lazy(() => import("../charts/TrainingChart.tsx"));

interface CurvesProps {
  readonly purpose: Purpose;
  /** A training of this panel is under way, or has ended and is neither kept nor discarded. */
  readonly isMine: boolean;
}

export function Curves({ purpose, isMine }: CurvesProps) {
  const hasPoints = useTraining((state) => state.series.points.length > 0);
  const hasScales = useTraining((state) => state.scaleHistory.curve.points.length > 1);
  const last = usePage((state) =>
    lastTrained(state, purpose === "sparse" ? "sparse" : "fine-tuned"),
  );
  const kept = isMine ? undefined : last;
  const { others, beside } = useBeside(kept);
  const course = kept?.course ?? null;
  const isDrawn = course !== null || (isMine && hasPoints);
  const isScaled = course === null ? isMine && hasScales : course.scales.steps.length > 1;
  return (
    <>
      {isDrawn && (kept !== undefined || others.length > 0) && (
        <div className={styles.whose}>
          {kept !== undefined && <Whose run={kept} />}
          {others.length > 0 && <BesideChoice others={others} />}
        </div>
      )}
      <div className={styles.charts}>
        {isDrawn ? (
          <Suspense fallback={<Places isTimed />}>
            <TrainingChart measure="loss" title="Loss, nats" course={course} beside={beside} />
            <TrainingChart measure="accuracy" title="Accuracy" course={course} beside={beside} />
          </Suspense>
        ) : (
          <Places isTimed={isMine} />
        )}
        <div className={styles.wideChart}>
          <LiveScales isLive={isMine} />
          {(isMine || course !== null) && <ScaleRidge course={course} />}
        </div>
        {isScaled && (
          <Suspense fallback={null}>
            <TrainingChart
              measure="dead"
              title="Share of the scales below 0.01"
              course={course}
              beside={beside}
            />
            <TrainingChart
              measure="mean"
              title="Mean |γ|, the penalty by scale"
              course={course}
              beside={beside}
            />
          </Suspense>
        )}
      </div>
      {!isMine && course === null && (
        <p className={styles.empty}>
          Loss, accuracy and the BN scales are drawn here while the training runs. The network on
          the page does not change until you keep the result.
        </p>
      )}
    </>
  );
}

/** The runs whose training can be laid behind, and the one that is. */
function useBeside(kept: TrainedRun | undefined) {
  const runs = usePage((state) => state.runs);
  const chosen = useComparing((state) => state.beside);
  return useMemo(() => {
    const others = runs.filter(hasCourse).filter(({ id }) => id !== kept?.id);
    const other = others.find(({ id }) => id === chosen);
    const beside = other === undefined ? null : { name: nameOfRun(other), course: other.course };
    return { others, beside };
  }, [runs, chosen, kept]);
}

function Whose({ run }: { readonly run: TrainedRun }) {
  const isShown = usePage((state) => state.runId === run.id);
  return (
    <p>
      The training of <b>{nameOfRun(run)}</b>,{" "}
      {isShown ? "which is on the page" : "which the network on the page was made from"}
    </p>
  );
}

const NONE = "none";

function BesideChoice({ others }: { readonly others: readonly TrainedRun[] }) {
  const { compare } = useCommands();
  const beside = useComparing((state) => state.beside);
  const value = others.some(({ id }) => id === beside) ? String(beside) : NONE;
  return (
    <NativeSelect
      className={styles.beside ?? ""}
      label="Beside it, dashed"
      data={[
        { value: NONE, label: "no other training" },
        ...others.map((run) => ({ value: String(run.id), label: nameOfRun(run) })),
      ]}
      value={value}
      onChange={({ currentTarget }) =>
        compare({ beside: currentTarget.value === NONE ? null : Number(currentTarget.value) })
      }
    />
  );
}

interface PlacesProps {
  /** True once the training runs. */
  readonly isTimed: boolean;
}

/** Where the curves will stand. */
function Places({ isTimed }: PlacesProps) {
  return (
    <>
      <Placeholder title="Loss, nats" isTimed={isTimed} />
      <Placeholder title="Accuracy" isTimed={isTimed} />
    </>
  );
}

/** The place of a curve that has no points yet, as high as the curve. */
function Placeholder({ title, isTimed }: PlacesProps & { readonly title: string }) {
  return (
    <figure>
      <h3>{title}</h3>
      <p className={styles.placeholder}>
        {isTimed ? "The first steps are being timed." : "no steps yet"}
      </p>
    </figure>
  );
}
