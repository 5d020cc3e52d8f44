/** @file Actions on the cut: where the ratio goes, what is seen of it, and carrying it out. They show the Prune step. */
import { safeMarks } from "../../state/index.ts";
import { reasons, type Action, type Reach } from "./action.ts";

export function cutActions(reach: Reach): readonly Action[] {
  const { bench } = reach;
  const { commands } = bench;
  const { prunable, cut, images } = reasons(reach);
  const gap = safeMarks(bench.method.getState())?.gap ?? null;
  const hasDots = bench.measured.getState().evaluations.size > 1;
  const dots = prunable ?? (hasDots ? null : "nothing was measured yet");
  const { status, isComplete } = bench.sensitivity.getState();
  const isMask = bench.method.getState().method.manner.kind === "mask";
  const of = (id: string, title: string, why: string | null, run: () => void): Action => ({
    id,
    title,
    why,
    run: () => {
      if (bench.page.getState().step !== "prune") commands.goTo("prune");
      run();
    },
    group: "Cut",
    at: "prune",
  });
  const compute = isComplete
    ? "all curves are there"
    : status === "running"
      ? "they are being measured"
      : null;
  return [
    of(
      "apply",
      `${isMask ? "Mask" : "Apply"} and fine-tune`,
      prunable,
      () => void commands.apply(),
    ),
    of(
      "gap",
      "Ratio: free, at the gap",
      prunable ?? (gap === null ? "the scores have no gap" : null),
      () => commands.goToGap(),
    ),
    of("half-macs", "Ratio: half MACs", prunable, () => commands.goToHalfMacs()),
    of("safe", "Ratio: largest that costs at most 0.5\u202fpt", dots, () => commands.goToSafe()),
    of("most", "Ratio: largest that keeps 90\u202f% of the accuracy", dots, () =>
      commands.goToMost(),
    ),
    of("dot-previous", "Ratio: previous measured point", dots, () => commands.goToDot("previous")),
    of("dot-next", "Ratio: next measured point", dots, () => commands.goToDot("next")),
    {
      ...of("uncut", "See the network before the cut, while held", cut, () =>
        commands.showUncut(true),
      ),
      release: () => commands.showUncut(false),
    },
    of(
      "sensitivity",
      "Compute sensitivity curves",
      prunable ?? images ?? compute,
      () => void commands.computeSensitivity(),
    ),
    ...(["before", "both", "after"] as const).map((view) =>
      of(
        `images-${view}`,
        `Test images: predictions ${view === "both" ? "before and after" : view}`,
        images,
        () => commands.compareImages(view),
      ),
    ),
  ];
}
