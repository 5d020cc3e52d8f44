/**
 * @file The runs' own networks, on the page or not, so that all can be held against each other: in what order
 * they are measured, and what each still lacks. All come to one number of images before any goes on to the
 * next, since only equal numbers compare. When there is time for it is for `measuring.ts` to say.
 */
import type { Position } from "./measured.ts";
import type { Target } from "./measuring.ts";
import type { PageState } from "./page.ts";

/** The network of a run, uncut. */
export interface WholeRun {
  readonly position: Position;
  readonly cut: null;
}

/** Every run: what is pinned first, then the newest. Equal networks count once. */
export function wholeRuns({ runs }: Pick<PageState, "runs">): readonly WholeRun[] {
  const rank = (isPinned: boolean | undefined): number => (isPinned === true ? 0 : 1);
  const ordered = runs.toSorted((a, b) => rank(a.isPinned) - rank(b.isPinned) || b.id - a.id);
  return [...new Set(ordered.map(({ session }) => session.key))].map((key) => ({
    position: { key, method: "", ratio: 0 },
    cut: null,
  }));
}

export interface CatchUpParts<Job> {
  /** Numbers of images, ascending; none where there are no images. */
  readonly levels: readonly number[];
  /** What a run lacks of so many images, its baseline's included; null where it has them. */
  readonly lacking: (run: WholeRun, level: number) => Job | null;
  /** Null where it was timed, or cannot be. */
  readonly untimed: (run: WholeRun & Pick<Target, "baseline">) => Job | null;
}

/** The next thing that the runs lack: two looks at each, their latencies, then all images. */
export function catchUp<Job>(
  { runs, baseline }: Pick<Target, "runs" | "baseline">,
  { levels, lacking, untimed }: CatchUpParts<Job>,
): Job | null {
  const looks = levels.map((level) => (run: WholeRun) => lacking(run, level));
  const time = (run: WholeRun): Job | null => untimed({ ...run, baseline });
  const all = runs();
  for (const way of [...looks.slice(0, 2), time, ...looks.slice(2)]) {
    for (const run of all) {
      const job = way(run);
      if (job !== null) return job;
    }
  }
  return null;
}
