/** @file The graph's lines, arrows at their ends; what is not there any more in clay, and dashed. */
import { memo } from "react";
import type { BlockGraph } from "../../state/index.ts";
import type { PlacedEdge, PlacedGraph } from "./layout.ts";

interface LinesProps {
  readonly graph: BlockGraph;
  readonly placed: PlacedGraph;
  /** The part of the drawing that is in sight. */
  readonly from: number;
  readonly to: number;
}

export const Lines = memo(function Lines({ graph, placed, from, to }: LinesProps) {
  return (
    <>
      <defs>
        <pattern id="gone" width="4" height="4" patternUnits="userSpaceOnUse">
          <rect width="4" height="4" fill="var(--clay-soft)" />
          <path d="M-1 1L1 -1M0 4L4 0M3 5L5 3" stroke="var(--clay)" strokeWidth="1" />
        </pattern>
        {(["there", "gone"] as const).map((which) => (
          <marker
            key={which}
            id={`arrow-${which}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8z" fill={which === "there" ? "var(--half)" : "var(--clay)"} />
          </marker>
        ))}
      </defs>
      {placed.edges.map((edge, i) => {
        if (isOutside(edge, from, to)) return null;
        const isThere = graph.edges[i]?.isThere !== false;
        return (
          <path
            key={`${edge.from} ${edge.to}`}
            d={curve(edge)}
            fill="none"
            stroke={isThere ? "var(--half)" : "var(--clay)"}
            strokeWidth="1.25"
            strokeDasharray={isThere ? undefined : "4 3"}
            markerEnd={`url(#arrow-${isThere ? "there" : "gone"})`}
          />
        );
      })}
    </>
  );
});

function isOutside({ points }: PlacedEdge, from: number, to: number): boolean {
  return points.every(({ y }) => y < from) || points.every(({ y }) => y > to);
}

/** Through the middles between the points, so that bends are round. */
function curve({ points }: PlacedEdge): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const parts = [`M${first.x} ${first.y}`];
  rest.forEach((point, i) => {
    const next = rest[i + 1];
    if (next === undefined) parts.push(`L${point.x} ${point.y}`);
    else {
      const [x, y] = [(point.x + next.x) / 2, (point.y + next.y) / 2];
      parts.push(`Q${point.x} ${point.y} ${x} ${y}`);
    }
  });
  return parts.join("");
}
