/**
 * @file Which row and which channel is pointed at, by pointer or keyboard. A pointer marks the leaf that it
 * is on; Up and Down go from row to row, Left and Right along the wire from channel to channel. A folded
 * stage is a row of its own, of which no layer and no channel is pointed at.
 */
import { useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from "react";
import { createStore, useCommands, useWorkbench, type StoreApi } from "../../state/index.ts";
import { isFolded, rowAt, rowOfLayer } from "../charts/row-layout.ts";
import { besideRank, hitLeaf, leavesOf } from "../charts/trellis-geometry.ts";
import { hitZoomed } from "../charts/zoomed-row.ts";
import type { SheetModel } from "./sheet-scene.ts";

interface PointingParts {
  readonly model: SheetModel;
  /** Brings a row into sight. */
  readonly show: (row: number) => void;
}

export interface Pointing {
  /** The folded stage that is highlighted, if one is. */
  readonly stage: StoreApi<{ readonly at: number | null }>;
  /** The highlighted row; −1 for none. */
  row(): number;
  /** Highlights a row, and a channel of its layer. */
  point(row: number | null, rank?: number | null): void;
  /** Highlights a stage that is about to be folded. */
  pointAtStage(stage: number): void;
  /** Highlights a layer of a stage that is about to be unfolded. */
  pointAtLayer(layer: number): void;
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
  const { hover } = useCommands();
  const [stage] = useState(() => createStore<{ readonly at: number | null }>(() => ({ at: null })));
  const { layers, rows, columns, scale, zoom } = model;
  const eachOf = (layer: number): number => (zoom?.layer === layer ? 1 : scale.each);
  const row = (): number => {
    const { at } = stage.getState();
    if (at === null) return rowOfLayer(rows, slider.getState().hovered);
    return rows.rows.findIndex((one) => one.stage === at);
  };
  const point = (index: number | null, rank: number | null = null): void => {
    const place = rows.rows[index ?? -1];
    const folded = place !== undefined && isFolded(place);
    if (stage.getState().at !== (folded ? place.stage : null)) {
      stage.setState({ at: folded ? place.stage : null });
    }
    hover(place === undefined || folded ? null : place.first, rank);
  };
  /** The strongest channel of the leaf at a point. */
  const rankAt = (index: number, x: number, y: number): number | null => {
    const place = rows.rows[index];
    const layer = layers[place?.first ?? -1];
    const { wires } = columns;
    if (layer === undefined || place === undefined || isFolded(place)) return null;
    if (x < wires.x || x > wires.x + wires.width) return null;
    if (zoom !== null && zoom.layer === place.first) {
      const within = { x: x - wires.x - wires.width / 2, y: y - place.top };
      return hitZoomed(within, layer.of, zoom);
    }
    const { leaves } = leavesOf(layer.of, 0, scale.each);
    const at = {
      x: x - wires.x - wires.width / 2,
      y: y - Math.round(place.top + place.height / 2),
    };
    const leaf = hitLeaf(at, leaves, scale);
    return leaf === null ? null : leaf * scale.each;
  };
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
    stage,
    row,
    point,
    pointAtStage: (at) => {
      hover(null);
      stage.setState({ at });
    },
    pointAtLayer: (layer) => {
      stage.setState({ at: null });
      hover(layer);
    },
    onPointerMove: ({ currentTarget, clientX, clientY, pointerType }) => {
      const { left, top } = currentTarget.getBoundingClientRect();
      const index = rowAt(rows, clientY - top);
      const isFinger = pointerType === "touch";
      point(
        index,
        index === null || isFinger ? null : rankAt(index, clientX - left, clientY - top),
      );
    },
    rankUnder: ({ currentTarget, clientX, clientY }) => {
      const { left, top } = currentTarget.getBoundingClientRect();
      const index = rowAt(rows, clientY - top);
      const place = rows.rows[index ?? -1];
      if (index === null || place === undefined) return null;
      // As if on the wire: a fingertip covers leaves on either side of it.
      const y = clientY - top - place.top;
      const line = Math.max(0, Math.floor(Math.min(y, place.height - 1) / place.line));
      return rankAt(index, clientX - left, place.top + (line + 0.5) * place.line);
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
