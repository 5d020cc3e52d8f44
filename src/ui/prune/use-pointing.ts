/**
 * @file Which layer and which channel is pointed at, by pointer or keyboard. A pointer marks the leaf that
 * it is on; Up and Down go from layer to layer, Left and Right along the wire from channel to channel.
 */
import type { KeyboardEvent, PointerEvent } from "react";
import { useCommands, useWorkbench, type Layer } from "../../state/index.ts";
import { rowAt, type Columns, type RowLayout } from "../charts/row-layout.ts";
import { besideRank, hitLeaf, leavesOf, type TrellisScale } from "../charts/trellis-geometry.ts";

interface PointingParts {
  readonly layers: readonly Layer[];
  readonly rows: RowLayout;
  readonly columns: Columns;
  readonly scale: TrellisScale;
  /** Brings a row into sight. */
  readonly show: (row: number) => void;
}

export interface Pointing {
  onPointerMove(event: PointerEvent<HTMLElement>): void;
  /** @returns true when the key was one of these */
  onKeyDown(event: KeyboardEvent): boolean;
}

const DOWN: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowUp: -1 };
const RIGHT: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowLeft: -1 };

export function usePointing({ layers, rows, columns, scale, show }: PointingParts): Pointing {
  const { slider } = useWorkbench();
  const { hover } = useCommands();
  /** The strongest channel of the leaf at a point. */
  const rankAt = (index: number, x: number, y: number): number | null => {
    const [layer, row] = [layers[index], rows.rows[index]];
    const { wires } = columns;
    if (layer === undefined || row === undefined) return null;
    if (x < wires.x || x > wires.x + wires.width) return null;
    const { leaves } = leavesOf(layer.of, 0, scale.each);
    const at = { x: x - wires.x - wires.width / 2, y: y - Math.round(row.top + row.height / 2) };
    const leaf = hitLeaf(at, leaves, scale);
    return leaf === null ? null : leaf * scale.each;
  };
  const step = (by: 1 | -1): void => {
    const { hovered, pointed } = slider.getState();
    const next = Math.min(
      layers.length - 1,
      Math.max(0, (hovered ?? (by > 0 ? -1 : layers.length)) + by),
    );
    const most = (layers[next]?.of ?? 1) - 1;
    hover(next, pointed === null ? null : Math.min(pointed, most));
    show(next);
  };
  const stepAlong = (by: 1 | -1): void => {
    const { hovered, pointed } = slider.getState();
    const index = hovered ?? 0;
    const of = layers[index]?.of ?? 0;
    // The first press marks the channel beside the trunk on that side.
    const first = by < 0 && scale.each < of ? scale.each : 0;
    hover(index, pointed === null ? first : besideRank(pointed, by, { of, each: scale.each }));
    show(index);
  };
  return {
    onPointerMove: ({ currentTarget, clientX, clientY, pointerType }) => {
      const { left, top } = currentTarget.getBoundingClientRect();
      const index = rowAt(rows, clientY - top);
      const isFinger = pointerType === "touch";
      hover(
        index,
        index === null || isFinger ? null : rankAt(index, clientX - left, clientY - top),
      );
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
