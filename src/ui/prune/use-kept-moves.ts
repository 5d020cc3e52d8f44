/**
 * @file How the handle of a layer's kept channels is moved, by a drag or by its keys. A drag is about the layer
 * on which it began, whatever is pointed at on the way; both go only to numbers that the layer can have.
 */
import { useRef, type KeyboardEvent, type PointerEvent } from "react";
import { useWorkbench, type Layer } from "../../state/index.ts";
import { nearestWidth, steppedWidth } from "../charts/kept-track.ts";
import type { KeptPlace } from "./kept-place.ts";

/** A drag under way. */
interface Drag extends Pick<KeptPlace, "layer" | "widths" | "track"> {
  /** From the pointer's x to the track's. */
  readonly shift: number;
}

interface KeptMovesParts {
  /** Gets the focus as a drag begins. */
  readonly element: { readonly current: HTMLElement | null };
  /** Where it stands now; null where it stands on no layer. */
  readonly place: () => KeptPlace | null;
  /** To so many channels; null gives the layer back to the method. */
  readonly onMove: (layer: Layer, kept: number | null) => void;
  /** Goes back to the rows. */
  readonly onLeave: () => void;
}

export function useKeptMoves({ element, place, onMove, onLeave }: KeptMovesParts) {
  const { slider } = useWorkbench();
  const drag = useRef<Drag | null>(null);
  const isUncut = (): boolean => slider.getState().isUncut;
  const end = (): void => {
    drag.current = null;
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    const at = place();
    if (at === null || isUncut() || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { layer, widths, track, kept } = at;
    drag.current = { layer, widths, track, shift: track.xOf(kept) - event.clientX };
    element.current?.focus({ preventScroll: true });
    // No text is selected on the way.
    event.preventDefault();
  };
  const onPointerMove = ({ clientX }: PointerEvent): void => {
    if (drag.current === null) return;
    const { layer, widths, track, shift } = drag.current;
    onMove(layer, nearestWidth(widths, track.keptAt(clientX + shift)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = place();
    if (at === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const { layer, widths, kept } = at;
    const next = steppedWidth(widths, kept, event.key);
    const isBack = event.key === "Backspace" || event.key === "Delete";
    if (event.key === "Escape") onLeave();
    else if (next === undefined && !isBack) return;
    else if (!isUncut()) onMove(layer, isBack ? null : (next ?? kept));
    event.preventDefault();
  };
  return {
    isDragged: (): boolean => drag.current !== null,
    listeners: { onPointerDown, onPointerMove, onPointerUp: end, onPointerCancel: end, onKeyDown },
  };
}
