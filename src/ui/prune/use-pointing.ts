/**
 * @file Which row and which channel is pointed at, by pointer or keyboard. A pointer marks the leaf that it
 * is on; Up and Down go from row to row, Left and Right along the wire from channel to channel. A folded
 * stage is a row of its own, of which no layer and no channel is pointed at.
 */
import type { KeyboardEvent, MouseEvent, PointerEvent } from "react";
import { useWorkbench } from "../../state/index.ts";
import { rowAt } from "../charts/row-layout.ts";
import { besideRank } from "../charts/trellis-geometry.ts";
import { rankAt, rankNear } from "./rank-at.ts";
import type { SheetModel } from "./sheet-scene.ts";
import { useHighlight, type Highlight } from "./use-highlight.ts";

interface PointingParts {
  readonly model: SheetModel;
  /** Brings a row into sight. */
  readonly show: (row: number) => void;
}

export interface Pointing extends Highlight {
  onPointerMove(event: PointerEvent<HTMLElement>): void;
  /** The rank of the channel nearest to a finger along its wire; null where the wire has none there. */
  rankUnder(event: MouseEvent<HTMLElement>): number | null;
  /** @returns true when the key was one of these */
  onKeyDown(event: KeyboardEvent): boolean;
}

const DOWN: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowUp: -1 };
const RIGHT: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowLeft: -1 };

export function usePointing({ model, show }: PointingParts): Pointing {
  const { slider } = useWorkbench();
  const { layers, rows, scale, zoom } = model;
  const highlight = useHighlight(rows);
  const { row, point } = highlight;
  const eachOf = (layer: number): number => (zoom?.layer === layer ? 1 : scale.each);
  const step = (by: 1 | -1): void => {
    const [at, last] = [row(), rows.rows.length - 1];
    const from = at < 0 ? (by > 0 ? -1 : last + 1) : at;
    const next = Math.min(last, Math.max(0, from + by));
    const { pointed } = slider.getState();
    const most = (layers[rows.rows[next]?.first ?? 0]?.of ?? 1) - 1;
    point(next, pointed === null ? null : Math.min(pointed, most));
    show(next);
  };
  const stepAlong = (by: 1 | -1): void => {
    const { pointed } = slider.getState();
    const at = Math.max(0, row());
    const layer = rows.rows[at]?.first ?? 0;
    const [of, each] = [layers[layer]?.of ?? 0, eachOf(layer)];
    // The first press marks the channel beside the trunk on that side.
    const first = by < 0 && each < of ? each : 0;
    point(at, pointed === null ? first : besideRank(pointed, by, { of, each }));
    show(at);
  };
  return {
    ...highlight,
    onPointerMove: ({ currentTarget, clientX, clientY, pointerType }) => {
      const { left, top } = currentTarget.getBoundingClientRect();
      const index = rowAt(rows, clientY - top);
      const isFinger = pointerType === "touch";
      point(
        index,
        index === null || isFinger ? null : rankAt(model, index, clientX - left, clientY - top),
      );
    },
    rankUnder: ({ currentTarget, clientX, clientY }) => {
      const { left, top } = currentTarget.getBoundingClientRect();
      return rankNear(model, clientX - left, clientY - top);
    },
    onKeyDown: (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      const [down, right] = [DOWN[event.key], RIGHT[event.key]];
      if (down !== undefined) step(down);
      else if (right !== undefined) stepAlong(right);
      else return false;
      event.preventDefault();
      return true;
    },
  };
}
