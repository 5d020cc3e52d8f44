/**
 * @file The curves of a training: of the one under way, or of the last one of its kind that led to the network
 * on the page, which stay with the run. Those of another run can be laid behind them.
 */
import { NativeSelect } from "@mantine/core";
import { lazy, Suspense, useEffect, useMemo, type ReactNode } from "react";
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
import { EmptyChart } from "../charts/EmptyChart.tsx";
import { Later } from "../parts/Later.tsx";
import { LiveScales } from "./LiveScales.tsx";
import { ScaleRidge } from "./ScaleRidge.tsx";
import styles from "./TrainStep.module.css";

const loadChart = () => import("../charts/TrainingChart.tsx");
const TrainingChart = lazy(loadChart);

interface CurvesProps {
  readonly purpose: Purpose;
  /** A training of this panel is under way, or has ended and is neither kept nor discarded. */
  readonly isMine: boolean;
}

export function Curves({ purpose, isMine }: CurvesProps) {
  const hasPoints = useTraining((state) => state.series.points.length > 0);
  const hasScales = useTraining((state) => state.scaleHistory.curve.points.length > 1);
  const hasNorms = usePage((state) => (state.session?.scales.length ?? 0) > 0);
  const last = usePage((state) =>
    lastTrained(state, purpose === "sparse" ? "sparse" : "fine-tuned"),
  );
  const kept = isMine ? undefined : last;
  const { others, beside } = useBeside(kept);
  const course = kept?.course ?? null;
  // Here before a training is started: then there is no time to spare.
  useEffect(() => void loadChart().catch(() => undefined), []);
  const isDrawn = course !== null || (isMine && hasPoints);
  const isScaled = course === null ? isMine && hasScales : course.scales.steps.length > 1;
  return (
    <>
      {(isDrawn || isMine) && (kept !== undefined || others.length > 0) && (
        <div className={styles.whose}>
          {kept !== undefined && <Whose run={kept} />}
          {others.length > 0 && <BesideChoice others={others} />}
        </div>
      )}
      <div className={styles.charts}>
        {isDrawn ? (
          <InTurn places={LEARNING}>
            <TrainingChart measure="loss" title="Loss, nats" course={course} beside={beside} />
            <TrainingChart measure="accuracy" title="Accuracy" course={course} beside={beside} />
          </InTurn>
        ) : (
          <Places places={LEARNING} isTimed={isMine} />
        )}
        <div className={styles.wideChart}>
          <LiveScales isLive={isMine} />
        </div>
        {/* Their place is there from the first step on: what is below does not move. */}
        {isMine && !isScaled && hasNorms && <Places places={SCALES} isTimed />}
        {isScaled && (
          <InTurn places={SCALES}>
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
          </InTurn>
        )}
        {(isMine || course !== null) && (
          <div className={styles.wideChart}>
            <ScaleRidge course={course} />
          </div>
        )}
      </div>
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

interface InTurnProps {
  /** Of the charts. */
  readonly places: readonly Place[];
  readonly children: readonly [first: ReactNode, second: ReactNode];
}

/** Two charts, of which each takes its place in a task of its own. */
function InTurn({ places, children: [first, second] }: InTurnProps) {
  const last = <Places places={places.slice(1)} isTimed />;
  const both = <Places places={places} isTimed />;
  return (
    <Later before={both}>
      {/* Within: what comes after it elsewhere need not wait for its code. */}
      <Suspense fallback={both}>
        {first}
        <Later before={last}>{second}</Later>
      </Suspense>
    </Later>
  );
}

interface Place {
  readonly title: string;
  /** What will be drawn there. */
  readonly text: string;
}

const LEARNING: readonly Place[] = [
  {
    title: "Loss, nats",
    text: "While the training runs: the loss of every batch, and its mean in bold.",
  },
  {
    title: "Accuracy",
    text: "While it runs: the accuracy of every batch, its mean in bold, and a ring for each look at held-back images.",
  },
];

const SCALES: readonly Place[] = [
  { title: "Share of the scales below 0.01", text: "" },
  { title: "Mean |γ|, the penalty by scale", text: "" },
];

interface PlacesProps {
  readonly places: readonly Place[];
  /** True once the training runs. */
  readonly isTimed: boolean;
}

/** Where the curves will stand. */
function Places({ places, isTimed }: PlacesProps) {
  return places.map(({ title, text }) => (
    <EmptyChart
      key={title}
      title={title}
      text={isTimed ? "The first steps are being timed." : text}
    />
  ));
}
