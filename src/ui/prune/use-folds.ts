/** @file Which stages of the sheet are folded. It is a way of looking, so it is no step to undo. */
import { useMemo, useState } from "react";
import type { Layer } from "../../state/index.ts";
import { foldedAtFirst, stagesOf, type Stage } from "../charts/row-layout.ts";

export interface Folds {
  readonly stages: readonly Stage[];
  readonly folded: ReadonlySet<number>;
  /** Folds a stage to one row, or unfolds it; one of a single layer stays as it is. */
  toggle(stage: number): void;
  /** True for a stage that there is something to fold of. */
  canFold(stage: number): boolean;
}

export function useFolds(layers: readonly Layer[]): Folds {
  const resolutions = useMemo(() => layers.map(({ resolution }) => resolution), [layers]);
  // Another network, or one whose rows are others now, opens as it would at first.
  const shape = resolutions.join(" ");
  const [chosen, choose] = useState<{ shape: string; folded: ReadonlySet<number> } | null>(null);
  const folded = useMemo(
    () => (chosen?.shape === shape ? chosen.folded : foldedAtFirst(resolutions)),
    [chosen, shape, resolutions],
  );
  const stages = useMemo(() => stagesOf(resolutions), [resolutions]);
  const canFold = (stage: number): boolean => {
    const { first, end } = stages[stage] ?? { first: 0, end: 0 };
    return end - first > 1;
  };
  return {
    stages,
    folded,
    canFold,
    toggle: (stage) => {
      if (!canFold(stage)) return;
      const next = new Set(folded);
      if (!next.delete(stage)) next.add(stage);
      choose({ shape, folded: next });
    },
  };
}
