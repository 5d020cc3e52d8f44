/**
 * @file Where the boxes of a graph stand and how its lines run: layered from top to bottom (Sugiyama et al.
 * 1981, by dagre). Pure, and slow for hundreds of boxes, so a worker does it.
 */
import { Graph, layout } from "@dagrejs/dagre";

/** One box, in pixels. */
export interface BoxSize {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface LayoutOrder {
  readonly boxes: readonly BoxSize[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface PlacedBox extends BoxSize {
  /** Of its upper left corner. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** From the edge of one box to that of the other. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface PlacedGraph {
  readonly boxes: readonly PlacedBox[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

const SPACING = { nodesep: 28, edgesep: 14, ranksep: 26, marginx: 12, marginy: 12 };

/** Lays a graph out; edges whose ends are no boxes are an error of the caller's. */
export function layoutGraph({ boxes, edges }: LayoutOrder): PlacedGraph {
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", ...SPACING });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    boxes: boxes.map((box) => {
      const { x = 0, y = 0 } = graph.node(box.id);
      return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
    }),
    edges: edges.map(({ from, to }) => ({ from, to, points: graph.edge(from, to).points ?? [] })),
    width,
    height,
  };
}
