/** @file The layers at which a guard held, with the figures that say why. */
import { useMethod, useSlider, type MethodState, type SliderState } from "../../state/index.ts";
import type { HeldLayer } from "../parts/meanings.ts";

type Shown = Pick<SliderState, "preview">;
type Asked = Pick<MethodState, "pruning" | "method">;

/** All of them, in the order of the layers; none where nothing is cut. */
export function heldLayers({ preview }: Shown, { pruning, method }: Asked): readonly HeldLayer[] {
  const least = method.options.minimumShare ?? 0;
  return (preview?.guarded ?? []).flatMap((index) => {
    const layer = pruning?.layers[index];
    if (preview === null || layer === undefined) return [];
    const { name, of, scores } = layer;
    const kept = preview.kept[index] ?? of;
    return [{ name, kept, of, largest: scores[0] ?? 0, threshold: preview.threshold, least }];
  });
}

/** One of them by its layer's name; nothing where no guard held it. */
export function useHeld(name: string): HeldLayer | undefined {
  const preview = useSlider((state) => state.preview);
  const pruning = useMethod((state) => state.pruning);
  const method = useMethod((state) => state.method);
  return heldLayers({ preview }, { pruning, method }).find((held) => held.name === name);
}
