/**
 * @file Everything measured as points of accuracy against cost: each run, and each position of the slider
 * over the network on the page. All stand beside the page's baseline, so that a distance between two is
 * one of networks and not of the images that happened to be drawn.
 */
import type { MeasuredEvaluation } from "./engine.ts";
import { paretoFront, type Costed } from "./front.ts";
import {
  dotsOf,
  largestOf,
  placeBeside,
  positionName,
  wholeName,
  type MeasuredState,
} from "./measured.ts";
import { countingOf, hasHands, isByRatio } from "./method.ts";
import type { CostAxis } from "./comparing.ts";
import type { MethodState } from "./methods.ts";
import { baselineOf, type PageState } from "./page.ts";
import type { Preview } from "./planning.ts";
import type { RunRow } from "./runs.ts";

/** One measured network, cut or only shown cut. */
export interface ComparedPoint {
  /** "run 3", or the ratio of a position such as "at 0.5". */
  readonly id: string;
  readonly name: string;
  /** The run's id; null for a position of the slider. */
  readonly run: number | null;
  /** The slider's ratio; null for a run. */
  readonly ratio: number | null;
  readonly isBaseline: boolean;
  /** What was measured. */
  readonly evaluation: MeasuredEvaluation;
  /** Where it stands, in 0…1: moved onto the baseline's images. */
  readonly accuracy: number;
  /** False where it has no images in common with the baseline, so that it stands where it was measured. */
  readonly isComparable: boolean;
  /**
   * How many images the baseline was measured on, where this one has seen others in number, so that it stands
   * elsewhere than it was measured; null where it stands as measured.
   */
  readonly shiftedTo: number | null;
  readonly parameters: number;
  readonly macs: number;
}

/** The runs that were measured. */
export function pointsOfRuns(
  rows: readonly RunRow[],
  measured: MeasuredState,
): readonly ComparedPoint[] {
  const base = rows.find(({ isBaseline }) => isBaseline)?.run.session.key;
  return rows.flatMap(({ run, name, isBaseline }): ComparedPoint[] => {
    const own = wholeName(run.session.key);
    const evaluation = largestOf(measured, own);
    if (evaluation === undefined) return [];
    const { parameters, macs } = run.session.cost;
    return [
      {
        id: `run ${run.id}`,
        name,
        run: run.id,
        ratio: null,
        isBaseline,
        evaluation,
        ...placeOf(own, evaluation, measured, base),
        parameters,
        macs,
      },
    ];
  });
}

/** What the slider's positions need beside what was measured. */
export interface PositionsParts {
  readonly page: PageState;
  readonly method: Pick<MethodState, "method" | "text" | "pruning">;
  /** What the slider shows; counts where the method does not go by ratio, so that only it has a cost. */
  readonly shown: { readonly ratio: number; readonly preview: Preview | null } | null;
}

/** The measured positions of the network on the page under its method; where nothing is cut is its run. */
export function pointsOfPositions(
  { page, method: { method, text, pruning }, shown }: PositionsParts,
  measured: MeasuredState,
): readonly ComparedPoint[] {
  const { session } = page;
  if (session === null || pruning === null) return [];
  const base = baselineOf(page)?.session.key;
  const costAt = (ratio: number) =>
    isByRatio(method)
      ? pruning.at(ratio, countingOf(method)).cost
      : shown?.ratio === ratio
        ? shown.preview?.cost
        : undefined;
  return dotsOf(measured, session.key, text).flatMap(({ ratio, evaluation }): ComparedPoint[] => {
    const cost = ratio === 0 && !hasHands(text) ? undefined : costAt(ratio);
    if (cost === undefined) return [];
    const own = positionName({ key: session.key, method: text, ratio });
    return [
      {
        id: `at ${ratio}`,
        name: `${Number((ratio * 100).toFixed(1))}\u202f% removed`,
        run: null,
        ratio,
        isBaseline: false,
        evaluation,
        ...placeOf(own, evaluation, measured, base),
        parameters: cost.parameters,
        macs: cost.macs,
      },
    ];
  });
}

function placeOf(
  name: string,
  evaluation: MeasuredEvaluation,
  measured: MeasuredState,
  base: string | undefined,
): Pick<ComparedPoint, "accuracy" | "isComparable" | "shiftedTo"> {
  const placed = base === undefined ? null : placeBeside(measured, name, wholeName(base));
  if (base === undefined || placed === null) {
    return { accuracy: evaluation.accuracy, isComparable: false, shiftedTo: null };
  }
  const count = largestOf(measured, wholeName(base))?.count ?? evaluation.count;
  const shiftedTo = count === evaluation.count ? null : count;
  return { accuracy: placed, isComparable: true, shiftedTo };
}

/** Those that no other beats in both, by ascending cost; only what can be compared takes part. */
export function frontOf(
  points: readonly ComparedPoint[],
  axis: CostAxis,
): readonly ComparedPoint[] {
  const costed = points
    .filter(({ isComparable }) => isComparable)
    .map((point): Costed & { readonly point: ComparedPoint } => ({
      point,
      accuracy: point.accuracy,
      cost: point[axis],
    }));
  return paretoFront(costed).map(({ point }) => point);
}
