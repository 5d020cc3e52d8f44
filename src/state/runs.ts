/**
 * @file The runs as a comparison: their names and order, each figure as a value and as a change from the
 * baseline, and what differs among them. Pure; what is not known is null and stays null.
 */
import type { Cost } from "./engine.ts";
import { largestOf, latencyChangeOf, pairOf, wholeName, type MeasuredState } from "./measured.ts";
import { baselineOf, type PageState, type Run } from "./page.ts";

export type Measure = "accuracy" | "parameters" | "macs" | "bytes" | "latency";

export const MEASURES: readonly Measure[] = ["accuracy", "parameters", "macs", "bytes", "latency"];

/** A figure of one run. */
export interface RunFigure {
  readonly value: number | null;
  /**
   * From the baseline: of an accuracy the difference of two shares, of everything else relative to what
   * was. Null of the baseline itself, and where the two cannot be compared.
   */
  readonly change: number | null;
  /** True of a latency that was timed beside the baseline's and not told apart from it. */
  readonly isUntold?: boolean;
}

/** The images behind an accuracy. */
export interface RunSample {
  readonly count: number;
  readonly interval: readonly [number, number];
  /** How many of them the baseline has seen too; the change is on these. */
  readonly shared: number | null;
}

/** One run in comparison. */
export interface RunRow {
  readonly run: Run;
  readonly name: string;
  readonly isBaseline: boolean;
  /** Its network is on the page. */
  readonly isShown: boolean;
  readonly figures: Readonly<Record<Measure, RunFigure>>;
  readonly sample: RunSample | null;
}

/** What a run is called: by a person, or after what was done, with its number. */
export function nameOfRun({ id, name, label, parent }: Run): string {
  if (name !== undefined) return name;
  return parent === null ? label : `#${id} ${label.slice(0, 1).toLowerCase()}${label.slice(1)}`;
}

/** The baseline first, then what is pinned, then the others, each as they were made. */
export function orderRuns(runs: readonly Run[], baseline: Run | undefined): readonly Run[] {
  const rank = (run: Run): number => (run.id === baseline?.id ? 0 : run.isPinned === true ? 1 : 2);
  return [...runs].sort((a, b) => rank(a) - rank(b) || a.id - b.id);
}

/** Every run, compared with what the page's network is compared with, in order. */
export function compareRuns(page: PageState, measured: MeasuredState): readonly RunRow[] {
  const baseline = baselineOf(page);
  return orderRuns(page.runs, baseline).map((run) => rowOf(run, baseline, page, measured));
}

function rowOf(
  run: Run,
  baseline: Run | undefined,
  { runId }: PageState,
  measured: MeasuredState,
): RunRow {
  const isBaseline = run.id === baseline?.id;
  const name = wholeName(run.session.key);
  const base = baseline === undefined ? null : wholeName(baseline.session.key);
  const found = largestOf(measured, name);
  const pair = base === null ? null : pairOf(measured, name, base);
  const cost = (of: keyof Cost): RunFigure => {
    const value = run.session.cost[of];
    const was = baseline?.session.cost[of];
    return { value, change: isBaseline || was === undefined ? null : relativeTo(value, was) };
  };
  return {
    run,
    name: nameOfRun(run),
    isBaseline,
    isShown: run.id === runId,
    figures: {
      accuracy: {
        value: found?.accuracy ?? null,
        change: isBaseline || pair === null ? null : pair.now.accuracy - pair.was.accuracy,
      },
      parameters: cost("parameters"),
      macs: cost("macs"),
      bytes: cost("bytes"),
      latency: latencyOf(name, isBaseline ? null : base, measured),
    },
    sample:
      found === undefined
        ? null
        : { count: found.count, interval: found.interval, shared: pair?.now.count ?? null },
  };
}

/** Compared with the baseline as it took turns with it; with nothing that was timed at another time. */
function latencyOf(name: string, base: string | null, measured: MeasuredState): RunFigure {
  const value = measured.latencies.get(name) ?? null;
  const change = base === null ? null : latencyChangeOf(measured, name, base);
  if (change === null) return { value, change: null };
  return change.isTold
    ? { value, change: change.ratio - 1 }
    : { value, change: null, isUntold: true };
}

function relativeTo(now: number, was: number): number | null {
  return was > 0 ? now / was - 1 : null;
}

/** How many runs are measured on fewer images than another one, or are not measured at all. */
export function countBehind(rows: readonly RunRow[]): number {
  const counts = rows.map(({ sample }) => sample?.count ?? 0);
  const most = Math.max(...counts);
  return counts.filter((count) => count < most).length;
}

/** Changes below it read as none: half a tenth of a point, or of a per cent. */
const LEAST_CHANGE = 5e-4;

/** The measures in which a run differs from the baseline, or has a figure that cannot be compared with its. */
export function differingMeasures(rows: readonly RunRow[]): ReadonlySet<Measure> {
  const others = rows.filter(({ isBaseline }) => !isBaseline);
  return new Set(
    MEASURES.filter((one) =>
      others.some(({ figures: { [one]: figure } }) =>
        figure.change === null ? figure.value !== null : Math.abs(figure.change) >= LEAST_CHANGE,
      ),
    ),
  );
}

/** Something that is said of a run, under a name by which it is compared. */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

/**
 * The names under which the runs do not all say the same. Runs that say nothing under a name do not
 * count: a baseline has no criterion that could differ. What only one says is its own.
 */
export function differingFacts(runs: readonly (readonly Fact[])[]): ReadonlySet<string> {
  const said = new Map<string, string[]>();
  for (const { name, text } of runs.flat()) said.set(name, [...(said.get(name) ?? []), text]);
  const differs = (texts: readonly string[]): boolean =>
    texts.length === 1 || new Set(texts).size > 1;
  return new Set([...said].filter(([, texts]) => differs(texts)).map(([name]) => name));
}

/**
 * Why a run has to stay, in a sentence; null when it can go.
 * @param trained — the run that a training under way, or not yet kept, was made from
 */
export function whyKept(page: PageState, run: Run, trained: number | null): string | null {
  if (run.id === page.runId) return "It is on the page; bring another one back first.";
  if (run.id === baselineOf(page)?.id) return "The others are compared with it.";
  if (run.parent === null) return "It is the network that was opened.";
  if (
    page.runs.some(
      ({ parent, against, id }) => parent === run.id || (against === run.id && id !== run.id),
    )
  )
    return "Other runs were made from it.";
  if (trained === run.id) return "A training was made from it that is neither kept nor discarded.";
  return null;
}
