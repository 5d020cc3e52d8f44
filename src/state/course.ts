/**
 * @file How a training went, as it stays with the run that came of it and in projects: the curves of its
 * charts, as columns of rounded numbers. Bounded however long it took, so that a project stays small.
 */
import type { ProjectRun } from "./engine.ts";
import { lineageOf, type PageState, type Run } from "./page.ts";
import type { ScaleHistory, ScaleMoment, ScalePoint } from "./scale-history.ts";
import { thin, type CurvePoint, type Series, type Thinned } from "./series.ts";

/** A training's curves. JSON values. */
export type TrainingCourse = NonNullable<ProjectRun["course"]>;

/** The accuracy on held-back images at a step. */
export interface ValidationPoint {
  readonly step: number;
  readonly accuracy: number;
}

/** What is known of a training that has ended. */
export interface CourseParts {
  readonly series: Series;
  readonly validations: readonly ValidationPoint[];
  readonly scaleHistory: ScaleHistory;
}

/** Of validations; the others are bounded as they come in. */
const MOST_VALIDATIONS = 500;

/** The course of a training; undefined where not one step is known. */
export function courseOf(parts: CourseParts): TrainingCourse | undefined {
  const { series, validations, scaleHistory } = parts;
  const { points } = series;
  if (points.length === 0) return undefined;
  const held = thinned(validations, MOST_VALIDATIONS);
  const scales = scaleHistory.curve.points;
  return {
    batches: {
      steps: points.map(({ step }) => step),
      loss: points.map(({ loss }) => rounded(loss)),
      accuracy: points.map(({ accuracy }) => rounded(accuracy)),
    },
    heldBack: {
      steps: held.map(({ step }) => step),
      accuracy: held.map(({ accuracy }) => rounded(accuracy)),
    },
    scales: {
      steps: scales.map(({ step }) => step),
      dead: scales.map(({ dead }) => rounded(dead)),
      mean: scales.map(({ mean }) => rounded(mean)),
    },
    ridge: ridgeFrom(momentsOf(scaleHistory)),
  };
}

/** As many bins as projects have (`storage/schema.ts`). */
const BINS = 80;
/** log₁₀ of the ends of the usual axis; the right one goes on in quarters where scales are larger. */
const [LOW, HIGH, STEP] = [-4, 0.25, 0.25];

/** Histograms of |γ| on one logarithmic axis; what lies below its left end is in the first bin. */
function ridgeFrom(moments: readonly ScaleMoment[]): TrainingCourse["ridge"] {
  const largest = moments.reduce(
    (most, { scales }) => scales.reduce((a, b) => Math.max(a, Math.abs(b)), most),
    0,
  );
  const high = Math.max(HIGH, Math.ceil(Math.log10(largest) / STEP) * STEP);
  const counted = ({ scales }: ScaleMoment): number[] => {
    const counts = Array<number>(BINS).fill(0);
    for (const scale of scales) {
      // Of a zero −∞, which is in the first bin.
      const place = (Math.log10(Math.abs(scale)) - LOW) / (high - LOW);
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor(place * BINS)));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  return { low: LOW, high, steps: moments.map(({ step }) => step), counts: moments.map(counted) };
}

/** The moments of a history up to its last look. */
export function momentsOf({ moments, newest }: ScaleHistory): readonly ScaleMoment[] {
  const { points } = moments;
  return newest === null || points.at(-1)?.step === newest.step ? points : [...points, newest];
}

/** Loss and accuracy of the batches by step. */
export function batchesOf({ batches }: TrainingCourse): readonly CurvePoint[] {
  const { steps, loss, accuracy } = batches;
  return steps.map((step, i) => ({ step, loss: loss[i] ?? 0, accuracy: accuracy[i] ?? 0 }));
}

/** What became of the BN scales by step. */
export function scalesOf({ scales }: TrainingCourse): readonly ScalePoint[] {
  const { steps, dead, mean } = scales;
  return steps.map((step, i) => ({ step, dead: dead[i] ?? 0, mean: mean[i] ?? 0 }));
}

/** The accuracy on held-back images by step. */
export function validationsOf({ heldBack }: TrainingCourse): readonly ValidationPoint[] {
  return heldBack.steps.map((step, i) => ({ step, accuracy: heldBack.accuracy[i] ?? 0 }));
}

/** How many scales stood in each bin at a step. */
export interface RidgeCounts {
  readonly step: number;
  readonly counts: readonly number[];
}

/** The histograms of the BN scales by step. */
export function ridgeRows({ ridge }: TrainingCourse): readonly RidgeCounts[] {
  return ridge.steps.map((step, i) => ({ step, counts: ridge.counts[i] ?? [] }));
}

/** A run with the course of its training. */
export type TrainedRun = Run & { readonly course: TrainingCourse };

export function hasCourse(run: Run): run is TrainedRun {
  return run.course !== undefined;
}

/** The last training of a kind that led to the network on the page, as far as its course is known. */
export function lastTrained(
  { runs, runId }: Pick<PageState, "runs" | "runId">,
  kind: "sparse" | "fine-tuned",
): TrainedRun | undefined {
  const shown = runs.find(({ id }) => id === runId);
  const last = lineageOf(runs, shown).findLast(({ making }) => making.kind === kind);
  return last !== undefined && hasCourse(last) ? last : undefined;
}

function thinned<P>(points: readonly P[], most: number): readonly P[] {
  const start: Thinned<P> = { points: [], every: 1, seen: 0 };
  return points.reduce((all, point) => thin(all, point, most), start).points;
}

/** To six digits: more is not drawn, and would only be stored. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
