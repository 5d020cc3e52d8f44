/** @file The network as a graph, against what it was made from: compared here, laid out beside the page, then drawn. */
import { useMemo } from "react";
import { compareBlocks, type Session } from "../../state/index.ts";
import { BOX_WIDTH, boxHeight, type Whole } from "./BlockBox.tsx";
import { GraphDrawing } from "./GraphDrawing.tsx";
import type { LayoutOrder } from "./layout.ts";
import { useLayout } from "./use-layout.ts";
import styles from "./GraphView.module.css";

interface GraphViewProps {
  readonly session: Session;
  /** What it was made from; null when there is nothing to compare. */
  readonly former: Session | null;
}

export default function GraphView({ session, former }: GraphViewProps) {
  const graph = useMemo(
    () => compareBlocks(session.network, former?.network ?? null),
    [session, former],
  );
  const whole = useMemo<Whole>(() => {
    const macs = graph.blocks.map(({ now }) => now?.macs ?? 0);
    return { macs: macs.reduce((sum, n) => sum + n, 0), most: Math.max(1, ...macs) };
  }, [graph]);
  const order = useMemo<LayoutOrder>(
    () => ({
      boxes: graph.blocks.map((pair) => ({
        id: pair.id,
        width: BOX_WIDTH,
        height: boxHeight(pair, whole),
      })),
      edges: graph.edges,
    }),
    [graph, whole],
  );
  const placed = useLayout(order);
  if (placed === undefined) return <p className={styles.waiting}>Placing the blocks …</p>;
  if (placed === null) {
    return (
      <p className={styles.waiting} role="alert">
        The graph could not be laid out here; the list has the same layers.
      </p>
    );
  }
  return <GraphDrawing key={session.key} {...{ graph, placed, whole }} name={session.name} />;
}
