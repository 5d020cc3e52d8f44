/** @file The keys on the drawing: arrows follow the data, plus, minus and 0 scale it, Escape selects nothing. */
import type { KeyboardEvent } from "react";
import type { PlacedGraph } from "./layout.ts";
import type { Zoom } from "./use-zoom.ts";
import { neighbour, type Way } from "./walk.ts";

const WAYS: Readonly<Record<string, Way>> = {
  ArrowDown: "down",
  ArrowUp: "up",
  ArrowLeft: "left",
  ArrowRight: "right",
};

interface DrawingKeysParts {
  readonly placed: PlacedGraph;
  readonly selected: string | null;
  readonly select: (id: string | null) => void;
  readonly zooming: Zoom;
}

export function actOnKey(event: KeyboardEvent, parts: DrawingKeysParts): void {
  const { placed, selected, select, zooming } = parts;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const way = WAYS[event.key];
  if (way !== undefined) select(neighbour(placed, selected, way));
  else if (event.key === "+" || event.key === "=") zooming.zoom(1.25);
  else if (event.key === "-" || event.key === "\u2212") zooming.zoom(0.8);
  else if (event.key === "0") zooming.showWhole();
  else {
    if (event.key === "Escape") select(null);
    return;
  }
  event.preventDefault();
}
