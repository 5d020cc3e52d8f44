/**
 * @file The handle at the end of what the highlighted layer keeps: dragging it, or its keys, sets how many of
 * its channels stay, as typing does. There is one, which stands on the row that is pointed at; it moves
 * without rendering, and goes only to numbers that the layer can have.
 */
import { useRef, useState } from "react";
import { shownOf, useCommands, useWorkbench, type Layer } from "../../state/index.ts";
import { useEscape } from "../parts/use-escape.ts";
import { useFrame } from "../parts/use-frame.ts";
import { keptPlace, keptSaid, type KeptPlace } from "./kept-place.ts";
import { Refused } from "./Refused.tsx";
import type { SheetModel } from "./sheet-scene.ts";
import { useKeptMoves } from "./use-kept-moves.ts";
import styles from "./KeptHandle.module.css";

interface KeptHandleProps {
  readonly model: SheetModel;
  /** Of a layer by its index. */
  readonly widthsOf: (layer: number) => readonly number[];
  /** Goes back to the rows. */
  readonly onLeave: () => void;
  /** The pointer or the focus has left it, for what it says. */
  readonly onAway: (to: EventTarget | null) => void;
}

/** Why a layer was not set. */
interface Problem {
  readonly layer: string;
  readonly text: string;
}

export function KeptHandle({ model, widthsOf, onLeave, onAway }: KeptHandleProps) {
  const { slider } = useWorkbench();
  const { keepChannels, giveBack, hover } = useCommands();
  const box = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const place = () => keptPlace(model, widthsOf, shownOf(slider.getState()));
  useOnItsRow({ box, element, place }, (at) => {
    if (problem !== null && at?.layer.name !== problem.layer) setProblem(null);
  });
  const onMove = ({ name }: Layer, kept: number | null): void => {
    const text = kept === null ? giveBack(name) : keepChannels(name, kept);
    setProblem(text === null ? null : { layer: name, text });
  };
  const { isDragged, listeners } = useKeptMoves({ element, place, onMove, onLeave });
  const dismiss = (): void => {
    setProblem(null);
    element.current?.focus({ preventScroll: true });
  };
  useEscape(problem !== null, dismiss);
  return (
    <div
      ref={box}
      className={styles.place}
      hidden
      onPointerLeave={(event) => {
        if (!isDragged()) onAway(event.relatedTarget);
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (currentTarget.contains(relatedTarget)) return;
        setProblem(null);
        onAway(relatedTarget);
      }}
    >
      <div
        ref={element}
        className={styles.handle}
        role="slider"
        data-held
        tabIndex={0}
        aria-label="Channels to keep"
        aria-valuenow={0}
        aria-orientation="horizontal"
        // No channel is pointed at from here.
        onPointerEnter={() => hover(slider.getState().hovered)}
        {...listeners}
      >
        <span className={styles.knob} />
      </div>
      {/* Beside it: within, a press on what dismisses it would begin a drag. */}
      <Refused text={problem?.text ?? null} onDismiss={dismiss} />
    </div>
  );
}

interface OnItsRowParts {
  readonly box: { readonly current: HTMLElement | null };
  readonly element: { readonly current: HTMLElement | null };
  readonly place: () => KeptPlace | null;
}

/** Keeps the handle on the row that is pointed at, with what it says, and tells where that is. */
function useOnItsRow(
  { box, element, place }: OnItsRowParts,
  onPlace: (at: KeptPlace | null) => void,
): void {
  const { slider, method } = useWorkbench();
  useFrame([slider, method], () => {
    const [frame, handle] = [box.current, element.current];
    if (frame === null || handle === null) return;
    const at = place();
    const state = slider.getState();
    // While the uncut network is held there is nothing to drag; a focus that is here stays all the same.
    const isHidden = at === null || (state.isUncut && !frame.contains(document.activeElement));
    if (frame.hidden !== isHidden) frame.hidden = isHidden;
    onPlace(at);
    if (at === null) return;
    const { row, track, kept } = at;
    frame.style.transform = `translate(${track.xOf(kept)}px, ${row.top + row.line / 2}px)`;
    for (const [name, value] of Object.entries(keptSaid(at, state))) {
      if (handle.getAttribute(name) !== value) handle.setAttribute(name, value);
    }
  });
}
