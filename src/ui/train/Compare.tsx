/**
 * @file Before and after: baseline, cut and fine-tuned side by side, each as a change from the first; a result that
 * is not kept yet stands at their end, with what is known of it.
 */
import {
  baselineOf,
  largestOf,
  nameOfRun,
  pairOf,
  unkeptOf,
  useMeasured,
  usePage,
  useTraining,
  wholeName,
  type MeasuredState,
  type Run,
  type Unkept,
} from "../../state/index.ts";
import { count, halfWidth, largeText, percent, points, relative } from "../format.ts";
import styles from "./TrainStep.module.css";

export function Compare() {
  const state = usePage((all) => all);
  const measured = useMeasured((all) => all);
  const baseline = baselineOf(state);
  const runs = state.runs.filter((run) => run.against === baseline?.id);
  const training = {
    status: useTraining((all) => all.status),
    purpose: useTraining((all) => all.purpose),
    outcome: useTraining((all) => all.outcome),
    fromRun: useTraining((all) => all.fromRun),
  };
  const unkept = unkeptOf(training, runs);
  if (baseline === undefined || (runs.length < 2 && unkept === null)) return null;
  return (
    <table className={styles.compare} aria-label="Before and after">
      <thead>
        <tr>
          <th scope="col">Before and after</th>
          <th scope="col">accuracy</th>
          <th scope="col">parameters</th>
          <th scope="col">MACs</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <CompareRow
            key={run.id}
            run={run}
            baseline={baseline}
            measured={measured}
            isCurrent={run.id === state.runId}
          />
        ))}
        {unkept !== null && (
          <UnkeptRow {...unkept} baseline={baseline} hasEnded={training.outcome !== null} />
        )}
      </tbody>
    </table>
  );
}

interface CompareRowProps {
  readonly run: Run;
  readonly baseline: Run;
  readonly measured: MeasuredState;
  readonly isCurrent: boolean;
}

function CompareRow({ run, baseline, measured, isCurrent }: CompareRowProps) {
  const name = wholeName(run.session.key);
  const now = largestOf(measured, name);
  const pair = pairOf(measured, name, wholeName(baseline.session.key));
  const isBaseline = run.id === baseline.id;
  return (
    <tr data-current={isCurrent}>
      <th scope="row">{nameOfRun(run)}</th>
      <td title={now === undefined ? undefined : `n = ${count(now.count)}`}>
        {now === undefined
          ? measured.measuring?.name === name
            ? "measuring"
            : "not measured"
          : `${percent(now.accuracy)} ± ${halfWidth(now.interval)}`}
        {!isBaseline && pair !== null && (
          <Change title={`both on ${count(pair.now.count)} images`}>
            {points(pair.now.accuracy, pair.was.accuracy)}
          </Change>
        )}
      </td>
      <Sizes run={run} baseline={baseline} />
    </tr>
  );
}

function Sizes({ run, baseline }: Pick<CompareRowProps, "run" | "baseline">) {
  const { cost } = run.session;
  const whole = baseline.session.cost;
  const isBaseline = run.id === baseline.id;
  return (
    <>
      <td>
        {largeText(cost.parameters)}
        {!isBaseline && <Change>{relative(cost.parameters, whole.parameters)}</Change>}
      </td>
      <td>
        {largeText(cost.macs)}
        {!isBaseline && <Change>{relative(cost.macs, whole.macs)}</Change>}
      </td>
    </>
  );
}

const UNKEPT = {
  sparse: "sparse-trained, not kept yet",
  finetune: "fine-tuned, not kept yet",
} as const;

interface UnkeptRowProps extends Unkept {
  readonly baseline: Run;
  readonly hasEnded: boolean;
}

/**
 * There from the start, so that nothing moves at the end. It is not measured on the test images before it is kept:
 * its accuracy says on which it was, and is no change from theirs.
 */
function UnkeptRow({ purpose, from, validation, baseline, hasEnded }: UnkeptRowProps) {
  return (
    <tr>
      <th scope="row">{UNKEPT[purpose]}</th>
      {/* Another cell once there is something to say: words that become longer would count as moved. */}
      <td key={String(hasEnded)}>
        {validation === null
          ? "–"
          : `${percent(validation.accuracy)} ± ${halfWidth(validation.interval)}`}
        <Change title="of the training images, not the test images">
          {validation !== null
            ? `on ${count(validation.count)} held back`
            : hasEnded
              ? "not measured"
              : "after the run"}
        </Change>
      </td>
      <Sizes run={from} baseline={baseline} />
    </tr>
  );
}

interface ChangeProps {
  readonly title?: string;
  readonly children: string;
}

/** From the baseline, or of what it is, below a figure. */
function Change({ title, children }: ChangeProps) {
  return (
    <small className={styles.change} title={title}>
      {children}
    </small>
  );
}
