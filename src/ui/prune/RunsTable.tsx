/** @file The networks of this visit with their figures; a click brings one back. */
import {
  largestOf,
  useCommands,
  useMeasured,
  usePage,
  wholeName,
  type Run,
} from "../../state/index.ts";
import { count, largeText, percentValue } from "../format.ts";
import styles from "./RunsTable.module.css";

export function RunsTable() {
  const runs = usePage((state) => state.runs);
  const current = usePage((state) => state.runId);
  if (runs.length === 0) return null;
  return (
    <table className={styles.runs}>
      <thead>
        <tr>
          <th scope="col">Runs</th>
          <th scope="col">accuracy</th>
          <th scope="col">params</th>
          <th scope="col">MACs</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} isCurrent={run.id === current} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run, isCurrent }: { readonly run: Run; readonly isCurrent: boolean }) {
  const { restore } = useCommands();
  const name = wholeName(run.session.key);
  const found = useMeasured((state) => largestOf(state, name));
  const label = run.id === run.against ? run.label : `#${run.id} ${run.label.toLowerCase()}`;
  return (
    <tr data-current={isCurrent}>
      <th scope="row">
        {isCurrent ? (
          `${label}, now`
        ) : (
          <button type="button" onClick={() => restore(run.id)} title="Bring this network back">
            {label}
          </button>
        )}
      </th>
      <td title={found === undefined ? undefined : `n = ${count(found.count)}`}>
        {found === undefined ? "–" : percentValue(found.accuracy)}
      </td>
      <td>{largeText(run.session.cost.parameters)}</td>
      <td>{largeText(run.session.cost.macs)}</td>
    </tr>
  );
}
