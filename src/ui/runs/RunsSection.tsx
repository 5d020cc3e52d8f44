/**
 * @file The runs of this visit held against each other: a row each with its figures and their changes from
 * the baseline, and all of them in a chart of accuracy against cost.
 */
import { Button, Checkbox } from "@mantine/core";
import { useEffect, useMemo, useRef } from "react";
import {
  compareRuns,
  countBehind,
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
import { plural } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { useNextFocus } from "../parts/use-next-focus.ts";
import { factsOf, factsText } from "./run-facts.ts";
import { MEASURE_TITLES, tableOfRuns } from "./run-words.ts";
import { MarksKey } from "./RunMark.tsx";
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
  const title = useSoughtTitle();
  if (base === undefined) return null;
  return (
    <section className={styles.runs} aria-labelledby="runs-title" data-home="runs-title">
      <div className={styles.head}>
        <div>
          <h2 id="runs-title" tabIndex={-1} ref={title}>
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
          {rows.length > 1 && <MeasureAll behind={countBehind(rows)} />}
          {rows.length > 1 && <Differences />}
          <SaveCsv file="runs" table={() => tableOfRuns(rows, facts)} />
        </div>
      </div>
      <Comparison rows={rows} facts={facts} front={front} />
      {points.length > 0 && <MarksKey />}
      {points.length > 0 ? (
        <RunsChart points={points} front={front} shownRun={page.runId} />
      ) : (
        <p className={styles.key}>Accuracies are drawn here against cost once they are measured.</p>
      )}
    </section>
  );
}

/** Goes there, focus and all, when somebody has asked to see the runs. */
function useSoughtTitle() {
  const title = useRef<HTMLHeadingElement>(null);
  const isSought = useComparing((state) => state.isSought);
  const { compare } = useCommands();
  useEffect(() => {
    if (!isSought || title.current === null) return;
    title.current.focus({ preventScroll: true });
    title.current.scrollIntoView({ block: "start" });
    compare({ isSought: false });
  }, [isSought, compare]);
  return title;
}

interface MeasureAllProps {
  /** How many runs are measured on fewer images than another. */
  readonly behind: number;
}

/** They catch up by themselves when the page has nothing else to do; this lets them do it now. */
function MeasureAll({ behind }: MeasureAllProps) {
  const { measureAll } = useCommands();
  if (behind === 0) return null;
  return (
    <Button
      title={`${plural(behind, "run")} on fewer images than the others; each is measured when the page has nothing else to do`}
      onClick={measureAll}
    >
      Measure all
    </Button>
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
  // What all of the others were told alike says nothing.
  const said = isBrief
    ? differingFacts(facts.filter((_, i) => rows[i]?.isBaseline !== true))
    : undefined;
  const best = new Set(front.map(({ run }) => run));
  const { list, removing } = useNextFocus<HTMLDivElement, HTMLElement>();
  return (
    <div
      ref={list}
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
          isBrief={isBrief}
          recipe={isBrief && row.isBaseline ? "" : factsText(facts[i] ?? [], said)}
          isOnFront={best.has(row.run.id)}
          // The titles are the first row.
          onRemove={() => removing(i + 1)}
        />
      ))}
    </div>
  );
}
