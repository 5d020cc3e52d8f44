/** @file The network's structure, as a list in which amounts can be compared, or as a graph. */
import { lazy, Suspense } from "react";
import { baselineOf, usePage, type Session } from "../../state/index.ts";
import { Boundary } from "../parts/Boundary.tsx";
import { Segments } from "../parts/Segments.tsx";
import { LayerList } from "./LayerList.tsx";
import { showStructure, useStructureView } from "./structure-view.ts";
import styles from "./Structure.module.css";

const GraphView = lazy(() => import("./GraphView.tsx"));

const VIEWS = [
  { value: "list", label: "List" },
  { value: "graph", label: "Graph" },
] as const;

export function Structure({ session }: { readonly session: Session }) {
  const view = useStructureView();
  const baseline = usePage((state) => baselineOf(state)?.session ?? null);
  const former = baseline === session ? null : baseline;
  return (
    <>
      <div className={styles.views}>
        <Segments label="Structure as" choices={VIEWS} value={view} onChoose={showStructure} />
      </div>
      {view === "list" ? (
        <LayerList session={session} former={former} />
      ) : (
        <Boundary what="The graph">
          <Suspense fallback={null}>
            <GraphView session={session} former={former} />
          </Suspense>
        </Boundary>
      )}
    </>
  );
}
