/**
 * @file Curves while they are measured: points are put down as they come, and written to the file at the
 * seams of the work, so that whatever ends it leaves what there was.
 */
import type { Evaluation, SensitivityPoint } from "../analyze/index.ts";
import { known } from "../core/index.ts";
import type { GroupId } from "../prune/index.ts";
import { measuredRatios, writeMeasured, type MeasuredCurves } from "./curves.ts";
import type { Identity } from "./same-run.ts";

interface SheetOptions {
  /** Where it is written, if anywhere. */
  readonly path: string | undefined;
  readonly of: Identity;
  readonly ratios: readonly number[];
  /** In forward order; the name of a group is its id. */
  readonly groups: readonly GroupId[];
  /** What there is already of the same curves. */
  readonly old: MeasuredCurves | undefined;
}

interface Curve {
  readonly accuracy: number[];
  readonly interval: Evaluation["interval"][];
}

export class CurveSheet {
  readonly #options: SheetOptions;
  readonly #curves: ReadonlyMap<GroupId, Curve>;
  #base: Evaluation | undefined;
  #isSaved = true;

  constructor(options: SheetOptions) {
    const { groups, old } = options;
    this.#options = options;
    this.#curves = new Map(
      groups.map((id) => {
        const before = old?.groups.find(({ name }) => name === id);
        return [
          id,
          { accuracy: [...(before?.accuracy ?? [])], interval: [...(before?.interval ?? [])] },
        ];
      }),
    );
  }

  /** The ratios of each group that need not be measured again. */
  measured(): ReadonlyMap<GroupId, readonly number[]> {
    return measuredRatios({ ratios: this.#options.ratios, groups: this.#groups() });
  }

  /** Takes the untouched network's evaluation. */
  begin(base: Evaluation): void {
    this.#base = base;
    this.#isSaved = false;
  }

  /** Takes the next point of its group. */
  add({ group, evaluation }: SensitivityPoint): void {
    const { accuracy, interval } = known(this.#curves.get(group), group);
    accuracy.push(evaluation.accuracy);
    interval.push(evaluation.interval);
    this.#isSaved = false;
  }

  /**
   * Writes what is not written yet.
   * @throws cli/bad-argument when the disk refuses
   */
  async save(): Promise<void> {
    const { path } = this.#options;
    if (path === undefined || this.#isSaved) return;
    this.#isSaved = true;
    await writeMeasured(path, this.answer());
  }

  /** All that there is, once {@link begin} has been called. */
  answer(): MeasuredCurves {
    const { ratios, of } = this.#options;
    const { accuracy: base, interval: baseInterval, count } = known(this.#base, "base");
    return { base, baseInterval, count, ratios, groups: this.#groups(), of };
  }

  #groups(): MeasuredCurves["groups"] {
    return [...this.#curves].map(([name, curve]) => ({ name, ...curve }));
  }
}
