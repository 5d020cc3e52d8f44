/** @file All sensitivity curves in one large chart, as soon as there are any; its code is loaded only then. */
import { lazy, Suspense } from "react";
import { useSensitivity } from "../../state/index.ts";
import { Boundary } from "../parts/Boundary.tsx";
import { Folded } from "../parts/Folded.tsx";

const SensitivityChart = lazy(() => import("../charts/SensitivityChart.tsx"));

export function SensitivityPanel({ isAlwaysOpen = false }: { readonly isAlwaysOpen?: boolean }) {
  const hasCurves = useSensitivity((state) => state.curves.size > 0);
  if (!hasCurves) return isAlwaysOpen ? <Nothing /> : null;
  const chart = (
    <Boundary what="The sensitivity chart">
      <Suspense fallback={null}>
        <SensitivityChart />
      </Suspense>
    </Boundary>
  );
  if (isAlwaysOpen) return chart;
  return (
    <Folded title="All sensitivity curves" isOpenAtFirst>
      {chart}
    </Folded>
  );
}

/** What the curves will show. */
function Nothing() {
  return (
    <p className="quiet">
      Each layer cut alone, at one ratio after the other, on the same images: how much accuracy the
      network loses by it.
    </p>
  );
}
