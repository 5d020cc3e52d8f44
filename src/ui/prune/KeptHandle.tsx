/**
 * @file The handle at the end of what the highlighted layer keeps: dragging it, or its keys, sets how many of
 * its channels stay, as typing does. There is one, which stands on the row that is pointed at; it moves
 * without rendering, and goes only to numbers that the layer can have.
 */
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { shownOf, useCommands, useWorkbench, type Layer } from "../../state/index.ts";
import {
  barTrack,
  nearestWidth,
  steppedWidth,
  wireTrack,
  type KeptTrack,
} from "../charts/kept-track.ts";
import { isFolded, rowOfLayer } from "../charts/row-layout.ts";
import { count, plural } from "../format.ts";
import { useEscape } from "../parts/use-escape.ts";
import { useFrame } from "../parts/use-frame.ts";
import { Refused } from "./Refused.tsx";
import { wholeOf, type SheetModel } from "./sheet-scene.ts";
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

/** A drag under way. */
interface Drag {
  readonly layer: Layer;
  readonly widths: readonly number[];
  readonly track: KeptTrack;
  /** From the pointer's x to the track's. */
  readonly shift: number;
}

export function KeptHandle({ model, widthsOf, onLeave, onAway }: KeptHandleProps) {
  const { slider, method } = useWorkbench();
  const { keepChannels, giveBack, hover } = useCommands();
  const box = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { layers, rows, columns, scale, former } = model;

  const isUncut = (): boolean => slider.getState().isUncut;
  const say = (layer: Layer, text: string | null): void =>
    setProblem(text === null ? null : { layer: layer.name, text });

  /** The layer that it stands on; null where there is none, or none that can be set. */
  const place = () => {
    const { hovered, preview } = shownOf(slider.getState());
    const layer = layers[hovered ?? -1];
    const row = rows.rows[rowOfLayer(rows, hovered)];
    if (hovered === null || layer === undefined || row === undefined) return null;
    if (layer.isLocked || isFolded(row)) return null;
    const { bar, wires } = columns;
    // Where there is no bar it is dragged along the wire, of which a grown row has several.
    if (bar === null && row.height > row.line) return null;
    const track = bar === null ? wireTrack(wires, scale) : barTrack(bar, wholeOf(layer, former));
    return {
      layer,
      row,
      track,
      widths: widthsOf(hovered),
      kept: preview?.kept[hovered] ?? layer.of,
    };
  };

  useFrame([slider, method], () => {
    const [frame, handle] = [box.current, element.current];
    if (frame === null || handle === null) return;
    const at = place();
    // While the uncut network is held there is nothing to drag; a focus that is here stays all the same.
    const isHidden = at === null || (isUncut() && !frame.contains(document.activeElement));
    if (frame.hidden !== isHidden) frame.hidden = isHidden;
    if (problem !== null && at?.layer.name !== problem.layer) setProblem(null);
    if (at === null) return;
    const { layer, row, track, widths, kept } = at;
    frame.style.transform = `translate(${track.xOf(kept)}px, ${row.top + row.line / 2}px)`;
    const { preview } = slider.getState();
    const index = layers.indexOf(layer);
    const own = isUncut() ? kept : (preview?.own[index] ?? kept);
    const isByHand = !isUncut() && preview?.byHand.includes(index) === true;
    const said = {
      "aria-disabled": String(isUncut()),
      "aria-label": `Channels of ${layer.name} to keep`,
      "aria-valuemin": String(widths[0] ?? 1),
      "aria-valuemax": String(layer.of),
      "aria-valuenow": String(kept),
      "aria-valuetext": `${count(kept)} of ${plural(layer.of, "channel")}${isByHand ? `, by hand; the method keeps ${count(own)}` : ""}`,
    };
    for (const [name, value] of Object.entries(said)) {
      if (handle.getAttribute(name) !== value) handle.setAttribute(name, value);
    }
  });

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
    say(layer, keepChannels(layer.name, nearestWidth(widths, track.keptAt(clientX + shift))));
  };
  const end = (): void => {
    drag.current = null;
  };
  const dismiss = (): void => {
    setProblem(null);
    element.current?.focus({ preventScroll: true });
  };
  useEscape(problem !== null, dismiss);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = place();
    if (at === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const { layer, widths, kept } = at;
    const next = steppedWidth(widths, kept, event.key);
    const isBack = event.key === "Backspace" || event.key === "Delete";
    if (event.key === "Escape") onLeave();
    else if (next === undefined && !isBack) return;
    else if (!isUncut())
      say(layer, isBack ? giveBack(layer.name) : keepChannels(layer.name, next ?? kept));
    event.preventDefault();
  };
  return (
    <div
      ref={box}
      className={styles.place}
      hidden
      onPointerLeave={(event) => {
        if (drag.current === null) onAway(event.relatedTarget);
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
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={end}
        onPointerCancel={end}
        onKeyDown={onKeyDown}
      >
        <span className={styles.knob} />
      </div>
      {/* Beside it: within, a press on what dismisses it would begin a drag. */}
      <Refused text={problem?.text ?? null} onDismiss={dismiss} />
    </div>
  );
}
