/** @file Where a guard held, in words: "Layer conv9 kept its last 2 channels (guard)". */
import { useRef } from "react";
import { useWorkbench } from "../../state/index.ts";
import { plural } from "../format.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import styles from "./GuardNotes.module.css";

const MOST_NAMED = 3;

export function GuardNotes() {
  const { slider, page } = useWorkbench();
  const note = useRef<HTMLParagraphElement>(null);
  useFrame([slider, page], () => {
    const { preview } = slider.getState();
    const layers = page.getState().session?.pruning?.layers ?? [];
    const guarded = preview?.guarded ?? [];
    const said = guarded.slice(0, MOST_NAMED).map((i) => {
      const kept = preview?.kept[i] ?? 0;
      return `Layer ${layers[i]?.name ?? ""} kept its last ${kept === 1 ? "channel" : `${kept} channels`} (guard).`;
    });
    if (guarded.length > MOST_NAMED) {
      said.push(`So did ${plural(guarded.length - MOST_NAMED, "more layer")}.`);
    }
    setText(note.current, said.join(" "));
  });
  return <p ref={note} className={styles.note} role="note" aria-label="Guards" />;
}
