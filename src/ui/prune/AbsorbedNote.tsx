/** @file What readers took over from dead channels, once the cut on the page has been measured. */
import {
  largestOf,
  positionName,
  useMeasured,
  useMethod,
  usePage,
  useSlider,
} from "../../state/index.ts";
import { absorbedDetail, absorbedWords } from "./absorbed-words.ts";
import styles from "./AbsorbedNote.module.css";

export function AbsorbedNote() {
  const isAsked = useMethod((state) => state.method.manner.dead === "absorb");
  return isAsked ? <Note /> : null;
}

function Note() {
  const key = usePage((state) => state.session?.key ?? "");
  const method = useMethod((state) => state.text);
  const ratio = useSlider((state) => state.ratio);
  const name = positionName({ key, method, ratio });
  const absorbed = useMeasured((state) => largestOf(state, name)?.absorbed);
  return (
    <p
      className={styles.note}
      role="note"
      aria-label="Dead channels"
      title={absorbedDetail(absorbed)}
    >
      {absorbedWords(absorbed)}
    </p>
  );
}
