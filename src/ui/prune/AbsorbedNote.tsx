/**
 * @file What readers took over from dead channels, once the cut on the page has been measured. It follows the
 * slider, so a painter writes it.
 */
import { useRef } from "react";
import { largestOf, positionName, useMethod, useWorkbench } from "../../state/index.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { absorbedDetail, absorbedWords } from "./absorbed-words.ts";
import styles from "./AbsorbedNote.module.css";

export function AbsorbedNote() {
  const isAsked = useMethod((state) => state.method.manner.dead === "absorb");
  return isAsked ? <Note /> : null;
}

function Note() {
  const { page, slider, method, measured } = useWorkbench();
  const note = useRef<HTMLParagraphElement>(null);
  useFrame(
    [page, slider, method, measured],
    () => {
      const element = note.current;
      if (element === null) return;
      const key = page.getState().session?.key ?? "";
      const { text } = method.getState();
      const name = positionName({ key, method: text, ratio: slider.getState().ratio });
      const absorbed = largestOf(measured.getState(), name)?.absorbed;
      setText(element, absorbedWords(absorbed));
      const detail = absorbedDetail(absorbed);
      if (element.title !== detail) element.title = detail;
    },
    "even",
  );
  return <p ref={note} className={styles.note} role="note" aria-label="Dead channels" />;
}
