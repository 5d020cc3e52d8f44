/**
 * @file Where a guard held, in one line, "conv9 and 2 more layers kept their last channels (guard)", and behind its
 * word which layers these are, and why. A screen reader is told when the first one is held.
 */
import { useRef } from "react";
import { useWorkbench } from "../../state/index.ts";
import { announce } from "../parts/announce.ts";
import { Explained } from "../parts/Explained.tsx";
import { heldLayersMeaning } from "../parts/meanings.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useRest } from "../parts/use-rest.ts";
import styles from "./GuardNotes.module.css";
import { heldLayers } from "./held.ts";
import { keptWords } from "./method-words.ts";

export function GuardNotes() {
  const { slider, method } = useWorkbench();
  const note = useRef<HTMLParagraphElement>(null);
  const said = useRef<HTMLSpanElement>(null);
  const more = useRef<HTMLSpanElement>(null);
  const isTold = useRef(false);
  const tellLater = useRest(() => {
    const isHeld = note.current?.hidden === false;
    // It may have come and gone, or gone and come, meanwhile.
    if (isHeld === isTold.current) return;
    isTold.current = isHeld;
    const words = `${said.current?.textContent ?? ""}${more.current?.textContent ?? ""} (guard)`;
    announce("guards", isHeld ? words : "");
  });
  useFrame(
    [slider, method],
    () => {
      const { preview } = slider.getState();
      const layers = method.getState().pruning?.layers ?? [];
      const [first = -1, ...others] = preview?.guarded ?? [];
      if (note.current !== null) note.current.hidden = first < 0;
      if (isTold.current !== first >= 0) tellLater();
      if (first < 0) return;
      setText(said.current, layers[first]?.name ?? "");
      const kept = [first, ...others].map((layer) => preview?.kept[layer] ?? 0);
      setText(more.current, keptWords(kept));
    },
    "odd",
  );
  return (
    <div className={styles.box}>
      <p ref={note} className={styles.note} role="note" aria-label="Guards" hidden>
        <span ref={said} className={styles.said} />
        <span ref={more} />{" "}
        <span className="nowrap">
          (
          <Explained
            meaning={() => heldLayersMeaning(heldLayers(slider.getState(), method.getState()))}
            position="bottom-end"
          >
            guard
          </Explained>
          )
        </span>
      </p>
    </div>
  );
}
