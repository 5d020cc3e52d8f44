/**
 * @file The report beside a network: what was done, as a recipe and step by step; what is left, channel
 * by channel; how well it does and on what. Plain JSON, so that a figure on the page can be traced and
 * repeated.
 */
import { listKept, looksAt, readCriterion, recordRecipe } from "./engine.ts";
import type {
  BackendReport,
  DataReport,
  MeasuredEvaluation,
  ImageSet,
  Cost,
  Manner,
  NetworkKey,
  Plan,
  Evaluation,
  ExportRecord,
  TrainSettings,
} from "./engine.ts";
import { largestOf, positionName, wholeName, type MeasuredState, type Timed } from "./measured.ts";
import type { Making, Run } from "./page.ts";
import type { Session } from "./session.ts";

/** A cut that is on the page and not applied. */
export interface ShownCut {
  readonly plan: Plan;
  readonly cost: Cost;
  /** Where the slider's thumb stands. */
  readonly ratio: number;
  /** Such as "Cut at 50 %". */
  readonly label: string;
  readonly manner: Manner;
  /** The method's text, by which it was measured. */
  readonly method: string;
}

/** What a network is measured and exported under, cut or as it is. */
export function cutName(key: NetworkKey, cut: ShownCut | null): string {
  return cut === null ? wholeName(key) : positionName({ key, ...cut });
}

export interface ReportParts {
  readonly session: Session;
  /** The cut that is shown and not yet applied; null when the report is about the network as it is. */
  readonly shown: ShownCut | null;
  /** The plan that keeps every channel; null where nothing can be pruned. */
  readonly whole: Plan | null;
  /** The runs that led to the network on the page, the opened one first. */
  readonly lineage: readonly Run[];
  readonly baseline: Run | undefined;
  readonly runs: readonly Run[];
  readonly measured: MeasuredState;
  /** The images that all figures are of. */
  readonly set: ImageSet;
  readonly backend: BackendReport | null;
  readonly data: DataReport | null;
  /** What was written of the network, newest last. */
  readonly exports: readonly ExportRecord[];
  /** When it was written, ISO 8601. */
  readonly written: string;
}

/** The report as a JSON value. */
export function makeReport(parts: ReportParts): Record<string, unknown> {
  const { session, shown: cut, lineage, baseline, runs, backend, data } = parts;
  const shown: Making[] =
    cut === null ? [] : [{ kind: "pruned", plan: cut.plan, manner: cut.manner }];
  const makings = [...lineage.map(({ making }) => making), ...shown];
  const { plan, manner } = surgeryOf(makings);
  return {
    format: "espalier-report/1",
    written: parts.written,
    network: {
      name: session.name,
      origin: session.origin,
      input: session.input,
      classes: session.classes,
      normalization: { ...session.normalization.value, source: session.normalization.source },
      ...(cut?.cost ?? session.cost),
      // The worker's key; the cut that is only shown has no weights yet that could be hashed.
      fingerprint: cut === null ? session.key : null,
      cutFrom: cut === null ? null : session.key,
    },
    recipe: recordRecipe(session.name, {
      training: trainedIn(makings, "sparse"),
      plan,
      dead: manner?.dead,
      repair: trainedIn(makings, "fine-tuned"),
    }),
    plan: plan === undefined ? null : writePlan(plan),
    steps: makings.map(writeStep),
    provenance: session.network.metadata.provenance ?? null,
    before: baseline === undefined ? null : figures(baseline.session, parts, null),
    after: { ...figures(session, parts, cut), ...cut?.cost },
    runs: runs.map(({ making, label, name, session: of }) => ({
      kind: making.kind,
      label: name ?? label,
      ...figures(of, parts, null),
    })),
    backend,
    images:
      data === null
        ? null
        : {
            test: brief(data.test),
            training: brief(data.training),
            validation: brief(data.validation),
          },
    exports: parts.exports,
  };
}

/** The newest plan, and how it was carried out. */
function surgeryOf(makings: readonly Making[]): { plan?: Plan; manner?: Manner } {
  const pruned = makings.findLast((making) => making.kind === "pruned");
  return pruned?.kind === "pruned" ? pruned : {};
}

/** The settings of the newest training of that kind. */
function trainedIn(
  makings: readonly Making[],
  kind: "sparse" | "fine-tuned",
): TrainSettings | undefined {
  const made = makings.findLast((making) => making.kind === kind);
  return made !== undefined && "trained" in made ? made.trained.settings : undefined;
}

function writeStep(making: Making): Record<string, unknown> {
  if (making.kind === "loaded") return { kind: "loaded" };
  if (making.kind === "pruned") {
    return { kind: "pruned", manner: making.manner, plan: writePlan(making.plan) };
  }
  const { validation, ...trained } = making.trained;
  const { steps, ended } = trained;
  return {
    kind: making.kind,
    ...trained,
    ...(ended === "stopped" ? { stoppedAfter: steps } : {}),
    validation: validation === null ? null : { set: "validation", ...plain(validation) },
  };
}

/** The kept channels by group, as the command line's `prune` writes them. */
export function writePlan(plan: Plan): Record<string, unknown> {
  const { criterion, mode, requested, achieved, threshold, guarded } = plan;
  return {
    criterion,
    // Other images would have chosen other channels.
    images: looksAt(readCriterion(criterion)) ?? null,
    mode,
    requested,
    achieved,
    threshold,
    groups: listKept(plan),
    guarded,
    allocation: plan.allocation ?? null,
  };
}

function figures(
  session: Session,
  { measured, set }: Pick<ReportParts, "measured" | "set">,
  cut: ShownCut | null,
): Record<string, unknown> {
  const name = cutName(session.key, cut);
  const evaluation = largestOf(measured, name);
  return {
    ...session.cost,
    evaluation: evaluation === undefined ? null : { set, ...plain(evaluation) },
    millisecondsPerImage: measured.latencies.get(name) ?? null,
    timing: timing(measured.timedBeside.get(name)),
  };
}

/** How the time was found: its interval, and the ratio to the network that it took turns with. */
function timing(timed: Timed | undefined): Record<string, unknown> | null {
  if (timed === undefined) return null;
  const { own, ratio, ms } = timed;
  const beside =
    ratio === null
      ? null
      : { millisecondsPerImage: ms, ratio: ratio.median, interval: [ratio.low, ratio.high] };
  return { millisecondsPerImage: own.median, interval: [own.low, own.high], beside };
}

function plain(evaluation: Evaluation | MeasuredEvaluation): Record<string, unknown> {
  const { count, correct, accuracy, loss, interval } = evaluation;
  return { count, correct, accuracy, loss, interval };
}

function brief(images: { readonly name: string; readonly count: number } | null): unknown {
  return images === null ? null : { name: images.name, count: images.count };
}
