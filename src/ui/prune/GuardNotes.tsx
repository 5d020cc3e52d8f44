/** @file Where a guard held, in one line: "Layer conv9 kept its last channel (guard), 2 more too". */
import { useRef } from "react";
import { useWorkbench } from "../../state/index.ts";
import { count } from "../format.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import styles from "./GuardNotes.module.css";

export function GuardNotes() {
  const { slider, method } = useWorkbench();
  const note = useRef<HTMLParagraphElement>(null);
  useFrame([slider, method], () => {
    const { preview } = slider.getState();
    const layers = method.getState().pruning?.layers ?? [];
    const guarded = preview?.guarded ?? [];
    const [first = -1] = guarded;
    const kept = preview?.kept[first] ?? 0;
    const what = kept === 1 ? "channel" : `${count(kept)} channels`;
    const more = guarded.length > 1 ? `, ${count(guarded.length - 1)} more too` : "";
    const said = `Layer ${layers[first]?.name ?? ""} kept its last ${what} (guard)${more}`;
    const names = guarded.map((i) => layers[i]?.name ?? "").join(", ");
    if (note.current !== null && note.current.title !== names) note.current.title = names;
    setText(note.current, guarded.length === 0 ? "" : said);
  });
  return <p ref={note} className={styles.note} role="note" aria-label="Guards" />;
}
