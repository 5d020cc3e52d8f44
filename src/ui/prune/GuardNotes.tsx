/**
 * @file Where a guard held, in one line, "Layer conv9 kept its last channel (guard), +2", and behind its word
 * which layers these are, and why.
 */
import { useRef } from "react";
import { useWorkbench } from "../../state/index.ts";
import { count } from "../format.ts";
import { Explained } from "../parts/Explained.tsx";
import { heldLayersMeaning } from "../parts/meanings.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import styles from "./GuardNotes.module.css";
import { heldLayers } from "./held.ts";

export function GuardNotes() {
  const { slider, method } = useWorkbench();
  const note = useRef<HTMLParagraphElement>(null);
  const said = useRef<HTMLSpanElement>(null);
  const more = useRef<HTMLSpanElement>(null);
  useFrame([slider, method], () => {
    const { preview } = slider.getState();
    const layers = method.getState().pruning?.layers ?? [];
    const [first = -1, ...others] = preview?.guarded ?? [];
    const kept = preview?.kept[first] ?? 0;
    const what = kept === 1 ? "channel" : `${count(kept)} channels`;
    if (note.current !== null) note.current.hidden = first < 0;
    if (first < 0) return;
    setText(said.current, `Layer ${layers[first]?.name ?? ""} kept its last ${what}`);
    setText(more.current, others.length === 0 ? "" : `, +${count(others.length)}`);
  });
  return (
    <div className={styles.box}>
      <p ref={note} className={styles.note} role="note" aria-label="Guards" hidden>
        <span ref={said} className={styles.said} />
        <span>
          {" ("}
          <Explained
            meaning={() => heldLayersMeaning(heldLayers(slider.getState(), method.getState()))}
            position="bottom-end"
          >
            guard
          </Explained>
          )
        </span>
        <span ref={more} />
      </p>
    </div>
  );
}
