/**
 * @file The button that grows the highlighted row to a leaf per channel, and back. There is one, which stands at the
 * left end of the wire that is pointed at; it moves without rendering.
 */
import { ZoomIn, ZoomOut } from "lucide-react";
import { useRef } from "react";
import { useSlider, useWorkbench } from "../../state/index.ts";
import { isFolded, rowOfLayer } from "../charts/row-layout.ts";
import { described } from "../parts/named.ts";
import { useFrame } from "../parts/use-frame.ts";
import type { SheetModel } from "./sheet-scene.ts";
import type { Zoom } from "./use-zoom.ts";
import styles from "./LayerSheet.module.css";

interface ZoomButtonProps {
  readonly model: SheetModel;
  readonly zoom: Zoom;
  /** Goes back to the rows. */
  readonly onLeave: () => void;
  /** The pointer has left it, for what it is told. */
  readonly onAway: (to: EventTarget | null) => void;
}

export function ZoomButton({ model, zoom, onLeave, onAway }: ZoomButtonProps) {
  const { slider } = useWorkbench();
  const button = useRef<HTMLButtonElement>(null);
  const { layers, rows, columns } = model;
  useFrame([slider], () => {
    const element = button.current;
    if (element === null) return;
    const { hovered } = slider.getState();
    const layer = layers[hovered ?? -1];
    const row = rows.rows[rowOfLayer(rows, hovered)];
    const isShown = layer !== undefined && row !== undefined && !isFolded(row);
    if (element.hidden === isShown) element.hidden = !isShown;
    if (!isShown) return;
    const isGrown = hovered === zoom.layer;
    const says = isGrown
      ? `Back to one line for ${layer.name} (Z)`
      : `A leaf per channel of ${layer.name} (Z)`;
    if (element.title !== says) {
      element.title = says;
      element.setAttribute("aria-label", says);
      element.setAttribute("aria-pressed", String(isGrown));
    }
    element.style.transform = `translate(${columns.wires.x - 18}px, ${row.top}px)`;
    element.style.height = `${row.line}px`;
  });
  // What a press on the row that is pointed at would do.
  const isGrown = useSlider(({ hovered }) => hovered !== null && hovered === zoom.layer);
  const Icon = isGrown ? ZoomOut : ZoomIn;
  return (
    <button
      ref={button}
      type="button"
      className={styles.zoom}
      tabIndex={-1}
      aria-label="A leaf per channel"
      {...described("")}
      hidden
      onPointerLeave={(event) => onAway(event.relatedTarget)}
      onClick={() => {
        const { hovered } = slider.getState();
        if (hovered !== null) zoom.toggle(hovered);
        onLeave();
      }}
    >
      <Icon size={14} aria-hidden="true" />
    </button>
  );
}
