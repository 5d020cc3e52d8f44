/** @file The slider's position in words, for a screen reader. */
import {
  dotsOf,
  isGuessing,
  largestOf,
  saidAt,
  useWorkbench,
  wholeName,
} from "../../state/index.ts";
import { largeSpoken, percent } from "../format.ts";

interface Spoken {
  readonly ratio: number;
  /** What is measured under this method. */
  readonly dots: Parameters<typeof saidAt>[0];
  /** Accuracy of the uncut network, as far as it is known. */
  readonly base: number | null;
  readonly classes: number;
  /** Of the cut; null where there is none to be had. */
  readonly macs: number | null;
}

/** Such as "62.5 %, about 88.1 % accuracy, estimated, 5.60 million MACs". */
export function spokenRatio({ ratio, dots, base, classes, macs }: Spoken): string {
  const said = saidAt(dots, ratio);
  const parts = [percent(ratio, 1, true)];
  if (said === null) parts.push("accuracy not measured");
  else if (said.evaluation !== null) parts.push(`${percent(said.accuracy)} accuracy, measured`);
  else parts.push(`about ${percent(said.accuracy)} accuracy, estimated`);
  if (said !== null && base !== null && isGuessing({ accuracy: said.placed, base, classes })) {
    parts.push("guessing");
  }
  if (macs !== null) parts.push(`${largeSpoken(macs)} MACs`);
  return parts.join(", ");
}

/** @returns says it of the state of the moment */
export function useSpokenRatio(): () => string {
  const { slider, measured, page, method } = useWorkbench();
  return () => {
    const { ratio, preview } = slider.getState();
    const { session } = page.getState();
    const key = session?.key;
    return spokenRatio({
      ratio,
      dots: key === undefined ? [] : dotsOf(measured.getState(), key, method.getState().text),
      base:
        key === undefined
          ? null
          : (largestOf(measured.getState(), wholeName(key))?.accuracy ?? null),
      classes: session?.classes ?? 0,
      macs: preview?.cost.macs ?? null,
    });
  };
}
