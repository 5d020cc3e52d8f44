/**
 * @file The runs at a glance, beside what they are made with: a click brings one back, "Compare" leads to
 * all of them and all that is known of each.
 */
import {
  baselineOf,
  largestOf,
  nameOfRun,
  orderRuns,
  useCommands,
  useComparing,
  useMeasured,
  usePage,
  wholeName,
  type Run,
} from "../../state/index.ts";
import { count, largeText, percentValue } from "../format.ts";
import { described } from "../parts/named.ts";
import styles from "./RunsTable.module.css";

/** The rows that there is room for. */
const MOST = 6;

export function RunsTable() {
  const page = usePage((state) => state);
  const { showRuns } = useCommands();
  const { runs, runId } = page;
  if (runs.length === 0) return null;
  const shown = chooseRuns(orderRuns(runs, baselineOf(page)), runId);
  const left = runs.length - shown.length;
  return (
    <div className={styles.box}>
      <table className={styles.runs} aria-label="Runs">
        <thead>
          <tr>
            <th scope="col">Runs</th>
            <th scope="col" aria-label="accuracy, per cent">
              accuracy
            </th>
            <th scope="col" aria-label="parameters">
              params
            </th>
            <th scope="col">MACs</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((run) => (
            <RunRow key={run.id} run={run} isCurrent={run.id === runId} />
          ))}
        </tbody>
      </table>
      <button type="button" className={styles.compare} onClick={showRuns}>
        Compare{left > 0 ? ` all ${count(runs.length)}` : ""}
      </button>
    </div>
  );
}

/** The first ones and the newest, and always the one on the page. */
function chooseRuns(ordered: readonly Run[], runId: number): readonly Run[] {
  if (ordered.length <= MOST) return ordered;
  const isFirst = (run: Run, i: number): boolean => i === 0 || run.isPinned === true;
  const newest = ordered.toSorted((a, b) => b.id - a.id);
  const wanted = [
    ...ordered.filter(({ id }) => id === runId),
    ...ordered.filter(isFirst),
    ...newest,
  ];
  const chosen = new Set([...new Set(wanted)].slice(0, MOST));
  return ordered.filter((run) => chosen.has(run));
}

function RunRow({ run, isCurrent }: { readonly run: Run; readonly isCurrent: boolean }) {
  const { restore, compare } = useCommands();
  const key = wholeName(run.session.key);
  const found = useMeasured((state) => largestOf(state, key));
  const isLit = useComparing((state) => state.lit === run.id);
  const name = nameOfRun(run);
  return (
    <tr
      data-current={isCurrent}
      data-lit={isLit}
      onPointerEnter={() => compare({ lit: run.id })}
      onPointerLeave={() => {
        if (isLit) compare({ lit: null });
      }}
    >
      <th scope="row" title={name}>
        {/* Stays where it is when it is pressed, and the focus with it. */}
        <button
          type="button"
          aria-current={isCurrent}
          onClick={() => {
            if (!isCurrent) restore(run.id);
          }}
          title={isCurrent ? name : `${name}: bring this network back`}
          {...described(isCurrent ? "" : "bring this network back")}
        >
          <span className={styles.name}>{name}</span>
          {isCurrent && (
            <>
              {" "}
              <span className={styles.here}>on the page</span>
            </>
          )}
        </button>
      </th>
      {/* A new one, as soon as there is a number: the dash does not move. */}
      <td
        key={found === undefined ? "none" : "found"}
        title={found === undefined ? "not measured" : `n = ${count(found.count)}`}
      >
        {found === undefined ? "–" : percentValue(found.accuracy)}
      </td>
      <td>{largeText(run.session.cost.parameters)}</td>
      <td>{largeText(run.session.cost.macs)}</td>
    </tr>
  );
}
