/** @file Which layer's row is grown to a leaf per channel. It is a way of looking, so it is no step to undo. */
import { useState } from "react";
import type { Layer } from "../../state/index.ts";

export interface Zoom {
  /** The grown layer's index; null for none. */
  readonly layer: number | null;
  grow(layer: number): void;
  /** @returns false where nothing was grown */
  shrink(): boolean;
  toggle(layer: number): void;
}

export function useZoom(layers: readonly Layer[]): Zoom {
  // By name: locks and other methods bring other layers.
  const [name, setName] = useState<string | null>(null);
  const index = layers.findIndex((layer) => layer.name === name);
  const grow = (layer: number): void => setName(layers[layer]?.name ?? null);
  return {
    layer: index < 0 ? null : index,
    grow,
    shrink: () => {
      setName(null);
      return index >= 0;
    },
    toggle: (layer) => {
      if (layer === index) setName(null);
      else grow(layer);
    },
  };
}
