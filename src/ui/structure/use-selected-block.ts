/**
 * @file Which block of the drawing is selected. One that is walked to, or found, is brought into sight; a scale
 * that changes moves nothing by itself.
 */
import { useEffect, useState } from "react";
import type { PlacedBox, PlacedGraph } from "./layout.ts";

interface SelectedBlockParts {
  readonly placed: PlacedGraph;
  readonly byId: ReadonlyMap<string, PlacedBox>;
  readonly box: { readonly current: HTMLElement | null };
  readonly svg: { readonly current: SVGSVGElement | null };
}

/** @returns its id, null for none, and selects another one */
export function useSelectedBlock({ placed, byId, box, svg }: SelectedBlockParts) {
  const [selected, select] = useState<string | null>(null);
  useEffect(() => {
    const at = selected === null ? undefined : byId.get(selected);
    if (at === undefined || box.current === null) return;
    bringIntoSight(box.current, at, svg.current?.clientWidth ?? 0, placed.width);
  }, [selected, byId, placed, box, svg]);
  return [selected, select] as const;
}

function bringIntoSight(
  box: HTMLElement,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  drawn: number,
  whole: number,
): void {
  const [margin, scale] = [24, drawn / whole];
  const [top, bottom] = [y * scale - margin, (y + height) * scale + margin];
  const [left, right] = [x * scale - margin, (x + width) * scale + margin];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  if (left < box.scrollLeft) box.scrollLeft = left;
  else if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
}
