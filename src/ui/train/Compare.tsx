/** @file Before and after: baseline, cut and fine-tuned side by side, each as a change from the first. */
import {
  baselineOf,
  largestOf,
  nameOfRun,
  pairOf,
  useMeasured,
  usePage,
  wholeName,
  type MeasuredState,
  type Run,
} from "../../state/index.ts";
import { count, halfWidth, largeText, percent, points, relative } from "../format.ts";
import styles from "./TrainStep.module.css";

export function Compare() {
  const state = usePage((all) => all);
  const measured = useMeasured((all) => all);
  const baseline = baselineOf(state);
  const runs = state.runs.filter((run) => run.against === baseline?.id);
  if (baseline === undefined || runs.length < 2) return null;
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
  const { cost } = run.session;
  const whole = baseline.session.cost;
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
      <td>
        {largeText(cost.parameters)}
        {!isBaseline && <Change>{relative(cost.parameters, whole.parameters)}</Change>}
      </td>
      <td>
        {largeText(cost.macs)}
        {!isBaseline && <Change>{relative(cost.macs, whole.macs)}</Change>}
      </td>
    </tr>
  );
}

interface ChangeProps {
  readonly title?: string;
  readonly children: string;
}

/** From the baseline, below its figure. */
function Change({ title, children }: ChangeProps) {
  return (
    <small className={styles.change} title={title}>
      {children}
    </small>
  );
}
