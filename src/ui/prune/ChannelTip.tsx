/**
 * @file The line about the channel that is pointed at: above the trellis for the eye, or below its leaf where
 * the caption has scrolled away, and for a screen reader in a polite region once the keyboard rests on it. A
 * pointer's moves are not read out.
 */
import { useRef } from "react";
import {
  channelFacts,
  useWorkbench,
  type ChannelFacts,
  type Pruning,
  type StoreApi,
} from "../../state/index.ts";
import { rowOfLayer } from "../charts/row-layout.ts";
import { placeLeaf } from "../charts/trellis-geometry.ts";
import { placeZoomed } from "../charts/zoomed-row.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useRest } from "../parts/use-rest.ts";
import { channelLine, channelSpoken } from "./channel-words.ts";
import type { SheetModel } from "./sheet-scene.ts";
import type { Sight } from "./use-sight.ts";
import styles from "./ChannelTip.module.css";

/** The rows are so far below the window's top that the caption above them shows, CSS pixels. */
const ABOVE_IN_SIGHT = 168;

interface ChannelTipProps {
  readonly pruning: Pruning;
  readonly model: SheetModel;
  readonly sight: StoreApi<Sight | null>;
  /** Of the sheet, CSS pixels. */
  readonly width: number;
  /** True where the keyboard, and not the pointer, has moved last. */
  readonly isByKey: { readonly current: boolean };
}

export function ChannelTip({ pruning, model, sight, width, isByKey }: ChannelTipProps) {
  const { rows, columns, scale, zoom } = model;
  const { slider } = useWorkbench();
  const line = useRef<HTMLParagraphElement>(null);
  const spoken = useRef<HTMLParagraphElement>(null);
  const factsNow = (): ChannelFacts | null => {
    const { preview, hovered, pointed } = slider.getState();
    if (hovered === null || pointed === null) return null;
    return channelFacts(pruning, preview, hovered, pointed);
  };
  const words = (): string => {
    const facts = factsNow();
    return facts === null ? "" : channelLine(facts);
  };
  const said = (): string => {
    const facts = factsNow();
    return facts === null ? "" : channelSpoken(facts);
  };
  const speak = useRest(() => setText(spoken.current, isByKey.current ? said() : ""));
  useFrame([slider, sight], () => {
    const element = line.current;
    if (element === null) return;
    const { hovered, pointed } = slider.getState();
    const row = rows.rows[rowOfLayer(rows, hovered)];
    const text = words();
    speak();
    element.hidden = text === "" || row === undefined;
    if (row === undefined || pointed === null || element.hidden) return;
    setText(element, text);
    // In the caption's place, where it covers no leaf, as long as that is in sight.
    const isAbove = -(sight.getState()?.from ?? 0) >= ABOVE_IN_SIGHT;
    element.dataset["above"] = String(isAbove);
    if (isAbove) {
      element.style.left = "0";
      element.style.top = columns.bar === null ? "-40px" : "-68px";
      element.style.transform = "none";
      element.style.minWidth = `${columns.wires.x + columns.wires.width}px`;
      return;
    }
    element.style.minWidth = "";
    const grown = zoom?.layer === hovered ? zoom : null;
    const { line: at, index } =
      grown === null
        ? { line: 0, index: Math.floor(pointed / scale.each) }
        : placeZoomed(pointed, grown);
    const leaf = placeLeaf(index, grown?.scale ?? scale);
    const x = columns.wires.x + columns.wires.width / 2 + leaf.x;
    // Towards the middle of the sheet, so that it never leaves it.
    const share = Math.min(1, Math.max(0, x / Math.max(1, width)));
    element.style.left = `${x}px`;
    element.style.top = `${row.top + (at + 1) * row.line}px`;
    element.style.transform = `translateX(${-share * 100}%)`;
  });
  return (
    <>
      <p ref={line} className={styles.tip} data-testid="channel-tip" aria-hidden="true" hidden />
      <p ref={spoken} className="visually-hidden" role="status" />
    </>
  );
}
