/**
 * @file The runs of this visit held against each other: a row each with its figures and their changes from
 * the baseline, and all of them in a chart of accuracy against cost.
 */
import { Checkbox } from "@mantine/core";
import { useMemo } from "react";
import {
  compareRuns,
  differingFacts,
  differingMeasures,
  MEASURES,
  useCommands,
  useComparing,
  useMeasured,
  usePage,
  useWorkbench,
  type ComparedPoint,
  type Fact,
  type MeasuredState,
  type RunRow as Row,
} from "../../state/index.ts";
import { SaveCsv } from "../charts/ChartTools.tsx";
import { Term } from "../parts/Explained.tsx";
import { factsOf, factsText } from "./run-facts.ts";
import { MEASURE_TITLES, tableOfRuns } from "./run-words.ts";
import { RunRow } from "./RunRow.tsx";
import { RunsChart } from "./RunsChart.tsx";
import styles from "./Runs.module.css";
import { usePoints } from "./use-points.ts";

export function RunsSection() {
  const page = usePage((state) => state);
  const measured = useWhatIsMeasured();
  const rows = useMemo(() => compareRuns(page, measured), [page, measured]);
  const { points, front } = usePoints(rows, page, measured);
  const facts = useMemo(() => rows.map(({ run }) => factsOf(run, page.runs)), [rows, page.runs]);
  const base = rows.find(({ isBaseline }) => isBaseline);
  if (base === undefined) return null;
  return (
    <section className={styles.runs} aria-labelledby="runs-title">
      <div className={styles.head}>
        <div>
          <h2 id="runs-title" tabIndex={-1}>
            Runs
          </h2>
          <p className="quiet">
            <Term of="baseline" position="top-start">
              changes from {base.name}
            </Term>
            , accuracies on the same images
          </p>
        </div>
        <div className={styles.choices}>
          {rows.length > 1 && <Differences />}
          <SaveCsv file="runs" table={() => tableOfRuns(rows, facts)} />
        </div>
      </div>
      <Comparison rows={rows} facts={facts} front={front} />
      {points.length > 0 ? (
        <RunsChart points={points} front={front} shownRun={page.runId} />
      ) : (
        <p className={styles.key}>Accuracies are drawn here against cost once they are measured.</p>
      )}
    </section>
  );
}

/** Without what is being measured: that changes all the time and says nothing yet. */
function useWhatIsMeasured(): MeasuredState {
  const { measured } = useWorkbench();
  const evaluations = useMeasured((state) => state.evaluations);
  const latencies = useMeasured((state) => state.latencies);
  const timedBeside = useMeasured((state) => state.timedBeside);
  return useMemo(
    () => ({ ...measured.getState(), evaluations, latencies, timedBeside }),
    [measured, evaluations, latencies, timedBeside],
  );
}

function Differences() {
  const { compare } = useCommands();
  const isOn = useComparing((state) => state.differencesOnly);
  return (
    <Checkbox
      label="Differences only"
      className={styles.check ?? ""}
      checked={isOn}
      onChange={({ currentTarget }) => compare({ differencesOnly: currentTarget.checked })}
    />
  );
}

/** As wide as what stands in them; the name takes the rest. */
function columnsFor(figures: number): string {
  return ["minmax(0, 1fr)", ...Array<string>(figures).fill("max-content"), "max-content"].join(" ");
}

interface ComparisonProps {
  readonly rows: readonly Row[];
  /** By row. */
  readonly facts: readonly (readonly Fact[])[];
  readonly front: readonly ComparedPoint[];
}

function Comparison({ rows, facts, front }: ComparisonProps) {
  const isBrief = useComparing((state) => state.differencesOnly) && rows.length > 1;
  const differing = isBrief ? differingMeasures(rows) : null;
  const measures = MEASURES.filter((measure) => differing?.has(measure) !== false);
  const said = isBrief ? differingFacts(facts) : undefined;
  const best = new Set(front.map(({ run }) => run));
  return (
    <div
      role="table"
      aria-label="Runs compared"
      className={styles.table}
      style={{ gridTemplateColumns: columnsFor(measures.length) }}
    >
      <div role="row" className={styles.titles}>
        <span role="columnheader">Run</span>
        {measures.map((measure) => (
          <span key={measure} role="columnheader">
            {MEASURE_TITLES[measure]}
          </span>
        ))}
        <span role="columnheader">
          <span className="visually-hidden">Pin, rename, remove</span>
        </span>
      </div>
      {rows.map((row, i) => (
        <RunRow
          key={row.run.id}
          row={row}
          measures={measures}
          recipe={factsText(facts[i] ?? [], said)}
          isOnFront={best.has(row.run.id)}
        />
      ))}
    </div>
  );
}
